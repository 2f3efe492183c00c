import { expect, it } from 'vitest'
import { middleCut } from './middle-cut.ts'

it.each([
  ['peak-mini', 16, 'peak-mini'],
  ['warehouse-north-mini-2', 16, 'warehouse…mini-2'],
  ['🦊🦊🦊🦊🦊🦊', 4, '🦊🦊…🦊'],
])('%s', (name, max, cut) => {
  expect(middleCut(name, max)).toBe(cut)
  expect([...cut].length).toBeLessThanOrEqual(max)
})
