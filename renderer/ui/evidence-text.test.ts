import { expect, it } from 'vitest'
import { evidenceText } from './evidence-text.ts'

it.each([
  ['{"sha256":"ab","sizeBytes":2}', '{\n  "sha256": "ab",\n  "sizeBytes": 2\n}'],
  ['2 lines\r\nof text', '2 lines \nof text'],
  ['"text"', '"text"'],
  ['{"name":"a\u202eb"}', '{\n  "name": "a⟨202E⟩b"\n}'],
  ['', ''],
])('%j', (raw, text) => expect(evidenceText(raw)).toBe(text))

it('is cut, however it is laid out', () => {
  expect(evidenceText(JSON.stringify({ list: Array(4_000).fill(1) })).length).toBeLessThan(4_100)
  expect(evidenceText('x'.repeat(9_000))).toHaveLength(4_000)
})
