// Packs the app against a dummy Electron and says what is inside that should not be, and what is missing.
// The dummy carries a real fuse wire, so the fuses are read back after the packager has set them.
import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import * as asar from '@electron/asar'

const root = path.resolve(import.meta.dirname, '..')
const work = mkdtempSync(path.join(os.tmpdir(), 'wheelhouse-package-'))
const sentinel = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX'
/** Electron's fuses in the order of the wire, with what each must be. Null: left as Electron ships it. */
const fuses = [
  ['RunAsNode', false],
  ['EnableCookieEncryption', true],
  ['EnableNodeOptionsEnvironmentVariable', false],
  ['EnableNodeCliInspectArguments', false],
  ['EnableEmbeddedAsarIntegrityValidation', true],
  ['OnlyLoadAppFromAsar', true],
  ['LoadBrowserProcessSpecificV8Snapshot', null],
  ['GrantFileProtocolExtraPrivileges', false],
]
/** As Electron ships: RunAsNode, NodeOptions, NodeCliInspect and GrantFileProtocolExtraPrivileges on. */
const shippedWire = '10110001'

const problems = []
const check = (holds, sentence) => {
  if (!holds) problems.push(sentence)
}

async function makeDummy() {
  const dummy = path.join(work, 'electron')
  mkdirSync(path.join(dummy, 'locales'), { recursive: true })
  mkdirSync(path.join(dummy, 'resources'))
  const wire = Buffer.concat([Buffer.from(sentinel), Buffer.from([1, shippedWire.length]), Buffer.from(shippedWire)])
  writeFileSync(path.join(dummy, 'electron'), Buffer.concat([Buffer.from('#!/bin/sh\nexit 1\n'), wire]))
  chmodSync(path.join(dummy, 'electron'), 0o755)
  for (const name of ['LICENSE', 'LICENSES.chromium.html', 'chrome-sandbox', 'locales/en-US.pak'])
    writeFileSync(path.join(dummy, name), '')
  writeFileSync(
    path.join(dummy, 'version'),
    JSON.parse(readFileSync(path.join(root, 'node_modules/electron/package.json'), 'utf8')).version,
  )
  const empty = path.join(work, 'empty')
  mkdirSync(empty)
  writeFileSync(path.join(empty, 'main.js'), '')
  await asar.createPackage(empty, path.join(dummy, 'resources/default_app.asar'))
  return dummy
}

function pack(dummy) {
  const cli = path.join(root, 'node_modules/electron-builder/cli.js')
  const args = [
    '--linux',
    'dir',
    '--x64',
    '--publish',
    'never',
    '--config',
    'electron-builder.yml',
    `-c.electronDist=${dummy}`,
    `-c.directories.output=${path.join(work, 'dist')}`,
  ]
  const packed = spawnSync(process.execPath, [cli, ...args], { cwd: root, encoding: 'utf8' })
  if (packed.status !== 0)
    throw new Error(`electron-builder ended with ${packed.status}:\n${packed.stdout}\n${packed.stderr}`)
  return path.join(work, 'dist/linux-unpacked')
}

function checkFuses(folder) {
  const binary = readFileSync(path.join(folder, 'wheelhouse'))
  const at = binary.indexOf(sentinel)
  check(at > 0, 'the fuse wire is gone')
  const wire = binary.subarray(at + sentinel.length + 2, at + sentinel.length + 2 + shippedWire.length).toString()
  for (const [number, [name, wanted]] of fuses.entries()) {
    if (wanted !== null) check(wire[number] === (wanted ? '1' : '0'), `fuse ${name} is not ${wanted ? 'on' : 'off'}`)
  }
}

function checkContents(files) {
  const within = (pattern) => files.filter((file) => pattern.test(file))
  const absent = [
    [/\.test\.|\.spec\./, 'a test'],
    [/^\/(main|renderer|preload|shared|scripts|e2e|bench|docs)\//, 'a source'],
    [/node-linux-/, 'the bundled Node'],
    [/standin/, 'the stand-in'],
    [/testing/, 'the testing folder'],
    [/\.map$/, 'a source map'],
    [/^\/out\/main\/cli\.js$/, 'the command line'],
    [/^\/out\/(e2e|reports)/, 'a report'],
    [/node_modules\/(cpu-features|nan|buildcheck)\//, 'an optional native part of ssh2'],
    [/node_modules\/better-sqlite3\/(deps|src)\//, 'the sources of SQLite'],
    [/node_modules\/(electron|vite|vitest|react|playwright|@playwright)\//, 'a development dependency'],
    [/\.(pem|key|env)$|id_(rsa|ed25519)/, 'a key'],
  ]
  for (const [pattern, name] of absent) check(within(pattern).length === 0, `${name} is inside: ${within(pattern)[0]}`)
  const present = [
    '/package.json',
    '/out/main/index.js',
    '/out/main/engine.js',
    '/out/main/demo-box.js',
    '/out/main/log-reader.js',
    '/out/main/log-writer.js',
    '/out/preload/index.cjs',
    '/out/renderer/index.html',
    '/out/box/probe.js',
    '/resources/tray.png',
    '/resources/trayTemplate.png',
    '/node_modules/better-sqlite3/prebuilds/linux-x64.node',
  ]
  for (const file of present) check(files.includes(file), `${file} is missing`)
  check(
    within(/\.node$/).every((file) => file.includes('linux')),
    'a native part for another system is inside',
  )
}

/** No text of the stand-in, of the testing folder or of a test runner may have been bundled. */
function checkBundles(app) {
  for (const file of asar.listPackage(app).filter((name) => /^[\\/]out[\\/]main[\\/].*\.js$/.test(name))) {
    const text = asar.extractFile(app, file.replace(/^[\\/]/, '')).toString()
    for (const mark of ['remote-debugging-pipe', 'main/testing/', 'vitest', 'WHEELHOUSE_STANDIN'])
      check(!text.includes(mark), `${file} contains "${mark}"`)
  }
}

/** What is packed must be complete: the two modules with native or optional parts load from it, and work. */
function checkLoads(app, resources) {
  const extracted = path.join(work, 'app')
  asar.extractAll(app, extracted)
  check(
    existsSync(path.join(resources, 'app.asar.unpacked/node_modules/better-sqlite3/prebuilds/linux-x64.node')),
    'the native part of SQLite is not unpacked',
  )
  const code = `
    const Database = require('better-sqlite3')
    const version = new Database(':memory:').prepare('select sqlite_version() as version').get().version
    if (!version || typeof require('ssh2').Client !== 'function') process.exit(1)
    console.log('loads from the package: SQLite ' + version + ', ssh2')`
  if (process.platform !== 'linux') return
  const loaded = spawnSync(process.execPath, ['-e', code], {
    cwd: extracted,
    encoding: 'utf8',
    env: { PATH: process.env.PATH ?? '' },
  })
  check(loaded.status === 0, `the packed modules do not load: ${loaded.stderr}`)
  process.stdout.write(loaded.stdout)
}

try {
  if (!existsSync(path.join(root, 'out/main/index.js'))) throw new Error('Nothing is built: run `npm run build` first.')
  const folder = pack(await makeDummy())
  const app = path.join(folder, 'resources/app.asar')
  const files = asar.listPackage(app).map((file) => file.replaceAll('\\', '/'))
  checkFuses(folder)
  checkContents(files)
  checkBundles(app)
  checkLoads(app, path.join(folder, 'resources'))
  for (const problem of problems) console.error(`package: ${problem}`)
  console.log(`package: ${files.length} entries, ${problems.length} problems`)
} finally {
  rmSync(work, { recursive: true, force: true })
}
process.exit(problems.length === 0 ? 0 : 1)
