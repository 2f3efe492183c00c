import { afterEach, expect, test } from 'vitest'
import type { BoxId, ClientId, Flag, FlagId } from '../../shared/contract/index.ts'
import { createChanges } from '../base/changes.ts'
import { createInventory } from '../inventory/inventory.ts'
import { fakeClock } from '../testing/fake-clock.ts'
import { tempStore } from '../testing/temp-store.ts'
import { createFindings } from './findings.ts'
import { createFlags, endOfDay, judgeFlags } from './flags.ts'

const hour = 3_600_000
const cleanups: (() => void)[] = []
afterEach(() => {
  for (const clean of cleanups.splice(0)) clean()
})

/** Friday 20 November 2026, 12:00 UTC. One machine of a client, one of nobody. */
function lab() {
  const clock = fakeClock()
  const temp = tempStore(clock)
  cleanups.push(() => temp[Symbol.dispose]())
  const { store, ledger, dataDir } = temp
  const changes = createChanges()
  const inventory = createInventory({ store, ledger, changes, clock, homeDir: dataDir })
  const findings = createFindings({ store, ledger, inventory, clock, changes, workflowsOf: () => [] })
  const { client } = inventory.addClient({ name: 'Bright Roofing', timeZone: 'America/New_York' })
  const add = (name: string, clientId: ClientId | null) =>
    inventory.addBox({ name, host: `${name}.test`, clientId }).box.boxId
  const flags = createFlags({ store, inventory, findings, clock })
  const boxId = add('bright-mini', client.clientId)
  const raise = (words: string, of: BoxId = boxId) =>
    flags.raise({ boxId: of, words, line: 'reply sent: we refund everything', lineAtMs: clock.nowMs() - hour })
  const told = () =>
    findings.open().map(({ subject, sentence, detail, sinceMs }) => ({ subject, sentence, detail, sinceMs }))
  return { clock, inventory, findings, flags, ledger, boxId, lonely: add('lab-mini', null), raise, told }
}

test('a flag is due at the end of the client’s own day', () => {
  const noon = Date.UTC(2026, 10, 20, 12)
  expect(endOfDay(noon, 'America/New_York')).toBe(Date.UTC(2026, 10, 21, 5) - 1)
  expect(endOfDay(noon, 'Pacific/Auckland')).toBe(Date.UTC(2026, 10, 21, 11) - 1)
})

test('it stands in the review at its client until it is done, and each step has its way back and its row in the diary', () => {
  const { flags, raise, told, inventory, boxId, clock, ledger, findings } = lab()
  const { flag, undoId, sentence } = raise('promised a refund')
  expect(sentence).toBe('Bright Roofing was flagged; it stands in the review until it is done.')
  const open = {
    subject: 'Bright Roofing',
    sentence: expect.stringMatching(/^has a flag of yours, due (today|tomorrow) \d\d:59: promised a refund$/),
    detail: 'reply sent: we refund everything',
    sinceMs: clock.nowMs() - hour,
  }
  expect(told()).toEqual([open])
  inventory.undo({ undoId })
  expect([told(), flags.open(boxId)]).toEqual([[], []])

  const { flag: again } = raise('promised a refund')
  const done = flags.done({ flagId: again.flagId })
  expect(done.sentence).toBe('Done: promised a refund')
  expect(told()).toEqual([])
  inventory.undo({ undoId: done.undoId })
  expect(told()).toEqual([open])
  expect(findings.ofBox(boxId, 10).every(({ sentence: each }) => !each.includes('comes and goes'))).toBe(true)
  const kinds = ledger.entries({ limit: 50 }).map(({ kind }) => kind)
  for (const kind of ['flag.raised', 'flag.raise-undone', 'flag.done', 'flag.done-undone'])
    expect(kinds).toContain(kind)
  expect(() => flags.done({ flagId: flag.flagId })).toThrow()
})

test('several of one machine are one row, closed one at a time, the first due first', () => {
  const { flags, raise, told, boxId, clock } = lab()
  raise('promised a refund')
  clock.advance(24 * hour)
  raise('gave the wrong hours')
  expect(told()[0]?.sentence).toMatch(/^has 2 flags of yours, the first due .*: promised a refund$/)
  const [first] = flags.open(boxId)
  expect(flags.done({ flagId: first?.flagId as FlagId }).sentence).toBe('Done: promised a refund · 1 flag left there')
  expect(told()[0]?.sentence).toMatch(/^has a flag of yours, due .*: gave the wrong hours$/)
})

test('a machine without a client gets a note, not a flag', () => {
  const { raise, lonely, told } = lab()
  expect(() => raise('odd', lonely)).toThrow()
  expect(told()).toEqual([])
})

test('what is told of each flag', () => {
  const flag = {
    flagId: 'f1',
    boxId: 'b1',
    words: 'odd',
    line: 'the line',
    lineAtMs: 5,
    flaggedAtMs: 6,
    dueMs: 7,
  } as Flag
  expect(judgeFlags([])).toMatchObject({ cause: 'flagged', trouble: null })
  expect(judgeFlags([flag, flag]).trouble?.evidence.map(({ name, takenAtMs }) => [name, takenAtMs])).toEqual([
    ['Flag 1', null],
    ['Line 1', 5],
    ['Flag 2', null],
    ['Line 2', 5],
  ])
})
