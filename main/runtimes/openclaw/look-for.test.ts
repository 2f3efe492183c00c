import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { tempDir } from '../../testing/temp-store.ts'
import { findModule } from './find-module.ts'
import { lookForOpenclaw } from './look-for.ts'
import { lookForNames } from './read-exports.ts'

let home = ''
const write = (name: string, text: string, mode = 0o644): string => {
  const file = path.join(home, name)
  mkdirSync(path.dirname(file), { recursive: true })
  writeFileSync(file, text)
  chmodSync(file, mode)
  return file
}
const json = (value: object) => JSON.stringify(value)
beforeAll(() => {
  home = tempDir()
  write('.openclaw/openclaw.json', '{}')
  const skill = '.openclaw/workspace/skills/orders'
  write(`${skill}/run.mjs`, '')
  write(`${skill}/node_modules/sheets/package.json`, json({ name: 'sheets', main: 'lib/main' }))
  write(`${skill}/node_modules/sheets/lib/main.js`, 'exports.send = 1\nthrow new Error("it was loaded")')
  write(`${skill}/node_modules/sheets/more.js`, '')
  write(
    '.openclaw/workspace/node_modules/@acme/kit/package.json',
    json({
      exports: {
        '.': { browser: './b.js', node: { import: './a.mjs' } },
        './parts/*': './src/*.js',
        './parts/closed/*': null,
        './gone': './gone.js',
      },
    }),
  )
  write(
    '.openclaw/workspace/node_modules/@acme/kit/a.mjs',
    'export { one, two as three }\nexport async function four() {}\nexport default 1\n',
  )
  write('.openclaw/workspace/node_modules/@acme/kit/src/x.js', '')
  write('.openclaw/workspace/node_modules/@acme/kit/src/closed/x.js', '')
  write('own/package.json', json({ name: 'openclaw', version: '2026.9.6', exports: { './plugin-sdk': './sdk.js' } }))
  write('own/sdk.js', '')
  write('own/openclaw.mjs', '')
  write('bin/jq', '#!/bin/sh\n', 0o755)
  write('bin/no-program', 'text')
  write('.local/bin/imsg', '#!/bin/sh\n', 0o755)
})
afterAll(() => {
  vi.unstubAllEnvs()
  rmSync(home, { recursive: true, force: true })
})

test.each([
  ['sheets', 'skills/orders', 'lib/main.js'],
  ['sheets/more', 'skills/orders', 'more.js'],
  // A folder above does not see it.
  ['sheets', '', null],
  ['@acme/kit', 'skills/orders', 'a.mjs'],
  ['@acme/kit/parts/x', '', 'x.js'],
  ['@acme/kit/parts/closed/x', '', null],
  ['@acme/kit/gone', '', null],
  ['@acme/kit/a.mjs', '', null],
  ['openclaw/plugin-sdk', '', 'sdk.js'],
  ['openclaw/other', '', null],
  ['nothing', '', null],
])('%s from “%s” is %s', (name, folder, file) => {
  const found = findModule(name, path.join(home, '.openclaw/workspace', folder), path.join(home, 'own'))
  expect(found === null ? null : found.files[0]?.endsWith(file ?? '-')).toBe(file === null ? null : true)
})

test('an import and a require get what the package says for each', () => {
  const folder = path.join(home, '.openclaw/workspace')
  write(
    '.openclaw/workspace/node_modules/two/package.json',
    json({
      version: '1.2.0',
      exports: { require: './c.cjs', default: './m.mjs' },
    }),
  )
  write('.openclaw/workspace/node_modules/two/c.cjs', '')
  write('.openclaw/workspace/node_modules/two/m.mjs', '')
  const found = findModule('two', folder, null)
  expect(found?.files.map((file) => path.basename(file))).toEqual(['m.mjs', 'c.cjs'])
  expect(found?.version).toBe('1.2.0')
})

test('names are read out of a file, which is not loaded', () => {
  const folder = path.join(home, '.openclaw/workspace')
  const states = (name: string, from: string, names: string[]) =>
    lookForNames(findModule(name, path.join(folder, from), null)?.files ?? [], names).map(({ state }) => state)
  const kit = ['one', 'three', 'four', 'default', 'five', 'two']
  expect(states('@acme/kit', '', kit)).toEqual(['there', 'there', 'there', 'there', 'missing', 'missing'])
  expect(states('sheets', 'skills/orders', ['send', 'other'])).toEqual(['there', 'missing'])
})

test('an agent’s machine says by name what is there, what is not, and what lies where nobody looks', async () => {
  vi.stubEnv('HOME', home)
  vi.stubEnv('USERPROFILE', home)
  vi.stubEnv('OPENCLAW_HOME', '')
  vi.stubEnv('PATH', path.join(home, 'bin'))
  const answer = await lookForOpenclaw({
    stateDir: path.join(home, '.openclaw'),
    entries: [path.join(home, 'own/openclaw.mjs')],
    commands: ['jq', 'no-program', 'imsg', 'nothing'],
    modules: [
      { name: 'sheets', folder: 'skills/orders', exports: ['send', 'append'] },
      { name: 'sheets', folder: '', exports: [] },
    ],
    files: ['skills/orders/run.mjs', 'skills/orders/other.mjs'],
  })
  if (!answer.read) throw new Error(answer.why)
  const states = (all: readonly { name: string; state: string }[]) => all.map(({ name, state }) => [name, state])
  expect(states(answer.value.commands)).toEqual([
    ['jq', 'there'],
    ['no-program', 'missing'],
    ['imsg', 'beside'],
    ['nothing', 'missing'],
  ])
  expect(answer.value.modules).toMatchObject([
    {
      state: 'there',
      exports: [
        { name: 'send', state: 'there' },
        { name: 'append', state: 'missing' },
      ],
    },
    { state: 'missing', where: '' },
  ])
  expect(states(answer.value.files)).toEqual([
    ['skills/orders/run.mjs', 'there'],
    ['skills/orders/other.mjs', 'missing'],
  ])
})

test('an agent that is not there any more is said', async () => {
  const nowhere = { stateDir: '/nowhere', entries: [], commands: [], modules: [], files: [] }
  expect(await lookForOpenclaw(nowhere)).toMatchObject({ read: false })
})
