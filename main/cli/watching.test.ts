import { appendFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test, vi } from 'vitest'
import { cliLab } from '../testing/cli-lab.ts'
import { commandWords, handOver } from './notifier.ts'
import { HandedFinding } from './shapes.ts'

const at = cliLab()
const { boxWords, json, run, start } = at

test('new red findings go to the operator’s own command, once each; one it fails at comes again', async () => {
  const { offeredKey } = await json('box add', 3, ...boxWords('open'))
  await json('box add', 0, ...boxWords('open'), '--accept-host-key', offeredKey.fingerprint)
  const stateDir = path.join(at.sshd.home, '.openclaw')
  mkdirSync(stateDir, { recursive: true })
  writeFileSync(
    path.join(stateDir, 'openclaw.json'),
    JSON.stringify({ channels: { telegram: { enabled: true, botToken: '1:x', dmPolicy: 'open', allowFrom: ['*'] } } }),
  )
  const taken = path.join(at.homeDir, 'taken here')
  const notifier = path.join(at.homeDir, 'tell me.cjs')
  writeFileSync(
    notifier,
    `const fs = require('node:fs'); const [, , file, code] = process.argv
     fs.appendFileSync(file, JSON.stringify(JSON.parse(fs.readFileSync(0, 'utf8'))) + '\\n')
     console.log('told'); process.exitCode = Number(code)`,
  )
  const command = (code: number) => `'${process.execPath}' "${notifier}" '${taken}' ${code}`
  const received = () =>
    readFileSync(taken, 'utf8')
      .trim()
      .split('\n')
      .map((line) => HandedFinding.parse(JSON.parse(line)))
  try {
    const failed = await json('sweep', 7, '--on-finding', command(3))
    expect(failed.err).toContain(`told\nNot handed over: open answers everyone`)
    expect(failed.err).toContain('ended with 3. It is tried again after the next sweep.')
    expect((await json('sweep', 0, '--light', '--on-finding', command(0))).sweep).toMatchObject({ kind: 'light' })
    const [first, again] = received().filter(({ cause }) => cause === 'answers-everyone')
    expect(again).toMatchObject({ findingId: first?.findingId, severity: 'red', boxName: 'open' })
    expect(again?.text).toMatch(/^open answers everyone who writes on Telegram\. \S/)
    const before = received().length
    await json('sweep', 0, '--on-finding', command(0))
    expect(received()).toHaveLength(before)
  } finally {
    rmSync(stateDir, { recursive: true })
  }
  expect((await run('sweep', '--on-finding', ' ')).code).toBe(1)
  const missing = await handOver(commandWords('/no/such/program; rm x'), HandedFinding.parse(received()[0]))
  expect(missing).toContain('/no/such/program; could not be started')
})

test('logs --follow follows the machines, or shows what another console stores; Ctrl-C ends it', async () => {
  const { offeredKey } = await json('box add', 3, ...boxWords('follow-mini'))
  await json('box add', 0, ...boxWords('follow-mini'), '--accept-host-key', offeredKey.fingerprint)
  mkdirSync(path.join(at.sshd.home, '.openclaw/logs'), { recursive: true })
  writeFileSync(path.join(at.sshd.home, '.openclaw/openclaw.json'), '{}')
  const log = path.join(at.sshd.home, '.openclaw/logs/gateway.log')
  const write = (words: string) => appendFileSync(log, `${new Date().toISOString()} [gateway] ${words}\n`)
  write('before')
  const follow = () => {
    const { child, ended } = start('logs', '--follow')
    let [out, err] = ['', '']
    child.stdout?.on('data', (chunk: Buffer) => {
      out += chunk
    })
    child.stderr?.on('data', (chunk: Buffer) => {
      err += chunk
    })
    const wait = (act: () => void) => vi.waitFor(act, { timeout: 60_000, interval: 50 })
    return {
      shows: (words: string) => wait(() => expect(out).toContain(words)),
      says: (words: string) => wait(() => expect(err).toContain(words)),
      interrupt: () => {
        child.kill('SIGINT')
        return ended
      },
    }
  }
  const collecting = follow()
  await collecting.says('follow-mini: followed')
  await collecting.shows('before')
  const showing = follow()
  await showing.says('Another Wheelhouse collects: what it stores is shown.')
  write('meanwhile')
  await Promise.all([collecting.shows('meanwhile'), showing.shows('meanwhile')])
  const outcomes = await Promise.all([collecting.interrupt(), showing.interrupt()])
  expect(outcomes.map(({ code }) => code)).toEqual([0, 0])
  for (const { out } of outcomes) expect(out.match(/before|meanwhile/g)).toEqual(['before', 'meanwhile'])
})
