import { expect, test } from 'vitest'
import type { LogLevel } from './contract/index.ts'
import { usualLevel } from './usual-level.ts'

const cases: [string, [LogLevel | null, number][], LogLevel | null, [LogLevel, number] | null][] = [
  ['nothing came', [], null, null],
  ['all alike', [['info', 9]], 'info', null],
  [
    'one warning among many',
    [
      ['info', 239],
      ['warn', 1],
    ],
    'info',
    ['warn', 1],
  ],
  [
    'on several days',
    [
      ['info', 3],
      ['warn', 2],
      ['info', 3],
      ['warn', 2],
    ],
    'info',
    ['warn', 4],
  ],
  [
    'the loudest of two',
    [
      ['info', 9],
      ['warn', 3],
      ['error', 1],
    ],
    'info',
    ['error', 1],
  ],
  [
    'louder among the loud',
    [
      ['warn', 5],
      ['fatal', 1],
    ],
    'warn',
    ['fatal', 1],
  ],
  [
    'the louder of two alike',
    [
      ['warn', 1],
      ['error', 1],
    ],
    'error',
    null,
  ],
  [
    'louder than debug, and no warning',
    [
      ['debug', 5],
      ['info', 1],
    ],
    'debug',
    null,
  ],
  [
    'most say none',
    [
      [null, 5],
      ['error', 2],
    ],
    null,
    ['error', 2],
  ],
]
test.each(cases)('%s', (_, counts, level, louder) => {
  expect(usualLevel(counts.map(([name, lines]) => ({ level: name, lines })))).toEqual({
    level,
    louder: louder && { level: louder[0], lines: louder[1] },
  })
})
