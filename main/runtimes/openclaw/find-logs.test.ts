import { mkdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { tempDir } from '../../testing/temp-store.ts'
import { findLogs, profileSegment } from './find-logs.ts'
import { readOwnLog } from './read-own-log.ts'

const home = tempDir()
afterAll(() => rmSync(home, { recursive: true, force: true }))
const temp = path.join(home, 'temp')
const place = { platform: 'win32', home, temp, uid: 501, isFirst: true }
const agent = (profile: string) => ({
  profile,
  stateDir: path.join(home, profile === 'default' ? '.openclaw' : `.openclaw-${profile}`),
  configPath: path.join(home, '.openclaw/openclaw.json'),
})
const write = (file: string, atMs: number): void => {
  mkdirSync(path.dirname(file), { recursive: true })
  writeFileSync(file, `{"time":"${new Date(atMs).toISOString()}","message":"x"}\n`)
  utimesSync(file, atMs / 1000, atMs / 1000)
}
const names = (profile: string, settings: object, change: object = {}, source = 'runtime') =>
  findLogs(agent(profile), settings as Record<string, unknown>, { ...place, ...change }, [])
    .filter((family) => family.source === source)
    .flatMap(({ files }) => [...files()])
    .map((file) => path.relative(home, file))

const dayMs = 86_400_000
const nowMs = Date.parse('2026-11-28T12:00:00Z')

test.each([
  ['default', ''],
  ['work', 'work'],
  ['Work_1-a', '-1work-01--a'],
])('a profile in the name of its log: %s', (profile, segment) => expect(profileSegment(profile)).toBe(segment))

test('files a day: the agent’s own, and those without a name for the first', () => {
  for (const name of [
    'openclaw-2026-11-27.log',
    'openclaw-2026-11-28.1.log',
    'openclaw-2026-11-28.log',
    'openclaw-work-2026-11-28.log',
    'other-2026-11-28.log',
  ])
    write(path.join(temp, 'openclaw-501', name), nowMs)
  const own = ['openclaw-2026-11-27.log', 'openclaw-2026-11-28.1.log', 'openclaw-2026-11-28.log'].map(
    (name) => `temp/openclaw-501/${name}`,
  )
  expect(names('default', {})).toEqual(own)
  expect(names('work', {}, { isFirst: false })).toEqual(['temp/openclaw-501/openclaw-work-2026-11-28.log'])
  expect(names('work', {})).toEqual([...own, 'temp/openclaw-501/openclaw-work-2026-11-28.log'])
})

test('a named file with what was rotated away from it, in every form', () => {
  for (const name of ['a.log', 'a.1.log', 'a.log.2.gz', 'a.log-20261127', 'a.log-20261126.gz', 'ab.log', 'a.log.bak'])
    write(path.join(home, 'logs', name), nowMs)
  expect(names('default', { logging: { file: '~/logs/a.log' } })?.map((file) => path.basename(file))).toEqual([
    'a.1.log',
    'a.log',
    'a.log-20261126.gz',
    'a.log-20261127',
    'a.log.2.gz',
  ])
})

test('what a service printed, restarts and crash reports', () => {
  for (const name of ['gateway.log', 'gateway.err.log', 'gateway-restart.log', 'stability/openclaw-stability-x.json'])
    write(path.join(home, '.openclaw/logs', name), nowMs)
  write(path.join(home, 'Library/Logs/openclaw/gateway.log'), nowMs)
  expect(names('default', {}, { platform: 'darwin' }, 'service')).toEqual([
    'Library/Logs/openclaw/gateway.log',
    '.openclaw/logs/gateway.log',
    '.openclaw/logs/gateway.err.log',
  ])
  expect(names('default', {}, {}, 'restart')).toEqual(['.openclaw/logs/gateway-restart.log'])
  expect(names('default', {}, {}, 'stability')).toEqual(['.openclaw/logs/stability/openclaw-stability-x.json'])
})

test('how far back a log reaches', async () => {
  const file = path.join(home, 'kept', 'b.log')
  const settings = { logging: { file } }
  expect(await readOwnLog(agent('default'), settings, place)).toMatchObject({ read: false })
  write(file, nowMs)
  for (const number of [1, 2, 3, 4]) write(file.replace('.log', `.${number}.log`), nowMs - number * dayMs)
  expect(await readOwnLog(agent('default'), settings, place)).toEqual({
    read: true,
    source: file,
    value: { daily: false, full: false, oldestAtMs: nowMs - 4 * dayMs, files: 5 },
  })
  write(file.replace('.log', '.5.log'), nowMs - 5 * dayMs)
  expect(await readOwnLog(agent('default'), settings, place)).toMatchObject({
    value: { full: true, oldestAtMs: nowMs - 5 * dayMs, files: 6 },
  })
  expect(await readOwnLog(agent('default'), {}, place)).toMatchObject({ value: { daily: true, full: false } })
})
