import type { BoxId, Pattern, PatternId } from '../../shared/contract/index.ts'
import { sumLevels, usualLevel } from '../../shared/usual-level.ts'
import type { Changes } from '../base/changes.ts'
import type { Clock } from '../base/clock.ts'
import { FaultError } from '../base/fault-error.ts'
import { counted } from '../base/words.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { Store } from '../store/store.ts'
import { dayOf } from './learn.ts'
import { type Mute, muteRows } from './mute-rows.ts'
import type { CountedPattern, PatternReach } from './pattern-rows.ts'
import { levelOf } from './stored-line.ts'

const dayMs = 24 * 3_600_000
/** What an agent wrote in the first day that is known of it is not new: everything is, then. */
const learningMs = dayMs
/** Longest text that is shown. */
const textChars = 1000

/** A kind of lines, before anybody looked at when its agent was updated. */
export type KnownPattern = Omit<Pattern, 'newSinceUpdate'> & { readonly agentFirstAtMs: number }

/** Kinds of log lines: counted, told apart by when they were first seen, muted. */
export interface Patterns {
  list(input: {
    boxIds: readonly BoxId[]
    days: number
    limit: number
  }): Promise<{ patterns: KnownPattern[]; total: number }>
  /** @throws FaultError `not-found`: none of them is known. */
  mute(patternIds: readonly PatternId[], reason: string): Promise<{ sentence: string }>
  /** @throws FaultError `not-found`. */
  unmute(patternIds: readonly PatternId[]): Promise<{ sentence: string }>
}

export interface PatternsParts {
  readonly store: Store
  readonly ledger: Ledger
  readonly clock: Clock
  readonly changes: Changes
  readonly boxIds: () => readonly BoxId[]
  readonly read: (reach: PatternReach) => Promise<{ patterns: CountedPattern[]; total: number }>
}

/** Whether something first seen then is new since `sinceMs`, for an agent whose log is known from `knownFromMs` on. Pure. */
export const isNewSince = (firstAtMs: number, sinceMs: number, knownFromMs: number): boolean =>
  knownFromMs + learningMs <= sinceMs && firstAtMs >= sinceMs

export function createPatterns({ store, ledger, clock, changes, boxIds, read }: PatternsParts): Patterns {
  const mutes = muteRows(store.db)

  const mutedBy = (all: readonly Mute[]) => {
    const byId = new Map(all.map((mute) => [mute.patternId, mute]))
    const byText = new Map(all.map((mute) => [`${mute.boxId} ${mute.agentId} ${mute.text}`, mute]))
    return ({ patternId, boxId, agentId, text }: CountedPattern): Mute | undefined =>
      byId.get(patternId) ?? byText.get(`${boxId} ${agentId} ${text}`)
  }
  const named = async (patternIds: readonly PatternId[]): Promise<CountedPattern[]> => {
    const { patterns } = await read({ boxIds: boxIds(), fromDay: 0, most: 100_000 })
    const wanted = new Set(patternIds)
    const found = patterns.filter(({ patternId }) => wanted.has(patternId))
    if (found.length === 0) throw new FaultError({ code: 'not-found', what: 'kind of log lines' })
    return found
  }
  const tell = (found: readonly CountedPattern[], kind: 'muted' | 'unmuted', words: string) => {
    for (const [boxId, ofBox] of Map.groupBy(found, (pattern) => pattern.boxId))
      ledger.append({
        actor: 'operator',
        kind: `logs.${kind}`,
        boxId,
        words: `{box}: ${counted(ofBox.length, 'kind')} of log lines ${words}`,
      })
  }

  return {
    async list({ boxIds: asked, days, limit }) {
      const today = dayOf(clock.nowMs())
      const fromDay = today - days + 1
      const { patterns, total } = await read({ boxIds: asked, fromDay, most: limit })
      const muteOf = mutedBy(mutes.all())
      const weekAgo = clock.nowMs() - 7 * dayMs
      return {
        total,
        patterns: patterns.map((pattern): KnownPattern => {
          const { counts, agentId, text, ...rest } = pattern
          const parts = JSON.parse(counts) as [day: number, level: number, lines: number][]
          const byDay = Map.groupBy(parts, ([day]) => day)
          const levels = sumLevels(parts.map(([, level, lines]) => ({ level: levelOf(level), lines })))
          const linesOf = (day: number) => (byDay.get(day) ?? []).reduce((sum, [, , lines]) => sum + lines, 0)
          const mute = muteOf(pattern)
          return {
            ...rest,
            agentId: agentId === '' ? null : agentId,
            text: text.slice(0, textChars),
            level: usualLevel(levels).level,
            levels,
            perDay: Array.from({ length: days }, (_, place) => linesOf(fromDay + place)),
            newThisWeek: isNewSince(pattern.firstAtMs, weekAgo, pattern.agentFirstAtMs),
            muted: mute ? { reason: mute.reason, atMs: mute.mutedAtMs } : null,
          }
        }),
      }
    },
    async mute(patternIds, reason) {
      const found = await named(patternIds)
      const mutedAtMs = clock.nowMs()
      store.write(() => {
        for (const { patternId, boxId, agentId, text } of found)
          mutes.put({ patternId, boxId, agentId, text, reason, mutedAtMs })
        tell(found, 'muted', `muted: ${reason}.`)
      })
      changes.publish('logs', 'ledger')
      return { sentence: `${counted(found.length, 'kind')} of log lines muted.` }
    },
    async unmute(patternIds) {
      const found = await named(patternIds)
      store.write(() => {
        for (const pattern of found) mutes.remove(pattern)
        tell(found, 'unmuted', 'shown again.')
      })
      changes.publish('logs', 'ledger')
      return { sentence: `${counted(found.length, 'kind')} of log lines shown again.` }
    },
  }
}
