import { doorInstance, fixedKind } from '../../shared/channels.ts'
import type { ChannelKind, Client } from '../../shared/contract/index.ts'
import type { ObservedDoor } from '../runtimes/observed.ts'
import type { Settings } from '../runtimes/runtimes.ts'

/** What the layers of an agent declare that its settings do not show. */
export interface Declared {
  /** Handles of the named people, by team account. */
  readonly people: Readonly<Record<string, readonly string[]>>
  /** What a public account still lacks, in words, by account; an account that is not in it lacks everything. */
  readonly missing: Readonly<Record<string, readonly string[]>>
  /** Most answers in an hour, by public account; absent: none is limited. */
  readonly mostPerHour?: Readonly<Record<string, number>>
  /** Tools somebody judged: whether they move money, and how they may be used. */
  readonly tools: Readonly<Record<string, JudgedUse>>
}
export interface JudgedUse {
  readonly movesMoney: boolean
  readonly use: 'off' | 'ask' | 'free' | null
}

/** What was observed beside the settings, for the duties; null: not read. */
export interface DutyFacts {
  /** `to-come`: its date lies ahead, so nobody knows. */
  readonly backupAgeMs: number | 'never' | 'to-come' | null
  readonly encrypted: boolean | null
  /** It keeps a file a day, each dropped a day later. */
  readonly logDaily: boolean | null
}

/** One agent as the rules look at it: as it was found, or as a change would make it. */
export interface RuleSubject {
  /** Secrets may be fingerprints; includes are resolved. Null: they could not be read. */
  readonly settings: Settings | null
  /** Null: they could not be read. */
  readonly doors: readonly ObservedDoor[] | null
  readonly version: string
  /** By `doorInstance`; what is missing or null is judged as the client's own. */
  readonly kinds: Readonly<Record<string, ChannelKind | null>>
  readonly client: Client | null
  /** Null: no layer says anything. */
  readonly declared: Declared | null
  /** Null: duties are not judged, as those of a plan. */
  readonly duties: DutyFacts | null
}

/** Whose an account is, for the rules: what nobody said is the client's own. */
export const kindOf = (
  { kinds }: Pick<RuleSubject, 'kinds'>,
  door: { channel: string; account: string },
): ChannelKind => fixedKind(door.channel) ?? kinds[doorInstance(door)] ?? 'clients-own'
