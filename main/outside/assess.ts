import type { OutsideChange } from '../../shared/contract/index.ts'
import { counted, dateWords } from '../base/words.ts'
import type { Assessment } from '../findings/findings.ts'
import { isSetting } from './judge-update.ts'

const hourMs = 3_600_000

/** "2 settings", "1 new login key": what the changes of one part amount to. */
function amounts(part: OutsideChange['part'], changes: readonly OutsideChange[]): string[] {
  const lines = changes.flatMap(({ diff }) => diff)
  const more = changes.reduce((sum, { moreLines }) => sum + moreLines, 0)
  const added = lines.filter((line) => line.before === null).length
  const gone = lines.filter((line) => line.after === null).length
  const count = (n: number, one: string, many?: string) => (n > 0 ? [counted(n, one, many)] : [])
  switch (part) {
    case 'config':
    case 'update': {
      const settings = lines.filter(isSetting).length + more
      return settings > 0 ? [counted(settings, 'setting')] : ['its config']
    }
    case 'access':
      return ['who it answers']
    case 'code':
      return ['its code']
    case 'own-files':
      return [counted(Math.max(1, lines.length + more), 'file of its workspace', 'files of its workspace')]
    case 'service':
      return ['its service file']
    case 'authorized-keys':
      return [
        ...count(added + (added > 0 ? more : 0), 'new login key'),
        ...count(gone, 'removed login key'),
        ...count(lines.length - added - gone, 'changed login key'),
      ]
    case 'login-keys':
      return [counted(Math.max(1, lines.length + more), 'key of its own', 'keys of its own')]
    case 'users':
      return [
        ...count(added, 'new user'),
        ...count(gone, 'removed user'),
        ...count(lines.length - added - gone, 'changed user'),
      ]
    case 'remote-tools':
      return [
        ...count(added, 'new way in from afar', 'new ways in from afar'),
        ...count(gone, 'way in from afar that is gone', 'ways in from afar that are gone'),
      ]
  }
}

/** "a, b and c" */
const listed = (parts: readonly string[]): string =>
  parts.length < 2 ? (parts[0] ?? '') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`

/** `as “kevin”` where the evidence names them, `while “kevin” was logged in` where it only was them who could. Empty: unknown. */
export const whoWords = ({ who, whoBy }: Pick<OutsideChange, 'who' | 'whoBy'>): string =>
  whoBy === 'named' ? `as “${who}”` : whoBy === 'logged-in' ? `while “${who}” was logged in` : ''

/** Said of several changes only when it is the same person in all; one record that names them is enough to name them. */
function sharedWho(changes: readonly OutsideChange[]): string {
  const [first] = changes
  if (!first || changes.some(({ who }) => who !== first.who)) return ''
  return whoWords(changes.find(({ whoBy }) => whoBy === 'named') ?? first)
}

/** The one finding of a box about what changed without its operator; `open` are undecided, oldest first. Pure. */
export function assessOutside(open: readonly OutsideChange[]): Assessment {
  const [first] = open
  const last = open.at(-1)
  if (!first || !last) {
    return {
      cause: 'changed-outside',
      agentId: null,
      trouble: null,
      recovery: 'You decided about everything that changed here.',
    }
  }
  const parts = [...Map.groupBy(open, ({ part }) => part)].flatMap(([part, changes]) => amounts(part, changes))
  const since = last.atMs - first.atMs > hourMs ? 'since ' : ''
  const who = sharedWho(open)
  const isRed = open.some(({ weight }) => weight === 'red')
  const newest = open.toReversed()
  return {
    cause: 'changed-outside',
    agentId: null,
    trouble: {
      severity: isRed ? 'red' : 'attention',
      state: 'Changed',
      sentence: [`changed without you: ${listed(parts)}`, `${since}${dateWords(first.atMs)}`, who]
        .filter(Boolean)
        .join(', '),
      detail: isRed
        ? 'somebody gained a way in'
        : who === ''
          ? 'nobody knows who it was'
          : 'not done from this console',
      sinceMs: first.atMs,
      evidence: [...newest.filter(({ weight }) => weight === 'red'), ...newest.filter(({ weight }) => weight !== 'red')]
        .slice(0, 5)
        .map((change) => ({
          name: dateWords(change.atMs),
          value: [change.sentence, whoWords(change)].filter(Boolean).join(', '),
          takenAtMs: change.seenAtMs,
        })),
      tells: open
        .filter(({ part, diff }) => part === 'code' && diff.some(({ after }) => after === 'edited'))
        .map(({ agentId }) => ({ cause: 'local-patches' as const, agentId })),
      nextStep: isRed
        ? 'Ask whoever was there. What nobody owns up to, take off the machine; then say that it was you, or that it may stay.'
        : 'Look at what changed, then say that it was you, or that it may stay.',
    },
  }
}
