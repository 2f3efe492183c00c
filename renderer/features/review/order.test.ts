import { describe, expect, it } from 'vitest'
import type { ReviewItem, ReviewPage } from '../../../shared/contract/index.ts'
import { bySection, headline, nextUnseen, ofSeveral, stepped } from './order.ts'

const item = (key: string, seen = false, section: ReviewItem['section'] = 'needs-you') =>
  ({ key, seen, section, others: [] }) as unknown as ReviewItem

const page = (more: Partial<ReviewPage>): ReviewPage =>
  ({
    machines: 12,
    answered: 12,
    notSeen: [],
    lastSweep: {},
    items: [],
    nothingToDo: [],
    allQuiet: false,
    ...more,
  }) as unknown as ReviewPage

describe('moving', () => {
  it('stays within the list and enters it at either end', () => {
    expect(stepped(['a', 'b', 'c'], 'c', 1)).toBe('c')
    expect(stepped(['a', 'b', 'c'], 'a', -1)).toBe('a')
    expect(stepped(['a', 'b', 'c'], null, 1)).toBe('a')
    expect(stepped(['a', 'b', 'c'], 'gone', -1)).toBe('c')
    expect(stepped([], null, 1)).toBeNull()
  })

  it('goes on to the next row nobody has seen, around the end', () => {
    expect(nextUnseen([item('a'), item('b'), item('c', true)], 'b')).toBe('a')
    expect(nextUnseen([item('a', true), item('b'), item('c', true)], 'b')).toBe('b')
  })

  it('keeps sections in the order of the page and leaves empty ones out', () => {
    const sections = bySection([item('a', false, 'building'), item('b')])
    expect(sections.map((each) => each.section)).toEqual(['needs-you', 'building'])
  })
})

describe('headline', () => {
  it.each([
    [page({ lastSweep: null }), false, 'Nothing was read yet. R sweeps all 12 machines.'],
    [page({ allQuiet: true }), false, 'All quiet. 12 of 12 machines answered; the oldest fact is 4 min old.'],
    [page({ items: [item('a', true), item('b', true)] }), true, 'Review done. 2 left for later.'],
    [
      page({ notSeen: ['nolan-pc'], answered: 11 }),
      false,
      'No trouble is known, but 1 of 12 machines was not seen: nolan-pc.',
    ],
    [page({ items: [item('a')] }), false, null],
  ])('says what the rows do not (%#)', (shown, ended, sentence) => {
    expect(headline(shown, ended, '4 min')).toBe(sentence)
  })

  it('never says all quiet when a machine was not seen', () => {
    expect(headline(page({ notSeen: ['a'], answered: 11 }), false, null)).not.toContain('quiet')
  })
})

it.each([
  ['does not answer', 'do not answer'],
  ['is 4 releases behind', 'are 4 releases behind'],
  ['answers everyone who writes', 'answer everyone who writes'],
  ['passes its limit', 'pass its limit'],
  ['goes to sleep when idle', 'go to sleep when idle'],
  ['carries local patches: 2', 'carry local patches: 2'],
  ['changed without you', 'changed without you'],
])('says of several machines what was said of one: %s', (one, several) => expect(ofSeveral(one)).toBe(several))
