import type { BoxId, ChannelKind, Client, FactKey, Verdict } from '../../shared/contract/index.ts'
import { untrusted } from '../../shared/untrusted.ts'
import type { Read } from '../runtimes/observed.ts'
import type { BranchKnowledge } from './branches.ts'
import type { Lab } from './lab.ts'
import type { Newest, VersionList } from './version-list.ts'

/** One judged fact, before it is known whose it is. Texts are already safe to store and show. */
export interface Judged {
  readonly key: FactKey
  readonly instance: string
  readonly verdict: Verdict
  readonly text: string
  readonly value: string | number | boolean | null
  readonly source: string
  readonly raw: string
}

/** What the judges know besides the answer itself. Everything here is given, nothing is looked up. */
export interface Context {
  /** Our clock when the answer arrived; compared with the box's own. */
  readonly nowMs: number
  readonly boxId: BoxId
  /** The box is this very computer, so a folder or a loopback address it names means the same here. */
  readonly here: boolean
  /** The Node there, such as `v22.19.0`. */
  readonly nodeVersion: string
  /** The machine's client; null for a lab machine. */
  readonly client: Client | null
  /** Whose a channel account of the agent is; null: nobody said. */
  readonly kindOf: (door: { channel: string; account: string }) => ChannelKind | null
  /** Version the fleet measures itself against; null when none is known. */
  readonly newest: Newest | null
  readonly versions: VersionList
  /** The machine of the ring *lab* that the others are measured by; null: none. */
  readonly lab: Lab | null
  readonly branches: BranchKnowledge
  /** `engines.node` of a version of the runtime; null: nobody said. */
  readonly needsOf: (version: string) => string | null
  /** Days behind at which a gap turns amber and red (A08), the client's own where it has some. */
  readonly amberDays: number
  readonly redDays: number
  /** The longest span of the last 30 days in which nobody watched; 0: none. */
  readonly longestUnwatchedMs: number
  /** How long the answer took, milliseconds. */
  readonly tookMs: number
  readonly user: string
}

const rawChars = 2000
const textChars = 300

interface Said {
  readonly verdict: Verdict
  readonly text: string
  readonly value: Judged['value']
  readonly source: string
  readonly raw: unknown
  readonly instance?: string
}

/** A fact that could be read. */
export const fact = (key: FactKey, said: Said): Judged => ({
  key,
  instance: untrusted(said.instance ?? '', 160),
  verdict: said.verdict,
  text: untrusted(said.text, textChars),
  value: typeof said.value === 'string' ? untrusted(said.value, textChars) : said.value,
  source: untrusted(said.source, 200),
  raw: untrusted(typeof said.raw === 'string' ? said.raw : JSON.stringify(said.raw), rawChars),
})

/** A sentence as it goes on after a colon: "The config cannot be parsed." → "the config cannot be parsed". */
const asClause = (sentence: string): string =>
  sentence.replace(/^[A-Z](?=[a-z]* )/, (letter) => letter.toLowerCase()).replace(/(?<=\w)\.$/, '')

/** A fact that could not be read: unknown, with the reason. Never green. */
export const unread = (key: FactKey, why: string, source: string, instance = ''): Judged =>
  fact(key, { verdict: 'unknown', text: `not read: ${asClause(why)}`, value: null, source, raw: why, instance })

/** Judges a reading that may have failed; the failure is the answer then. */
export function judgeRead<T>(
  key: FactKey,
  reading: Read<T>,
  judge: (value: T) => Omit<Said, 'source' | 'raw'> & { raw?: unknown },
): Judged {
  if (!reading.read) return unread(key, reading.why, reading.source)
  return fact(key, { raw: reading.value, ...judge(reading.value), source: reading.source })
}

export const dayMs = 86_400_000
