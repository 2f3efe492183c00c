import type { Observed } from '../runtimes/observed.ts'
import { type Judged, judgeRead } from './judged.ts'

type Change = Extract<NonNullable<Observed['changes']>, { read: true }>['value'][number]

const words: Record<'bad' | 'warn', (change: Change) => string> = {
  bad: () => 'a change was left half-way, and nothing there takes it back',
  warn: ({ wentBack }) =>
    wentBack === 'state-moved'
      ? 'an update could not be taken back, because the new version moved the state; the old version lies beside it'
      : 'somebody else changed the config or a file during a change; what they wrote was not taken back',
}

/** What is the matter with a change that a box still knows of: left half-way, or left for a person to look at. */
export const troubleOf = ({ overdue, state, wentBack }: Change): 'bad' | 'warn' | null =>
  overdue ? 'bad' : state === 'reverted' && (wentBack === 'left-alone' || wentBack === 'state-moved') ? 'warn' : null

/** Changes that this or another console began there. An answer of before says nothing of them. */
export function judgeChanges({ changes: seen }: Observed): Judged[] {
  if (seen === undefined) return []
  return [
    judgeRead('change.open', seen, (changes) => {
      const wrong = changes.find((change) => troubleOf(change) === 'bad') ?? changes.find(troubleOf)
      const trouble = wrong ? troubleOf(wrong) : null
      const armed = changes.find(({ leftS }) => leftS !== null)
      return {
        verdict: trouble ?? 'ok',
        text: wrong && trouble ? words[trouble](wrong) : armed ? `one, back by itself in ${armed.leftS} s` : 'none',
        value: trouble !== null || armed !== undefined,
        raw: changes.slice(0, 5).map(({ id, state, armedAtMs, wentBack }) => ({ id, state, armedAtMs, wentBack })),
      }
    }),
  ]
}
