import { expect, test } from 'vitest'
import { compareVersions, newestOf, releaseDays, releasesBehind } from './version-list.ts'

const day = 86_400_000
const known = ['2026.8.30', '2026.9.1', '2026.9.2', '2026.9.10', '2026.10.1-beta.2'].map((version, index) => ({
  version,
  publishedAtMs: index * 3 * day,
}))

test('versions are compared by number, not by letters; a beta is not the newest', () => {
  expect(compareVersions('2026.9.10', '2026.9.2')).toBeGreaterThan(0)
  expect(compareVersions('2026.9.2', '2026.10.1')).toBeLessThan(0)
  expect(newestOf(known)?.version).toBe('2026.9.10')
  expect(newestOf([])).toBeNull()
})

test('releases behind are the finished versions in between, the newest counted', () => {
  expect(releasesBehind('2026.9.10', '2026.9.10', known)).toBe(0)
  expect(releasesBehind('2026.9.1', '2026.9.10', known)).toBe(2)
  expect(releasesBehind('2026.6.11', '2026.9.10', known)).toBe(4)
  expect(releasesBehind('2026.11.1', '2026.9.10', known)).toBe(0)
})

test('days behind need both dates', () => {
  const newest = { version: '2026.9.10', publishedAtMs: 9 * day }
  expect(releaseDays('2026.9.1', newest, known)).toBe(6)
  expect(releaseDays('2026.6.11', newest, known)).toBeNull()
  expect(releaseDays('2026.9.1', { ...newest, publishedAtMs: null }, known)).toBeNull()
})
