import { describe, expect, it } from 'vitest'
import { indexSchema } from './openclaw/index-schema.ts'
import { dottedPath, type Json } from './operations.ts'
import { judgeSetting, knowsSetting, mostSettings, SchemaIndex, searchSettings } from './setting-schema.ts'

const object = (properties: object, more: object = {}) => ({
  type: 'object',
  properties,
  additionalProperties: false,
  ...more,
})
const levels = ['silent', 'info', 'debug']
const schema = indexSchema(
  object({
    logging: object({
      level: { anyOf: levels.map((name) => ({ type: 'string', const: name })), title: 'Log Level', default: 'info' },
      file: { type: 'string', description: 'Where the log is written.' },
      keep: { anyOf: [{ type: ['string', 'number'] }, { type: 'boolean', const: false }] },
      'a.b': { type: 'integer' },
    }),
    channels: object(
      {},
      { additionalProperties: object({ allowFrom: { type: 'array', items: { type: ['string', 'number'] } } }) },
    ),
    plugins: {
      type: 'object',
      $defs: { account: object({ host: { type: 'string' }, self: { $ref: '#/$defs/account' } }) },
      properties: { accounts: { type: 'object', additionalProperties: { $ref: '#/$defs/account' } } },
      additionalProperties: false,
    },
    free: { type: 'object' },
    any: {},
    self: { $ref: '#' },
  }),
  '2026.9.6',
)

describe('a schema laid out flat', () => {
  it('joins alternatives and follows references, which may go round', () => {
    expect(SchemaIndex.parse(schema)).toEqual(schema)
    expect(schema.settings['logging.level']).toEqual({
      types: ['string'],
      values: levels,
      open: false,
      title: 'Log Level',
      description: '',
      usual: 'info',
    })
    expect(schema.settings['logging.keep']).toMatchObject({ types: ['string', 'number', 'boolean'], values: [false] })
    expect(schema.settings['logging.a\\.b']).toMatchObject({ types: ['integer'] })
    expect(schema.settings['plugins.accounts.*.host']).toMatchObject({ types: ['string'] })
    expect(Object.keys(schema.settings).length).toBeLessThan(mostSettings + 1)
  })

  it.each([null, 'x', [], { properties: { __proto__: { type: 'string' } } }, { properties: 5, anyOf: [5] }])(
    'comes to something of %j',
    (odd) => {
      expect(SchemaIndex.parse(indexSchema(odd, 'x')).version).toBe('x')
    },
  )
})

describe('a value', () => {
  const cases: [string, string[], Json, string[]][] = [
    ['that fits', ['logging', 'level'], 'debug', []],
    ['that is none of the named', ['logging', 'level'], 'loud', ['logging.level may be silent, info, debug.']],
    ['of another type', ['logging', 'file'], 5, ['logging.file has to be a text.']],
    ['beside named ones', ['logging', 'keep'], '7d', []],
    ['that is named beside a type', ['logging', 'keep'], false, []],
    ['that is not the named one', ['logging', 'keep'], true, ['logging.keep may be false.']],
    ['with a dot in its name', ['logging', 'a.b'], 1.5, ['logging.a\\.b has to be a whole number.']],
    [
      'at a path nobody knows',
      ['logging', 'levels'],
      'info',
      ['logging.levels is not a setting of it; near it: level.'],
    ],
    ['below one nobody knows', ['loggin', 'level'], 'info', ['loggin is not a setting of it; near it: logging.']],
    ['in a map', ['channels', 'telegram', 'allowFrom'], ['1', 2], []],
    [
      'in a list of a map',
      ['channels', 'telegram', 'allowFrom'],
      ['1', { a: 1 }],
      ['channels.telegram.allowFrom[1] has to be a text, a number.'],
    ],
    [
      'that holds others',
      ['logging'],
      { level: 'loud', nope: 1 },
      ['logging.level may be silent, info, debug.', 'logging.nope is not a setting of it.'],
    ],
    ['in something that takes anything', ['free', 'x', 'y'], [null], []],
    ['of something that says nothing', ['any'], { a: [1] }, []],
    ['called __proto__', ['logging', '__proto__'], 1, ['logging.__proto__ is not a setting of it.']],
    ['called toString', ['toString'], 1, ['toString is not a setting of it.']],
  ]
  it.each(cases)('%s', (_name, path, value, words) => {
    const problems = judgeSetting(schema, path, value)
    expect(problems.map((problem) => problem.words)).toEqual(words)
    const isUnknown = problems.some((problem) => problem.kind === 'unknown' && problem.path === dottedPath(path))
    expect(knowsSetting(schema, path)).toBe(!isUnknown)
  })
})

it.each([
  ['log level', ['logging.level']],
  ['logging.file', ['logging.file']],
  ['ALLOWFROM', ['channels.*.allowFrom']],
  ['written', ['logging.file']],
  ['nothing of the kind', []],
])('%j finds %j', (words, paths) => {
  expect(searchSettings(schema, words, 2).map(({ path }) => path)).toEqual(paths)
})
