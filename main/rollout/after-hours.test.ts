import { expect, test } from 'vitest'
import { afterHours } from './after-hours.ts'

test.each<[string, { open: boolean; untilMs: number | null }, number]>([
  ['open until then', { open: true, untilMs: 5000 }, 5000],
  ['closed, and opens then', { open: false, untilMs: 5000 }, 1000],
  ['closed for good', { open: false, untilMs: null }, 1000],
  ['open around the clock: it would wait for ever', { open: true, untilMs: null }, 1000],
])('%s', (_what, opening, beginsAtMs) => expect(afterHours(opening, 1000)).toBe(beginsAtMs))
