import { appendFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { LogRecord } from '../../shared/contract/index.ts'
import { type LogsLab, logsLab } from '../testing/logs-lab.ts'
import { startRealBox } from '../testing/real-box.ts'
import { tempDir } from '../testing/temp-store.ts'
import { testEngine } from '../testing/test-engine.ts'

let lab: LogsLab
beforeAll(() => {
  lab = logsLab()
})
afterAll(() => lab.close())

const jsonLine = (number: number, words: string): string =>
  JSON.stringify({
    0: '{"subsystem":"gateway"}',
    1: `line ${number} ${words}`,
    _meta: { logLevelName: 'INFO', date: new Date(1_795_000_000_000 + number).toISOString() },
    time: new Date(1_795_000_000_000 + number).toISOString(),
    message: `line ${number} ${words}`,
  })
const lines = (records: readonly LogRecord[]) => records.flatMap((record) => (record.kind === 'line' ? [record] : []))
const numbers = (records: readonly LogRecord[]): number[] =>
  lines(records).map(({ text }) => Number(/line (\d+)/.exec(text)?.[1]))
const upTo = (count: number): number[] => Array.from({ length: count }, (_, at) => at + 1)

test('many answers bring every line once, with its columns, from each kind of log', async () => {
  const { boxId, home } = await lab.box()
  const count = 12_000
  const log = path.join(home, 'openclaw.log')
  writeFileSync(
    log,
    upTo(count)
      .map((number) => `${jsonLine(number, 'of the day, sent in 230 ms')}\n`)
      .join(''),
  )
  writeFileSync(path.join(home, '.openclaw/logs/gateway.log'), '2026-11-19T09:00:00.000Z [gateway] printed\nno time\n')
  writeFileSync(
    path.join(home, '.openclaw/logs/gateway-restart.log'),
    '[2026-11-19T10:00:00.000Z] openclaw gateway lifecycle source=cli\n',
  )
  await lab.collect(boxId)
  const records = await lab.records(boxId)
  expect(numbers(records.filter(({ source }) => source === 'runtime'))).toEqual(upTo(count))
  expect(lines(records)[5]).toMatchObject({ level: 'info', subsystem: 'gateway', more: null })
  expect(
    records.filter(({ source }) => source === 'service').map((record) => record.kind === 'line' && record.text),
  ).toEqual(['printed', 'no time'])
  expect(records.filter(({ source }) => source === 'restart')).toHaveLength(1)
  appendFileSync(log, `${jsonLine(count + 1, 'new')}\n`)
  await lab.collect(boxId)
  await lab.collect(boxId)
  expect(numbers((await lab.records(boxId)).filter(({ source }) => source === 'runtime'))).toEqual(upTo(count + 1))
}, 60_000)

test('no secret is in the store, on a page or in an export', async () => {
  const { boxId, home } = await lab.box()
  // Put together here: whoever looks for secrets in this file finds none.
  const secrets = [
    'sk-proj-abc123DEF456ghi789JKL',
    `ghp_${'16C7e42F292c6912E7710c838347Ae17'}`,
    'hunter2',
    '4111111111111111',
    '+15551234567',
    'dana@example.com',
    'see you at nine',
  ]
  const words = `key sk-proj-abc123DEF456ghi789JKL and ghp_16C7e42F292c6912E7710c838347Ae17, password=hunter2 card 4111111111111111 to +15551234567 dana@example.com text="see you at nine"`
  writeFileSync(path.join(home, 'openclaw.log'), `${jsonLine(1, words)}\n${jsonLine(2, 'harmless')}\n`)
  writeFileSync(path.join(home, '.openclaw/logs/gateway.log'), `2026-11-19T09:00:00.000Z [gateway] line 3 ${words}\n`)
  await lab.collect(boxId)
  const page = JSON.stringify(await lab.records(boxId))
  const { text, lines: many } = await lab.logs.export({
    query: { boxIds: [boxId] },
    from: 'oldest',
    format: 'json-lines',
  })
  expect(many).toBe(3)
  const files = readdirSync(lab.dataDir)
    .filter((name) => /\.db(-wal)?$/.test(name))
    .map((name) => readFileSync(path.join(lab.dataDir, name), 'latin1'))
  expect(files.join()).toContain('line 2 harmless')
  for (const secret of secrets) for (const place of [page, text, ...files]) expect(place).not.toContain(secret)
  expect(page).toMatch(/⟨phone [0-9a-f]{8}…567⟩/)
}, 30_000)

test('a box that goes away in between is no finding, and its log goes on at the next answer', async () => {
  const { boxId, home, sshd } = await lab.box()
  writeFileSync(
    path.join(home, 'openclaw.log'),
    upTo(8000)
      .map((number) => `${jsonLine(number, 'x'.repeat(40))}\n`)
      .join(''),
  )
  lab.collector.answered(boxId, 0)
  await vi.waitFor(async () => expect((await lab.logs.cursors(boxId)).length).toBe(1), { timeout: 20_000, interval: 5 })
  await sshd.dropConnections()
  await lab.collector.idle()
  expect(lab.findings.open().map(({ cause }) => cause)).toEqual([])
  await lab.collect(boxId)
  expect(numbers(await lab.records(boxId))).toEqual(upTo(8000))
}, 60_000)

test('a sweep of the engine brings the logs of a box behind it', async () => {
  const [dataDir, homes] = [tempDir(), tempDir()]
  const engine = await testEngine(dataDir)
  const real = await startRealBox(engine, homes, {
    name: 'front-desk',
    entry: path.join(homes, 'nothing.mjs'),
    settings: {},
  })
  writeFileSync(path.join(real.home, 'openclaw.log'), `${jsonLine(1, 'here')}\n`)
  await engine.client.sweep.start({})
  const query = { boxIds: [real.boxId] }
  await vi.waitFor(
    async () => {
      const { records } = await engine.client.logs.page({ query, at: 'newest', direction: 'older', limit: 10 })
      expect(numbers(records)).toEqual([1])
    },
    { timeout: 30_000, interval: 100 },
  )
  await engine.close()
  await real.stop()
}, 60_000)
