import type { BoxId, Client, Finding, ReviewPage, SweepSummary } from '../../shared/contract/index.ts'
import type { AttemptRow } from '../facts/facts.ts'
import type { StoredBox } from '../inventory/inventory.ts'
import { type Row, reviewClients, reviewRows, type SectionsInput } from './sections.ts'
import { didAnswer, isAway } from './seen.ts'

export interface ReviewInput extends SectionsInput {
  readonly demo: boolean
  /** Without jump hosts. */
  readonly boxes: readonly StoredBox[]
  readonly attempts: ReadonlyMap<BoxId, AttemptRow>
  /** When the oldest fact of each box was taken. */
  readonly oldest: ReadonlyMap<BoxId, number>
  readonly staleBeforeMs: number
  readonly lastSweep: SweepSummary | null
  readonly noNetworkSinceMs: number | null
}

/** The page without what is known of reviews themselves. */
export type Fleet = Omit<ReviewPage, 'items' | 'reviewStartedAtMs' | 'reviewEnded' | 'since' | 'missedDays'> & {
  items: Row[]
}

/** The morning page. "All quiet" is said only when every machine that is expected on answered and nothing is open but what was put off. */
export function buildReview(input: ReviewInput): Fleet {
  const { boxes, findings, attempts, staleBeforeMs, pauses } = input
  const paused = (box: StoredBox) => box.clientId !== null && pauses.has(box.clientId)
  const answered = boxes.filter((box) => didAnswer(attempts.get(box.boxId), staleBeforeMs))
  const answeredIds = new Set(answered.map(({ boxId }) => boxId))
  // Who answers is counted, expected or not: else "8 of 8" stands beside "9 answered".
  const expected = boxes.filter(
    (box) => answeredIds.has(box.boxId) || !(paused(box) || isAway(attempts.get(box.boxId))),
  )
  const notSeen = expected.filter((box) => !answeredIds.has(box.boxId))
  const items = reviewRows(input)
  const clients = reviewClients(input, items)
  const asking = items.filter((item) => item.section !== 'later')
  const taken = answered.flatMap(({ boxId }) => input.oldest.get(boxId) ?? [])
  const allAnswered = expected.length > 0 && notSeen.length === 0
  return {
    demo: input.demo,
    machines: boxes.length,
    answered: answered.length,
    notSeen: notSeen.map(({ name }) => name),
    lastSweep: input.lastSweep,
    oldestFactAtMs: taken.length === 0 ? null : taken.reduce((oldest, atMs) => Math.min(oldest, atMs)),
    expected: expected.length,
    expectedAnswered: expected.length - notSeen.length,
    noNetworkSinceMs: input.noNetworkSinceMs,
    items,
    clients,
    nothingToDo: nothingToDo(answered, findings, input.clients, new Set(clients.map(({ clientId }) => clientId))),
    allQuiet: allAnswered && asking.length === 0 && input.noNetworkSinceMs === null,
  }
}

/** Machines that answered and have no open trouble, by the name of their client; those told elsewhere on the page are left out. */
function nothingToDo(
  answered: readonly StoredBox[],
  findings: readonly Finding[],
  clients: readonly Client[],
  toldElsewhere: ReadonlySet<Client['clientId']>,
): ReviewPage['nothingToDo'] {
  const inTrouble = new Set(findings.map(({ boxId }) => boxId))
  const names = new Map(clients.map((client) => [client.clientId, client.name]))
  return answered
    .filter(({ boxId, clientId }) => !inTrouble.has(boxId) && !(clientId && toldElsewhere.has(clientId)))
    .map(({ boxId, name, clientId }) => ({ name: (clientId && names.get(clientId)) || name, boxId }))
    .sort((a, b) => a.name.localeCompare(b.name))
}
