import type { Clock } from '../base/clock.ts'
import type { Log } from '../base/log.ts'
import type { OperatorGit, RemoteAddress } from '../git/git.ts'
import type { InventoryReads } from '../inventory/inventory.ts'
import type { Onbox } from '../onbox/onbox.ts'
import type { BranchRows } from './branch-rows.ts'
import { type Branches, followed, type SaidBy } from './branches.ts'
import { type Checkout, checkoutsOf, isThisComputer, keptFolders, keptInstalls } from './checkouts.ts'
import type { Lab } from './lab.ts'
import type { FactRows } from './rows.ts'
import { slidingWindow } from './window.ts'

export interface LookFurtherParts {
  readonly rows: FactRows
  readonly branchRows: BranchRows
  readonly branches: Branches
  readonly git: OperatorGit
  readonly onbox: Pick<Onbox, 'count'>
  readonly inventory: InventoryReads
  readonly clock: Clock
  readonly log: Log
  readonly settings: () => { referenceCheckouts: readonly string[]; askRemotes: boolean }
  readonly lab: () => Lab | null
  readonly write: (work: () => void) => void
}

/** A remote is asked at most once an hour, whether it answered or not. */
const askAgainMs = 3_600_000
const mostRemotes = 50
const remotesAtOnce = 4
const boxDeadlineMs = 10_000
/** A few that hold the history are enough; more would only say the same. */
const mostHolders = 3

interface Question {
  readonly from: string
  readonly to: string
  /** Checkouts that may hold both commits. */
  readonly holders: readonly Checkout[]
}

/**
 * What a sweep cannot see on one box alone: what the operator's own checkouts and the remotes know, and how many commits
 * lie between two, asked of whoever holds both. Nothing is fetched anywhere. @returns whether something was learnt.
 */
export function createLookFurther(parts: LookFurtherParts): (signal: AbortSignal) => Promise<boolean> {
  const { rows, branchRows, branches, git, onbox, inventory, clock, log, settings, write } = parts
  /** Questions that a holder could not answer; asked again only when it holds more. */
  const inVain = new Set<string>()

  async function readReferences(signal: AbortSignal): Promise<boolean> {
    const paths = settings().referenceCheckouts
    const found = await Promise.all(paths.map((path) => git.readReference(path, signal)))
    if (signal.aborted) return false
    let learnt = false
    write(() => {
      branches.keepReferences(paths)
      for (const { path, tips, lookedAtMs } of found)
        for (const { remote, branch, commit, committedAtMs } of tips) {
          const tip = { saidBy: `reference ${path}` as const, commit, committedAtMs, lookedAtMs: lookedAtMs ?? 0 }
          if (branches.learn(remote, branch, tip)) learnt = true
        }
    })
    return learnt
  }

  async function askRemotes(checkouts: readonly Followed[], signal: AbortSignal): Promise<boolean> {
    if (!settings().askRemotes) return false
    const due = [...Map.groupBy(checkouts, ({ address, branch }) => `${address.key}\n${branch}`).values()]
      .flatMap(([first, ...rest]) => (first ? [{ ...first, urls: urlsOf([first, ...rest]) }] : []))
      .filter(({ address, branch }) => isDue(branchRows.asked(address.key, branch)?.askedAtMs ?? null, clock.nowMs()))
      .slice(0, mostRemotes)
    let learnt = false
    await slidingWindow(due, remotesAtOnce, signal, async ({ address, branch, urls }) => {
      let problem = ''
      for (const each of urls) {
        const answer = await git.askRemote(each, branch, signal)
        if (signal.aborted) return
        const atMs = clock.nowMs()
        if ('problem' in answer) {
          problem ||= answer.problem
          continue
        }
        problem = ''
        const tip = { saidBy: 'remote' as const, commit: answer.commit, committedAtMs: null, lookedAtMs: atMs }
        write(() => {
          if (branches.learn(address.key, branch, tip)) learnt = true
        })
        break
      }
      if (problem !== '') log.info('remote.no-answer', { remote: address.key, branch, problem })
      write(() => branchRows.putAsked(address.key, branch, clock.nowMs(), problem))
    })
    return learnt
  }

  async function countBetween(checkouts: readonly Followed[], signal: AbortSignal): Promise<boolean> {
    const open = questions(checkouts, branches, parts.lab())
    const left = await countInReferences(open, signal)
    const learntHere = left.length < open.length
    return (await countOnBoxes(left, signal)) || learntHere
  }

  async function countInReferences(open: readonly Question[], signal: AbortSignal): Promise<Question[]> {
    const left: Question[] = []
    for (const question of open) {
      let answered = false
      for (const path of settings().referenceCheckouts) {
        if (signal.aborted) return left
        const count = await git.count(path, question, signal)
        if (count === null) continue
        keepCount(question, count, `reference ${path}`)
        answered = true
        break
      }
      if (!answered) left.push(question)
    }
    return left
  }

  const keepCount = (question: Question, count: number, saidBy: SaidBy) =>
    write(() => {
      branches.learnCount(question, count, saidBy, clock.nowMs())
    })

  async function countOnBoxes(open: readonly Question[], signal: AbortSignal): Promise<boolean> {
    let learnt = false
    const asks = Map.groupBy(
      open.flatMap((question) => question.holders.map((holder) => ({ question, holder }))),
      ({ holder }) => holder.boxId,
    )
    await slidingWindow([...asks], remotesAtOnce, signal, async ([boxId, all]) => {
      const wanted = all.filter(({ question, holder }) => !inVain.has(vainKey(question, holder))).slice(0, 20)
      if (wanted.length === 0) return
      const pairs = wanted.map(({ question: { from, to }, holder: { root } }) => ({ root, from, to }))
      const counts = await onbox.count(boxId, pairs, { deadlineMs: boxDeadlineMs, signal }).catch((error: unknown) => {
        log.info('count.no-answer', { boxId, why: error instanceof Error ? error.message : String(error) })
        return null
      })
      for (const [at, { question, holder }] of wanted.entries()) {
        // "None" of a box would hide what another lacks: it is believed of a checkout on this computer alone.
        const count = counts?.[at] || null
        if (count === null) {
          if (counts) inVain.add(vainKey(question, holder))
          continue
        }
        keepCount(question, count, `box ${boxId} ${holder.root}`)
        learnt = true
      }
    })
    return learnt
  }

  return async (signal) => {
    const boxes = new Map(inventory.boxes().map((box) => [box.boxId, box]))
    const checkouts = checkoutsOf(keptInstalls(rows), keptFolders(branchRows)).flatMap((checkout) => {
      const box = boxes.get(checkout.boxId)
      const where = box ? followed(checkout.git, isThisComputer(box)) : null
      return where && !('why' in where) ? [{ ...checkout, ...where }] : []
    })
    const [fromReferences, fromRemotes] = await Promise.all([readReferences(signal), askRemotes(checkouts, signal)])
    const counted = signal.aborted ? false : await countBetween(checkouts, signal)
    return fromReferences || fromRemotes || counted
  }
}

interface Followed extends Checkout {
  readonly address: RemoteAddress
  readonly branch: string
}

/** A clock that went back does not make it ask more often. */
const isDue = (askedAtMs: number | null, nowMs: number): boolean =>
  askedAtMs === null || Math.abs(nowMs - askedAtMs) >= askAgainMs

/** The ways the boxes themselves write one address: this computer may know only one of them. */
const urlsOf = (all: readonly Followed[]): RemoteAddress[] =>
  [...new Map(all.map(({ address }) => [address.url, address])).values()].slice(0, 2)

const vainKey = ({ from, to }: Question, { boxId, root, git }: Checkout): string =>
  `${boxId} ${root} ${git.commit} ${git.upstreamCommit} ${from} ${to}`

const commitName = /^[0-9a-f]{40}([0-9a-f]{24})?$/

/** Pairs of commits whose distance is asked for and nobody counted yet, each with those who may hold both. Pure. */
function questions(checkouts: readonly Followed[], branches: Branches, lab: Lab | null): Question[] {
  const open = new Map<string, Question>()
  for (const checkout of checkouts) {
    const { git, address, branch } = checkout
    const from = git.baseCommit ?? git.commit
    const targets = [branches.newest(address.key, branch)?.commit, lab?.boxId === checkout.boxId ? null : lab?.commit]
    for (const to of targets) {
      if (!to || to === from || !commitName.test(from) || !commitName.test(to)) continue
      if (to === git.upstreamCommit && git.behind !== null && !git.shallow) continue
      if (open.has(`${from} ${to}`) || branches.count(from, to)) continue
      open.set(`${from} ${to}`, { from, to, holders: holdersOf(to, address.key, checkouts) })
    }
  }
  return [...open.values()]
}

/** Those whose own refs name the commit first; any of the same remote may hold it in its history. */
function holdersOf(commit: string, remote: string, checkouts: readonly Followed[]): Checkout[] {
  const names = ({ git }: Checkout) => git.commit === commit || git.upstreamCommit === commit
  return checkouts
    .filter(({ address, git }) => address.key === remote && !git.shallow)
    .toSorted((a, b) => Number(names(b)) - Number(names(a)) || (b.git.committedAtMs ?? 0) - (a.git.committedAtMs ?? 0))
    .slice(0, mostHolders)
}
