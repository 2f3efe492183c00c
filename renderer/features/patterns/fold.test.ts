import { expect, test } from 'vitest'
import type { BoxId, Pattern, PatternId } from '../../../shared/contract/index.ts'
import { foldPatterns } from './fold.ts'

let made = 0
const pattern = (fields: Partial<Pattern>): Pattern => {
  made += 1
  return {
    patternId: `p${made}` as PatternId,
    boxId: 'one' as BoxId,
    agentId: null,
    text: `kind ${made}`,
    level: 'info',
    levels: [{ level: fields.level ?? 'info', lines: fields.lines ?? 1 }],
    subsystem: null,
    firstAtMs: 1,
    lastAtMs: 2,
    lastSeq: 1,
    lines: 1,
    perDay: [0, 1],
    newThisWeek: false,
    newSinceUpdate: false,
    muted: null,
    ...fields,
  }
}
const shape = (patterns: Pattern[], typed = '') =>
  foldPatterns(patterns, typed).map(({ key, rows }) => [key, rows.map(({ text, lines }) => `${text} ×${lines}`)])

test('what is new stands first, the loud before the quiet, then by how many', () => {
  expect(
    shape([
      pattern({ text: 'quiet', lines: 900 }),
      pattern({ text: 'often', lines: 9, level: 'warn' }),
      pattern({ text: 'bad', level: 'error' }),
      pattern({ text: 'this week', newThisWeek: true }),
      pattern({ text: 'since update', newThisWeek: true, newSinceUpdate: true }),
      pattern({ text: 'known', level: 'error', muted: { reason: 'offline here', atMs: 1 } }),
    ]),
  ).toEqual([
    ['update', ['since update ×1']],
    ['week', ['this week ×1']],
    ['loud', ['bad ×1', 'often ×9']],
    ['rest', ['quiet ×900']],
    ['muted', ['known ×1']],
  ])
})

test('the same kind of several machines is one row with the sum of its days, new if it is new on one', () => {
  const sections = foldPatterns(
    [
      pattern({ text: 'same', lines: 3, perDay: [1, 2], lastAtMs: 5 }),
      pattern({ text: 'same', lines: 4, perDay: [0, 4], boxId: 'two' as BoxId, lastAtMs: 9, newThisWeek: true }),
      pattern({ text: 'same', lines: 2, perDay: [0, 2], boxId: 'two' as BoxId, lastAtMs: 7, newSinceUpdate: true }),
    ],
    '',
  )
  expect(sections.map(({ key, rows }) => [key, rows.length])).toEqual([['update', 1]])
  expect(sections[0]?.rows[0]).toMatchObject({
    text: 'same',
    boxIds: ['two', 'one'],
    lines: 9,
    perDay: [1, 8],
    lastAtMs: 9,
    newOn: 1,
    muted: null,
  })
})

test('a level is the usual one; a louder line is told beside it, and an error keeps the row in sight', () => {
  const levels = (loud: 'warn' | 'error') => [
    { level: loud, lines: 1 },
    { level: 'info' as const, lines: 119 },
  ]
  const sections = foldPatterns(
    [
      pattern({ text: 'plain', lines: 120, levels: levels('warn') }),
      pattern({ text: 'plain', lines: 120, levels: levels('warn'), boxId: 'two' as BoxId }),
      pattern({ text: 'failed once', lines: 120, levels: levels('error') }),
    ],
    '',
  )
  expect(sections.map(({ key, rows }) => [key, rows.map(({ level, louder }) => ({ level, louder }))])).toEqual([
    ['loud', [{ level: 'info', louder: { level: 'error', lines: 1 } }]],
    ['rest', [{ level: 'info', louder: { level: 'warn', lines: 2 } }]],
  ])
})

test('muted on some machines only, a row stays where it was and is not muted', () => {
  const muted = { reason: 'known', atMs: 1 }
  const half = [pattern({ text: 'same', level: 'warn', muted }), pattern({ text: 'same', level: 'warn' })]
  expect(foldPatterns(half, '')).toMatchObject([{ key: 'loud', rows: [{ muted: null }] }])
  // What is muted is new to nobody.
  const newThere = [pattern({ text: 'same', muted, newThisWeek: true }), pattern({ text: 'same' })]
  expect(foldPatterns(newThere, '')).toMatchObject([{ key: 'rest' }])
})

test('a filter is words that all stand in the line or its part of the agent', () => {
  const all = [pattern({ text: 'Calendar refused <n>' }), pattern({ text: 'gone', subsystem: 'calendar' })]
  expect(shape(all, 'calendar')).toEqual([['rest', ['Calendar refused <n> ×1', 'gone ×1']]])
  expect(shape(all, 'CALENDAR refused')).toEqual([['rest', ['Calendar refused <n> ×1']]])
  expect(shape(all, 'nothing')).toEqual([])
})
