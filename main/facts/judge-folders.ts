import type { TrackedFolder } from '../../shared/contract/index.ts'
import { counted, dateWords } from '../base/words.ts'
import { readAddress } from '../git/git.ts'
import type { ObservedFolder, ObservedGit } from '../runtimes/observed.ts'
import { type Distance, distanceToNewest, freshLookMs } from './distance.ts'
import { type Context, dayMs, fact, type Judged, unread } from './judged.ts'
import { lookWords } from './version-gap.ts'

/** A tracked folder with what a box answered for it. */
export interface SeenFolder {
  readonly folder: TrackedFolder
  readonly git: ObservedFolder['git']
}

const keys = ['code.commit', 'code.behind', 'code.edited', 'code.unpushed', 'code.fetched'] as const

/** The operator's own code on a machine: the same facts as the runtime's checkout has. */
export function judgeFolder({ folder, git }: SeenFolder, context: Context): Judged[] {
  if (!git.read) return keys.map((key) => unread(key, git.why, git.source, folder.name))
  const of = { source: git.source, instance: folder.name }
  const distance = distanceToNewest(git.value, context)
  return [
    judgeCommit(folder, git.value, of, context),
    judgeBehind(distance, git.value, folder.name, context),
    judgeEdited(git.value, of),
    judgeUnpushed(git.value, of),
    judgeFetched(git.value, of, context),
  ]
}

type Of = { readonly source: string; readonly instance: string }

function judgeCommit({ remote, branch }: TrackedFolder, git: ObservedGit, of: Of, context: Context): Judged {
  const where = git.branch === '' ? 'on no branch' : `on ${git.branch}`
  const wrongBranch = branch !== '' && branch !== git.branch ? `, not ${branch}` : ''
  const [wanted, found] = [remote, git.remote].map((text) => readAddress(text, context.here))
  const sameRemote =
    wanted && found && 'address' in wanted && 'address' in found
      ? wanted.address.key === found.address.key
      : remote === git.remote
  const wrongRemote = remote !== '' && !sameRemote ? `, from ${git.remote || 'no remote'}, not ${remote}` : ''
  return fact('code.commit', {
    ...of,
    verdict: wrongBranch || wrongRemote ? 'warn' : 'ok',
    text: `${git.commit.slice(0, 8)} ${where}${wrongBranch}${wrongRemote}`,
    value: git.commit,
    raw: git,
  })
}

/** Nobody but the operator brings own code there: one commit that is a day old is already forgotten. */
function judgeBehind(distance: Distance, git: ObservedGit, instance: string, context: Context): Judged {
  const { count, behind, days, lookedAtMs, atLeast, source } = distance
  const raw = { newest: distance.target, git }
  const said = (verdict: Judged['verdict'], text: string) =>
    fact('code.behind', { verdict, text, value: count, source, raw, instance })
  const own = lookWords(git.fetchedAtMs, context.nowMs)
  if (count === null)
    return behind ? said('warn', `behind, count unknown, ${own}`) : said('unknown', `not known, ${own}`)
  if (count === 0) {
    const fresh = !atLeast && lookedAtMs !== null && context.nowMs - lookedAtMs <= freshLookMs
    return fresh ? said('ok', 'none') : said('unknown', `none known, ${lookWords(lookedAtMs, context.nowMs)}`)
  }
  const text = `${atLeast ? 'at least ' : ''}${counted(count, 'commit')}${days === null ? '' : `, ${counted(days, 'day')}`}`
  return said(days !== null && days >= context.redDays ? 'bad' : days === null || days >= 1 ? 'warn' : 'ok', text)
}

function judgeEdited({ dirtyFiles, newFiles, changedNames }: ObservedGit, of: Of): Judged {
  if (dirtyFiles === null) return unread('code.edited', 'git did not say which files differ', of.source, of.instance)
  const fresh = newFiles ?? 0
  const counts = [
    ...(dirtyFiles > 0 ? [counted(dirtyFiles, 'edited file')] : []),
    ...(fresh > 0 ? [counted(fresh, 'new file')] : []),
  ]
  const names = changedNames.slice(0, 3).join(', ')
  return fact('code.edited', {
    ...of,
    verdict: counts.length > 0 ? 'warn' : 'ok',
    text: counts.length > 0 ? `${counts.join(' and ')}: ${names}` : 'none',
    value: dirtyFiles + fresh,
    raw: { dirtyFiles, newFiles, changedNames },
  })
}

function judgeUnpushed({ ahead, upstream, commit, baseCommit }: ObservedGit, of: Of): Judged {
  if (ahead === null)
    return unread(
      'code.unpushed',
      upstream === '' ? 'it follows no branch of a remote' : 'its history was cut off',
      of.source,
      of.instance,
    )
  return fact('code.unpushed', {
    ...of,
    verdict: ahead > 0 ? 'warn' : 'ok',
    text: ahead > 0 ? counted(ahead, 'commit') : 'none',
    value: ahead,
    raw: { ahead, commit, baseCommit },
  })
}

function judgeFetched({ fetchedAtMs }: ObservedGit, of: Of, { nowMs, amberDays }: Context): Judged {
  return fact('code.fetched', {
    ...of,
    verdict: fetchedAtMs === null ? 'unknown' : nowMs - fetchedAtMs > amberDays * dayMs ? 'warn' : 'ok',
    text: fetchedAtMs === null ? 'never' : dateWords(fetchedAtMs),
    value: fetchedAtMs,
    raw: fetchedAtMs,
  })
}
