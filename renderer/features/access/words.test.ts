import { expect, it } from 'vitest'
import type { AccessPage, AccessRow, RuleVerdict, Stranger } from '../../../shared/contract/index.ts'
import { answersText, daysText, doorSentence, doorsLine, holdingLine, ruleGroups, strangerWords } from './words.ts'

const hour = 3_600_000
const nowMs = new Date(2026, 10, 23, 8, 14).getTime()

const row = (more: Partial<AccessRow>): AccessRow =>
  ({
    answers: 'Dana only',
    enabled: true,
    stale: false,
    lastDays: 'only those',
    readAtMs: nowMs - hour,
    ...more,
  }) as AccessRow

const page = (doors: number, open: number, notSeen: number) => ({ doors, open, notSeen }) as AccessPage

it('counts doors, and says of the rest only what there is', () => {
  expect(doorsLine(page(13, 1, 1))).toBe('13 doors · 1 open · 1 not seen')
  expect(doorsLine(page(1, 0, 0))).toBe('1 door')
})

it('goes on telling an old value, with since when nobody saw it, and tells no days of it', () => {
  const old = row({ stale: true, readAtMs: nowMs - 34 * hour })
  expect(answersText(old, nowMs)).toBe('Dana only, not seen since Sat 22:14')
  expect(daysText(old)).toBe('—')
  expect(answersText(row({ stale: true, answers: '', readAtMs: nowMs - 2 * hour }), nowMs)).toBe(
    'not seen since today 06:14',
  )
  expect(answersText(row({}), nowMs)).toBe('Dana only')
  expect(daysText(row({}))).toBe('only those')
})

it('says of a door that is off that it is off, whatever its list holds', () => {
  expect(doorSentence(row({}))).toBe('answers Dana only')
  expect(doorSentence(row({ enabled: false }))).toBe('is off')
})

const stranger = (more: Partial<Stranger>) => ({ ending: '142', how: 'answered', times: 1, ...more }) as Stranger

it('tells a stranger by the last signs alone, and what happened', () => {
  expect(strangerWords(stranger({}))).toBe('…142 was answered once')
  expect(strangerWords(stranger({ times: 3 }))).toBe('…142 was answered 3 times')
  expect(strangerWords(stranger({ how: 'pairing-code', ending: '' }))).toBe('somebody was sent a pairing code once')
})

it('never counts a rule that nobody could judge among those that hold', () => {
  const rules = (['holds', 'broken', 'unknown'] as const).map((state) => ({ verdict: { state } as RuleVerdict }))
  const groups = ruleGroups(rules)
  expect([groups.holding.length, groups.broken.length, groups.unknown.length]).toEqual([1, 1, 1])
  expect(holdingLine(1, 3)).toBe('1 holds.')
  expect(holdingLine(12, 12)).toBe('All 12 hold.')
  expect(holdingLine(0, 0)).toBe('No rule applies to it.')
})
