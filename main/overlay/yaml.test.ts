import { describe, expect, test } from 'vitest'
import { dice } from '../demo/dice.ts'
import { isEqual } from '../runtimes/operations.ts'
import { BadYaml, readYaml } from './read-yaml.ts'
import { writeYaml } from './write-yaml.ts'

const read = (...lines: string[]) => readYaml(lines.join('\n')).value

describe('what people write', () => {
  test.each([
    [['a: 1', 'b: [x, "y, z", {c: true}]', "d: 'it''s'"], { a: 1, b: ['x', 'y, z', { c: true }], d: "it's" }],
    [
      ['---', '# a note', 'list:', '- one', '- two: 2', '  three: 3', '-', '  four: 4'],
      { list: ['one', { two: 2, three: 3 }, { four: 4 }] },
    ],
    [['list:', '  - - 1', '    - 2', '  - []'], { list: [[1, 2], []] }],
    [
      ['a:   text with # no comment? # a comment', 'b: http://x:80/y', 'c:', 'd: ~'],
      { a: 'text with', b: 'http://x:80/y', c: null, d: null },
    ],
    [['off: off', 'yes: yes', 'null: null'], { off: 'off', yes: 'yes', null: null }],
    [
      ['v: 2026.9.6', 't: 08:30', 'n: -1.5e3', 'h: 0x10', 'z: -0'],
      { v: '2026.9.6', t: '08:30', n: -1500, h: 16, z: 0 },
    ],
    [['"a\\u0041\\n\\x41": "\\U0001F600"', "'b: c': d"], { 'aA\nA': '\u{1F600}', 'b: c': 'd' }],
    [['models.providers.a\\.b: x'], { 'models.providers.a\\.b': 'x' }],
    [['a: {}', 'b: { c: , d: [ ] , }'], { a: {}, b: { c: null, d: [] } }],
    [['key:', '  text'], { key: 'text' }],
    [['a: |', '  two', '  lines', 'b: >-', '  one', '  line'], { a: 'two\nlines\n', b: 'one line' }],
    [['a: [1, 2,', '  3]'], { a: [1, 2, 3] }],
    [['just text'], 'just text'],
    [[''], null],
  ])('%j', (lines, value) => expect(read(...lines)).toEqual(value))

  test('Windows line ends and a byte order mark say nothing', () =>
    expect(readYaml('\uFEFFa: 1\r\nb:\r\n  c: 2\r\n').value).toEqual({ a: 1, b: { c: 2 } }))

  test('each value knows its line', () => {
    const { lineOf } = readYaml('a:\n  b: 1\n\n  c:\n    - x\n    - {d: 1}\n')
    expect(lineOf(['a', 'b'])).toBe(2)
    expect(lineOf(['a', 'c', 1, 'd'])).toBe(6)
    expect(lineOf(['a', 'c', 0, 'deeper'])).toBe(5)
    expect(lineOf(['elsewhere'])).toBe(1)
  })
})

describe('what is refused, with its line', () => {
  test.each([
    [['a: 1', 'b: &x 2'], 2, /Anchors/],
    [['a: *x'], 1, /aliases/],
    [['a: 1', 'c: !!js/function x'], 2, /Tags/],
    [['!foo a: 1'], 1, /keys must be strings/],
    [['<<: {a: 1}'], 1, /Merge keys/],
    [['a: 1', 'a: 2'], 2, /unique/],
    [['x: {a: 1, a: 2}'], 1, /unique/],
    [['__proto__: 1'], 1, /cannot be a name/],
    [['x: {"__proto__": {a: 1}}'], 1, /cannot be a name/],
    [['constructor:', '  a: 1'], 1, /cannot be a name/],
    [['a: 1', '---', 'b: 2'], 2, /one document/],
    [['%YAML 1.2', '---', 'a: 1'], 1, /Directives/],
    [['a:', '\tb: 1'], 2, /Tabs/],
    [['a: 1', '  b: 2'], 1, /Nested mappings/],
    [['  a: 1', 'b: 2'], 2, /./],
    [['a: b: c'], 1, /Nested mappings/],
    [['a: "open'], 1, /Missing closing/],
    [['a: "x" y'], 1, /Unexpected scalar/],
    [['a: 12345678901234567890'], 1, /too large/],
    [['a: .inf'], 1, /no number/],
    [['a: "\\q"'], 1, /Invalid escape/],
    [['a: "\\uZZZZ"'], 1, /Invalid escape/],
    [['a: @x'], 1, /reserved/],
    [['a: \u0007'], 1, /control character/],
    [['a: x\u2028y'], 1, /control character/],
    [[`a: ${'['.repeat(50)}${']'.repeat(50)}`], 1, /too deep/],
  ])('%j', (lines, line, reason) => {
    const act = () => readYaml(lines.join('\n'))
    expect(act).toThrow(reason)
    expect(act).toThrow(BadYaml)
    expect(act).toThrow(expect.objectContaining({ line }))
  })

  test('what no layer is deep or long enough for', () => {
    const steps = [...Array(60).keys()].map((deep) => `${' '.repeat(deep)}a:`)
    expect(() => readYaml(steps.join('\n'))).toThrow(expect.objectContaining({ line: 41 }))
    expect(() => readYaml(`a: [${'1,'.repeat(20_001)}]`)).toThrow(/at most 20000 values/)
  })

  test('a bomb of aliases is no bomb', () => {
    const lines = ['a: &a [x]', ...'bcdefghi'.split('').map((name) => `${name}: &${name} [${'*a,'.repeat(9)}]`)]
    expect(() => readYaml(lines.join('\n'))).toThrow(/Anchors/)
  })
})

describe('what is written', () => {
  test('is spelled the same whatever the order of names, and never as another kind of value', () => {
    const text = writeYaml({
      layer: 'client',
      name: 'Bright Roofing',
      raw: { b: { z: 1, a: [{ y: null, x: 'off' }, [], [['deep']]] }, a: {} },
      odd: ['1', 'null', '', ' x', 'x ', 'a: b', '#no', '-', '2026.9.6', '+13105550101', 'ünï', '\u202e', 'x\ny', true],
    })
    expect(text).toBe(
      [
        'layer: client',
        'name: Bright Roofing',
        'raw:',
        '  a: {}',
        '  b:',
        '    a:',
        '      - x: "off"',
        '        "y": null',
        '      - []',
        '      - - - deep',
        '    z: 1',
        'odd:',
        '  - "1"',
        '  - "null"',
        '  - ""',
        '  - " x"',
        '  - "x "',
        '  - "a: b"',
        '  - "#no"',
        '  - "-"',
        '  - 2026.9.6',
        '  - "+13105550101"',
        '  - ünï',
        '  - "\\u202e"',
        '  - "x\\ny"',
        '  - true',
        '',
      ].join('\n'),
    )
  })

  test('400 random values come back as they were', () => {
    const throws = dice('yaml')
    const pieces = [
      'a',
      'off',
      ': ',
      ' #',
      '- ',
      "'",
      '"',
      '\\',
      '\n',
      '{',
      ']',
      ',',
      '&',
      '*',
      '!',
      '|',
      '%',
      '\u00a0',
      '\u2028',
      '\ud800',
      '😀',
      '1',
      '~',
      '<<',
      '?',
    ]
    const text = () =>
      Array.from({ length: throws.between(0, 4) }, () => pieces[throws.between(0, pieces.length - 1)]).join('')
    const value = (deep: number): unknown => {
      const kind = throws.between(0, deep > 0 ? 7 : 5)
      if (kind === 7) return Array.from({ length: throws.between(0, 3) }, () => value(deep - 1))
      if (kind === 6) return map(deep - 1)
      return [null, true, throws.between(-5, 5), throws.between(0, 999) / 64, 1e21 * throws.between(1, 9), text()][kind]
    }
    const map = (deep: number): Record<string, unknown> =>
      Object.fromEntries(
        Array.from({ length: throws.between(0, 3) }, () => [text(), value(deep)]).filter(([name]) => name !== '<<'),
      )
    for (let round = 0; round < 400; round++) {
      const whole = map(4)
      const written = writeYaml(whole)
      if (Object.keys(whole).length === 0) continue
      expect(isEqual(readYaml(written).value, whole), written).toBe(true)
    }
  })
})
