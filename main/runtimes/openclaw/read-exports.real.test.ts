import { execFile } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { installOpenclaw } from '../../testing/openclaw.ts'
import { findModule } from './find-module.ts'
import { lookForNames } from './read-exports.ts'

const absent = 'aNameThatNoModuleGives'
/** Of each kind so many, in the order of their names. */
const most = 60

/** What an import really gives, asked of a Node of its own: some modules keep it from ending. */
async function given(modules: readonly string[], from: string): Promise<Record<string, string[]>> {
  const source = `
    process.on('uncaughtException', () => {}); process.on('unhandledRejection', () => {})
    const found = {}
    for (const name of ${JSON.stringify(modules)}) {
      try {
        const url = import.meta.resolve(name, ${JSON.stringify(pathToFileURL(from).href)})
        found[name] = Object.keys(await import(url)).filter((key) => key !== 'module.exports')
      } catch {}
    }
    process.stdout.write('\\n@@' + JSON.stringify(found) + '@@\\n', () => process.exit())`
  const args = ['--experimental-import-meta-resolve', '--input-type=module', '-e', source]
  const options = { cwd: path.dirname(from), timeout: 100_000, maxBuffer: 64_000_000 }
  const { stdout } = await promisify(execFile)(process.execPath, args, options)
  return JSON.parse(stdout.split('@@')[1] ?? '')
}

test('of what OpenClaw brings no name that an import gives is called missing, and one that none gives is in many', async () => {
  const { root } = await installOpenclaw('2026.9.6')
  const modules = path.dirname(root)
  const { exports } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as { exports: object }
  const own = Object.keys(exports).flatMap((key) =>
    key.startsWith('./plugin-sdk/') && !key.includes('*') ? [`openclaw${key.slice(1)}`] : [],
  )
  const others = readdirSync(modules).filter((name) => !name.startsWith('.') && !name.startsWith('@'))
  const asked = [...own.slice(0, most), ...others.filter((name) => name !== 'openclaw').slice(0, most)]
  const really = await given(asked, path.join(modules, 'x.mjs'))
  expect(Object.keys(really).length).toBeGreaterThan(most)
  const wrong: string[] = []
  let certain = 0
  for (const [module, names] of Object.entries(really)) {
    const files = findModule(module, path.dirname(modules), null)?.files ?? []
    if (files.length === 0) wrong.push(`${module} was not found`)
    for (const { name, state } of lookForNames(files, [...names, absent])) {
      if (name === absent && state === 'missing') certain += 1
      if (name === absent ? state === 'there' : state === 'missing') wrong.push(`${module}: ${name} is ${state}`)
    }
  }
  expect(wrong).toEqual([])
  expect(certain).toBeGreaterThan(most / 2)
}, 120_000)
