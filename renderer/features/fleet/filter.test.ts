import { describe, expect, it } from 'vitest'
import type { FleetRow } from '../../../shared/contract/index.ts'
import { passes, readFilter } from './filter.ts'

const row = (more: Partial<FleetRow>): FleetRow =>
  ({
    clientName: 'Harbor Wealth',
    boxName: 'harbor-mini',
    state: 'Silent',
    version: '2026.9.6',
    answers: 'Telegram: Dana only',
    os: 'macOS 15.4',
    ring: 'rest',
    niche: 'finance',
    behind: 0,
    behindText: '0',
    daysBehind: 0,
    sentence: 'has been silent since Thursday 16:42',
    ...more,
  }) as FleetRow

const shows = (typed: string, more: Partial<FleetRow> = {}) => passes(readFilter(typed), row(more))

describe('what passes', () => {
  it.each([
    ['', {}, true],
    ['harbor', {}, true],
    ['HARBOR dana', {}, true],
    ['harbor lakeside', {}, false],
    ['"harbor wealth"', {}, true],
    ['"wealth harbor"', {}, false],
    ['client:harbor', {}, true],
    ['client:"harbor w', {}, true],
    ['machine:peak', {}, false],
    ['is:silent', {}, true],
    ['is:notseen', { state: 'Not seen' }, true],
    ['is:"not seen"', { state: 'Not seen' }, true],
    ['is:ok', {}, false],
    ['behind:>7', { behind: 366 }, true],
    ['behind:>7', { behind: 7 }, false],
    ['behind:>=7', { behind: 7 }, true],
    ['behind:0', {}, true],
    ['days:<3', { daysBehind: 2 }, true],
    ['behind:>7', { behind: null }, false],
    ['behind:?', { behind: null }, true],
    ['behind:?', {}, false],
    ['-is:ok', {}, true],
    ['-harbor', {}, false],
    ['-behind:0', { behind: null }, true],
    ['behind:>7 client:harbor is:silent', { behind: 8 }, true],
  ] as const)('%s', (typed, more, expected) => expect(shows(typed, more)).toBe(expected))
})

describe('what means nothing', () => {
  it('is said and hides no row', () => {
    const filter = readFilter('colour:red behind:many harbor')
    expect(filter.problems).toHaveLength(2)
    expect(filter.problems[0]).toContain('“colour”')
    expect(passes(filter, row({}))).toBe(true)
  })

  it('is silent while a term is only half typed', () => {
    for (const typed of ['client:', 'behind:', '-', '"'])
      expect(readFilter(typed)).toEqual({
        terms: typed === '-' ? [{ kind: 'anywhere', words: '-', not: false }] : [],
        problems: [],
      })
  })

  it('takes signs of any kind as plain text', () => {
    expect(shows('.*', { answers: 'a.*b' })).toBe(true)
    expect(shows('(', {})).toBe(false)
    expect(() => readFilter('constructor:x __proto__:y')).not.toThrow()
    expect(readFilter('constructor:x').problems).toHaveLength(1)
  })
})
