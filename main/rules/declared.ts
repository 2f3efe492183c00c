import type { ChannelKind } from '../../shared/contract/index.ts'
import { missingSafeguards, type Sections, safeguardWords } from '../../shared/sections.ts'
import type { Declared } from './subject.ts'

/** What guided sections say that settings do not show, and the kinds they give to accounts. */
export function declaredBy(sections: Sections): { declared: Declared; kinds: Record<string, ChannelKind> } {
  const channels = Object.entries(sections.channels ?? {})
  const tools = Object.entries(sections.tools?.judged ?? {})
  return {
    declared: {
      people: Object.fromEntries(
        channels.map(([door, { people }]) => [door, (people ?? []).map(({ handle }) => handle)]),
      ),
      missing: Object.fromEntries(
        channels.map(([door, channel]) => [
          door,
          missingSafeguards(channel, sections.escalation).map((name) => safeguardWords[name]),
        ]),
      ),
      mostPerHour: Object.fromEntries(
        channels.flatMap(([door, { kind, safeguards }]) =>
          kind === 'public' && safeguards?.mostPerHour !== undefined ? [[door, safeguards.mostPerHour]] : [],
        ),
      ),
      tools: Object.fromEntries(
        tools.map(([name, { movesMoney, use }]) => [name, { movesMoney: movesMoney === true, use: use ?? null }]),
      ),
    },
    kinds: Object.fromEntries(channels.flatMap(([door, { kind }]) => (kind === undefined ? [] : [[door, kind]]))),
  }
}
