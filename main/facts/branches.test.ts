import { expect, test } from 'vitest'
import { sampleGit } from '../testing/observed-sample.ts'
import { followed, type KnownTip, newestTip } from './branches.ts'
import { distanceToNewest } from './distance.ts'

const nowMs = Date.UTC(2026, 10, 20, 12)
const day = 86_400_000
const tip = (saidBy: KnownTip['saidBy'], commit: string, ageDays: number | null, lookedDays: number): KnownTip => ({
  saidBy,
  commit: commit.repeat(40),
  committedAtMs: ageDays === null ? null : nowMs - ageDays * day,
  lookedAtMs: nowMs - lookedDays * day,
})

test.each<[string, KnownTip[], string | null]>([
  ['nobody', [], null],
  ['a box alone', [tip('box a /x', 'a', 30, 23)], 'a'],
  ['of two boxes the later commit', [tip('box a /x', 'a', 30, 0), tip('box b /x', 'b', 3, 9)], 'b'],
  ['the remote before a box', [tip('box a /x', 'a', 3, 0), tip('remote', 'c', null, 0)], 'c'],
  ['the remote before a box from the future', [tip('box a /x', 'f', -400, 0), tip('remote', 'c', null, 0)], 'c'],
  ['nobody from the future', [tip('box a /x', 'f', -400, 0), tip('box b /x', 'b', 9, 9)], 'b'],
  [
    'a reference that looked after the remote was asked',
    [tip('remote', 'c', null, 0.5), tip('reference ~/x', 'd', 0.1, 0.05), tip('box a /x', 'c', 2, 1)],
    'd',
  ],
  ['a reference that looked before', [tip('remote', 'c', null, 0.5), tip('reference ~/x', 'd', 3, 2)], 'c'],
  ['an old word of the remote, younger than all looks', [tip('remote', 'c', null, 3), tip('box a /x', 'a', 9, 8)], 'c'],
  ['an old word of the remote, older than a look', [tip('remote', 'c', null, 8), tip('box a /x', 'a', 2, 1)], 'a'],
])('the newest commit by %s', (_who, tips, commit) => {
  expect(newestTip(tips, nowMs)?.commit ?? null).toBe(commit?.repeat(40) ?? null)
})

test('a branch is shared by its address and name, and a folder of another machine is nobody else’s', () => {
  const git = sampleGit(nowMs, { remote: 'git@github.com:kit/openclaw.git', upstream: 'origin/main' })
  expect(followed(git, false)).toMatchObject({ branch: 'main', address: { key: 'github.com/kit/openclaw' } })
  expect(followed({ ...git, remote: '/srv/git/openclaw.git' }, false)).toEqual({
    why: 'Its remote is a folder on that machine.',
  })
  expect(followed({ ...git, upstream: 'origin/--upload-pack=x', branch: '' }, false)).toEqual({
    why: 'It follows no branch.',
  })
  expect(followed({ ...git, remote: '' }, false)).toEqual({ why: 'It has no remote.' })
})

const stale = sampleGit(nowMs, {
  behind: 0,
  upstreamCommit: 'e2785589aa00bb11cc22dd33ee44ff5566778899',
  fetchedAtMs: nowMs - 23 * day,
  committedAtMs: nowMs - 24 * day,
  upstreamCommittedAtMs: nowMs - 24 * day,
})
const newer = { commit: 'b'.repeat(40), committedAtMs: nowMs - day, lookedAtMs: nowMs, source: 'the checkout on lab' }
const behind = (git: typeof stale, newest: typeof newer | null, count: number | null) =>
  distanceToNewest(git, {
    nowMs,
    here: false,
    branches: {
      newest: () => newest,
      count: () => (count === null ? null : { count, source: 'the checkout on lab' }),
    },
  })

test('cached refs that say 0 are never the last word', () => {
  expect(behind(stale, null, null)).toMatchObject({ count: 0, atLeast: true, behind: false })
  expect(behind(stale, newer, null)).toMatchObject({ count: null, behind: true, days: 23 })
  expect(behind(stale, newer, 366)).toMatchObject({ count: 366, atLeast: false, days: 23 })
  expect(behind(stale, { ...newer, commit: stale.commit }, null)).toMatchObject({ count: 0, behind: false })
})

test('what it counts itself is a lower bound once somebody knows a newer commit', () => {
  const some = { ...stale, behind: 12, upstreamCommit: 'c'.repeat(40) }
  expect(behind(some, newer, null)).toMatchObject({ count: 12, atLeast: true, behind: true })
  expect(behind({ ...some, upstreamCommit: newer.commit }, newer, null)).toMatchObject({ count: 12, atLeast: false })
  expect(behind({ ...some, upstreamCommit: newer.commit, shallow: true }, newer, null)).toMatchObject({ atLeast: true })
})

test('unpushed commits do not hide how far the rest is behind', () => {
  const ahead = { ...stale, commit: 'd'.repeat(40), ahead: 2, baseCommit: stale.commit }
  expect(behind(ahead, { ...newer, commit: stale.commit }, null)).toMatchObject({ count: 0, behind: false })
})
