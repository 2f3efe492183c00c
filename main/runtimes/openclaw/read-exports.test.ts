import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { tempDir } from '../../testing/temp-store.ts'
import { lookForNames } from './read-exports.ts'

let folder = ''
beforeAll(() => {
  folder = tempDir()
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

let packages = 0
/** A package of these files, of which the first is asked. */
function states(files: Record<string, string>, names: readonly string[], type = 'module') {
  packages += 1
  const root = path.join(folder, String(packages))
  for (const [name, text] of Object.entries({ 'package.json': JSON.stringify({ type }), ...files })) {
    mkdirSync(path.dirname(path.join(root, name)), { recursive: true })
    writeFileSync(path.join(root, name), text)
  }
  return lookForNames([path.join(root, Object.keys(files)[0] ?? '')], names)
}
const stateOf = (files: Record<string, string>, name: string, type?: string) => states(files, [name], type)[0]?.state

describe('a module of the language', () => {
  test.each([
    'export const name = 1',
    'export let other, name',
    'export function name() {}',
    'export async function* name() {}',
    'export class name {}',
    'export const { name, ...rest } = globalThis',
    'export const [first, name] = []',
    'export const other = f(), name = 2',
    'export const other = { a: (1, 2) }, name = `, y`, last = 1',
    'export const n\\u0061me = 1',
    'const one = 1; export { one as name }',
    'const one = 1; export { one as "name" }',
    "export { name } from 'elsewhere'",
    "export { default as name } from 'elsewhere'",
    "export * as name from 'elsewhere'",
    "const url = 'http://x'; export { url as name }",
    '/* export */ export /* a */ const /* b */ name = /}/',
  ])('%s', (text) => {
    expect(stateOf({ 'a.js': text }, 'name')).toBe('there')
    expect(stateOf({ 'a.js': text }, 'absent')).toBe('missing')
  })

  test.each([
    ['// export function name() {}\nexport {}', 'in a comment'],
    ['const text = `\nexport function name() {}\n`; export { text }', 'in a template'],
    ['const name = 1; export { name as other }', 'under another name'],
    ['export default function name() {}', 'as its default alone'],
  ])('a name %s is not given: it stands %s', (text) => expect(stateOf({ 'a.js': text }, 'name')).toBe('missing'))

  test('a name that the lexer does not see among declarations is not missing', () => {
    expect(stateOf({ 'a.js': 'export const a = 1\n, name = 2' }, 'name')).not.toBe('missing')
    expect(stateOf({ 'a.js': 'export const a = 1\nfunction name() {}' }, 'name')).toBe('cant-tell')
  })

  test('a default is given only where it is said', () => {
    expect(stateOf({ 'a.js': 'export default 1' }, 'default')).toBe('there')
    expect(stateOf({ 'a.js': 'export const a = 1' }, 'default')).toBe('missing')
    expect(stateOf({ 'a.js': "export * from './b.js'", 'b.js': 'export default 1' }, 'default')).toBe('missing')
  })

  test('what it passes on is followed inside its package, round and round too', () => {
    const files = {
      'a.js': "export * from './lib/b.js'\nexport*from'./c.js'",
      'lib/b.js': "export * from '../a.js'; export const b = 1",
      'c.js': 'export const c = 1',
    }
    expect(states(files, ['b', 'c', 'd']).map(({ state }) => state)).toEqual(['there', 'there', 'missing'])
  })

  test.each([
    ["export * from 'elsewhere'", 'it passes on all that elsewhere gives'],
    ["export * from '#inside'", 'it passes on all that #inside gives'],
    ["export * from './gone.js'", 'it passes on all that ./gone.js gives'],
    ["export * from '../other/x.js'", 'it passes on all that ../other/x.js gives'],
    ['export { name', 'a.mjs cannot be parsed'],
  ])('nobody can tell: %s', (text, why) =>
    expect(states({ 'a.mjs': text }, ['name'])).toEqual([{ name: 'name', state: 'cant-tell', why }]),
  )

  test('what is not plain JavaScript is not read', () => {
    expect(stateOf({ 'a.ts': 'export const other = 1' }, 'name')).toBe('cant-tell')
    expect(stateOf({ 'a.node': '' }, 'name')).toBe('cant-tell')
    expect(stateOf({ 'a.json': '{"other":1}' }, 'name')).toBe('cant-tell')
    expect(stateOf({ 'a.json': '{"name":1}' }, 'name')).toBe('there')
  })
})

describe('a file that is no module', () => {
  const script = (text: string, name = 'name') =>
    stateOf({ 'a.js': text, 'b.js': 'exports.name = 1' }, name, 'commonjs')
  test.each([
    'exports.name = 1',
    'exports.a = exports.name = void 0',
    'module.exports.name = 1',
    "exports['name'] = 1",
    'Object.defineProperty(exports, "name", { enumerable: true, get: function () { return 1 } })',
    'module.exports = { a, name }',
    "module.exports = { 'name': 1, a: require('x') }",
    'exports = module.exports = { name: 1 };',
    "module.exports = require('./b')",
    "__exportStar(require('./b'), exports)",
    'tslib_1.__exportStar(require("./b.js"), exports);',
    'module.exports = __toCommonJS(src_exports);\n0 && (module.exports = { name, other })',
    '0 && (module.exports = {\n  ...require("./b")\n})',
    '"use strict";\nObject.defineProperty(exports, "__esModule", { value: true });\nexports.name = name;',
  ])('%s', (text) => {
    expect(script(text)).toBe('there')
    expect(script(text, 'absent')).toBe('missing')
  })

  test.each([
    ['made by a call', 'module.exports = make()'],
    ['a class', 'class K {}\nmodule.exports = K'],
    ['under names that are worked out', 'for (const key of keys) exports[key] = key'],
    ['what another package gives', "module.exports = require('elsewhere')"],
    ['copied over', "Object.assign(exports, require('elsewhere'))"],
    ['handed to others', 'register(module)'],
    ['wrapped', '(function (root, factory) { factory(exports) })(this, function () {})'],
    ['nested', 'module.exports = { a: { b: 1 } }'],
    ['spread', 'module.exports = { ...more }'],
    ['by its own context', 'for (const key of keys) this[key] = key'],
    ['by eval', "eval('exp' + 'orts.x = 1')"],
    ['behind an address on the same line', "var url = 'http://x'; exports[key] = 1"],
  ])('nobody can tell of one that gives what is %s', (_what, text) => expect(script(text, 'absent')).toBe('cant-tell'))

  test('a name that stands in it somewhere is never missing', () =>
    expect(script("exports.other = 1; const said = 'the absent one'", 'absent')).toBe('cant-tell'))

  test('comments and the helpers of compilers are no uses', () => {
    const text = [
      '/* this module exports one thing */',
      '// exports[key] = 1',
      'var __exportStar = (this && this.__exportStar) || function(m, exports) {',
      '    for (var p in m) if (p !== "default") __createBinding(exports, m, p);',
      '};',
      'exports.name = 1;',
    ].join('\n')
    expect([script(text), script(text, 'absent')]).toEqual(['there', 'missing'])
  })

  test('it always has a default', () => expect(script('exports.a = 1', 'default')).toBe('there'))

  test('written as a module in a package that does not say so, it is read as one', () => {
    expect(script('export const name = 1')).toBe('there')
    expect(script('export const name = 1', 'absent')).toBe('missing')
  })
})

test('where an import and a require get other files, missing is only what is in neither', () => {
  const root = path.join(folder, 'two')
  mkdirSync(root)
  writeFileSync(path.join(root, 'a.mjs'), 'export const a = 1')
  writeFileSync(path.join(root, 'a.cjs'), 'exports.b = 1')
  const files = ['a.mjs', 'a.cjs'].map((name) => path.join(root, name))
  expect(lookForNames(files, ['a', 'b', 'c']).map(({ state }) => state)).toEqual(['there', 'there', 'missing'])
  expect(lookForNames([], ['a']).map(({ state }) => state)).toEqual(['cant-tell'])
})
