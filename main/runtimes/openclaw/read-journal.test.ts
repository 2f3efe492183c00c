import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { tempDir } from '../../testing/temp-store.ts'
import type { ReadLine } from '../read-log.ts'
import { readJournal } from './read-journal.ts'

const startUs = Date.UTC(2026, 10, 20, 12) * 1000
const readLine: ReadLine = (text) => ({
  ...{ at: null, level: null, subsystem: null, runId: null, sessionId: null, channel: null },
  ...{ text, more: null },
})
let dir: string
/** What the command was asked, a line each time. */
const asked = () => readFileSync(path.join(dir, 'asked'), 'utf8').trim().split('\n')

/** A `journalctl` that prints what stands in a file, and notes what it was asked. */
beforeEach(() => {
  dir = tempDir()
  mkdirSync(path.join(dir, 'bin'))
  mkdirSync(path.join(dir, 'run/systemd/system'), { recursive: true })
  const command = path.join(dir, 'bin/journalctl')
  writeFileSync(command, `#!/bin/sh\necho "$@" >> '${dir}/asked'\ncat '${dir}/entries'\nexit $(cat '${dir}/code')\n`)
  chmodSync(command, 0o755)
  writeFileSync(path.join(dir, 'code'), '0')
  vi.stubEnv('PATH', `${dir}/bin:${process.env.PATH}`)
  vi.stubEnv('XDG_RUNTIME_DIR', path.join(dir, 'run/user'))
})
afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(dir, { recursive: true, force: true })
})

const entry = (number: number, message: unknown = `line ${number}`, priority = '6') =>
  JSON.stringify({ __REALTIME_TIMESTAMP: String(startUs + number), MESSAGE: message, PRIORITY: priority })
const prints = (...entries: string[]) => writeFileSync(path.join(dir, 'entries'), `${entries.join('\n')}\n`)
const unit = (file: string) => ({ kind: 'systemd' as const, name: 'openclaw-gateway.service', file, command: [] })
const system = unit('/etc/systemd/system/openclaw-gateway.service')
const read = (...[service, cursors]: [typeof system, Parameters<typeof readJournal>[1]]) =>
  readJournal(service, cursors, readLine, path.join(dir, 'run'))
const textsOf = ({ lines }: Awaited<ReturnType<typeof read>>) => lines.map(({ text }) => text)

test('what a unit printed comes once: first all of it, then from the last entry on', async () => {
  prints(entry(1), 'no JSON', entry(2, [0x68, 0xc3, 0xa9, 0xff]), entry(3, 'it failed', '3'))
  const first = await read(system, [])
  expect(textsOf(first)).toEqual(['line 1', 'hé\ufffd', 'it failed'])
  expect(first.lines[2]).toMatchObject({
    level: 'error',
    source: 'service',
    file: 'journal:openclaw-gateway.service',
    at: startUs / 1000,
  })
  expect(asked()[0]).toMatch(/^-u openclaw-gateway\.service -o json --no-pager .*-n 2000$/)

  // Its time is not exact enough to leave the last one away: it is passed over here.
  prints(entry(3, 'it failed', '3'), entry(4))
  const second = await read(system, first.cursors)
  expect(textsOf(second)).toEqual(['line 4'])
  expect(asked()[1]).toContain(` --since=@${((startUs + 3) / 1e6).toFixed(6)}`)
  expect((await read(system, second.cursors)).lines).toEqual([])
})

test('a unit of the login is asked as such, and only where its manager runs', async () => {
  prints(entry(1))
  const own = unit('/home/kit/.config/systemd/user/openclaw-gateway.service')
  expect((await read(own, [])).lines).toEqual([])
  mkdirSync(path.join(dir, 'run/user/systemd'), { recursive: true })
  writeFileSync(path.join(dir, 'run/user/systemd/private'), '')
  expect(textsOf(await read(own, []))).toEqual(['line 1'])
  expect(asked()).toEqual([expect.stringMatching(/^--user -u /)])
})

test('as many entries as are asked for are a gap with a name; a command that fails keeps the place', async () => {
  prints(...Array.from({ length: 2000 }, (_, at) => entry(at + 1)))
  const { lines, gaps, cursors } = await read(system, [])
  expect(lines).toHaveLength(2000)
  expect(gaps).toMatchObject([{ reason: 'too-much', source: 'service', toAt: startUs / 1000 }])
  writeFileSync(path.join(dir, 'code'), '1')
  expect(await read(system, cursors)).toMatchObject({ lines: [], gaps: [], cursors })
})

test('without systemd nothing is asked', async () => {
  rmSync(path.join(dir, 'run/systemd'), { recursive: true })
  prints(entry(1))
  expect((await read(system, [])).lines).toEqual([])
  expect(() => asked()).toThrow()
})
