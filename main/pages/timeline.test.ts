import { expect, test } from 'vitest'
import type { Fault, Finding } from '../../shared/contract/index.ts'
import { faultText } from '../../shared/fault-text.ts'
import { buildTimeline, type TimelineInput } from './timeline.ts'

const at = (iso: string) => new Date(iso).getTime()
const fault: Fault = { code: 'network-unreachable', boxName: 'nolan-mini', host: 'nolan' }
const failed = (...moments: string[]) =>
  moments.map((iso) => ({ atMs: at(iso), outcome: 'unreachable', fault: JSON.stringify(fault) }))

const timeline = (more: Partial<TimelineInput>) =>
  buildTimeline({ findings: [], facts: [], changes: [], ledger: [], failed: [], outside: [], ...more }).map(
    ({ atMs, kind, detail }) => [atMs, kind, detail],
  )

test('attempts of one day that fail alike are one line', () => {
  expect(timeline({ failed: failed('2026-11-26T18:24', '2026-11-26T18:14', '2026-11-25T07:05') })).toEqual([
    [at('2026-11-26T18:24'), 'sweep-failed', '2 times, first at 18:14'],
    [at('2026-11-25T07:05'), 'sweep-failed', ''],
  ])
})

test('attempts that an open trouble tells of are not told again', () => {
  const finding = {
    noticedAtMs: at('2026-11-26T12:00'),
    closedAtMs: null,
    subject: 'Nolan Property',
    sentence: 'has not answered since Thursday 11:00',
    detail: faultText(fault).sentence,
  } as Finding
  expect(
    timeline({ findings: [finding], failed: failed('2026-11-26T11:59:58', '2026-11-26T18:24', '2026-11-26T07:05') }),
  ).toEqual([
    [at('2026-11-26T12:00'), 'finding-opened', finding.detail],
    [at('2026-11-26T07:05'), 'sweep-failed', ''],
  ])
})
