import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { BoxId } from '../../shared/contract/index.ts'
import { systemClock } from '../base/clock.ts'
import { FaultError } from '../base/fault-error.ts'
import { silentLog } from '../base/log.ts'
import type { ProbeRequest } from '../runtimes/observed.ts'
import { localSsh } from '../testing/local-ssh.ts'
import { installOldNode } from '../testing/openclaw.ts'
import { asciiLine } from './bootstrap.ts'
import { createOnbox, type OnboxOptions } from './onbox.ts'

const boxId = 'box1' as BoxId
const built = path.resolve('out/box')
const question: ProbeRequest = {
  fingerprintKey: 'ab'.repeat(32),
  testHandles: [],
  validate: false,
  ownCommandMs: 20_000,
  stateDirs: [],
  entries: [],
  folders: [],
}
let folder: string
let home: string

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'wh-onbox-'))
  home = path.join(folder, 'home')
  mkdirSync(path.join(home, '.openclaw'), { recursive: true })
  writeFileSync(path.join(home, '.openclaw/openclaw.json'), '{gateway: {port: 19999, auth: {token: "hunter2hunter2"}}}')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** A box of this machine; `programs` replaces the built programs, `launcher` what the inventory remembers. */
function box(
  options: {
    launcher?: string | null
    program?: string
    shell?: string[]
    env?: NodeJS.ProcessEnv
  } & Partial<OnboxOptions> = {},
) {
  const ssh = localSsh({ shell: options.shell, env: { PATH: process.env.PATH, HOME: home, ...options.env } })
  let launcher = options.launcher === undefined ? 'node' : options.launcher
  let boxProgramsDir = built
  if (options.program !== undefined) {
    boxProgramsDir = mkdtempSync(path.join(folder, 'programs-'))
    writeFileSync(path.join(boxProgramsDir, 'probe.js'), options.program)
  }
  const inventory = {
    box: () => ({ name: 'till-1', launcher }) as never,
    setLauncher: (_: BoxId, found: string | null) => {
      launcher = found
    },
  }
  const onbox = createOnbox({ ssh, inventory, clock: systemClock, log: silentLog, boxProgramsDir, ...options })
  return {
    onbox,
    ssh,
    launcher: () => launcher,
    probe: (deadlineMs = 20_000) => onbox.probe(boxId, question, { deadlineMs }),
  }
}

async function faultOf(promise: Promise<unknown>) {
  const error = await promise.then(
    () => null,
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof FaultError)) throw new Error(`expected a fault, got ${String(error)}`)
  return error.fault
}

describe('a probe', () => {
  it('answers with the machine and its agents', async () => {
    const { onbox, probe } = box()
    const observed = await probe()
    onbox.close()
    expect(observed.machine.home).toBe(home)
    expect(observed.agents).toHaveLength(1)
    expect(JSON.stringify(observed)).not.toContain('hunter2')
    expect(observed.agents[0]?.config).toMatchObject({ read: true, value: { parses: true } })
  })

  it('leaves its program running for the next question', async () => {
    const { onbox, ssh, probe } = box()
    await probe()
    await Promise.all([probe(), probe(), probe()])
    expect(ssh.commands).toHaveLength(1)
    onbox.close()
    expect(ssh.openConnections).toBe(0)
  })

  it('shares one program between questions that come at once to a cold box', async () => {
    const { onbox, ssh, probe } = box()
    const answers = await Promise.all([probe(), probe(), probe()])
    expect(answers.map(({ machine }) => machine.home)).toEqual([home, home, home])
    expect(ssh.commands).toHaveLength(1)
    onbox.close()
  })

  it('starts a program each time when nothing may stay', async () => {
    const { ssh, probe } = box({ keepWarm: () => false })
    await probe()
    await probe()
    expect(ssh.commands).toHaveLength(2)
    expect(ssh.openConnections).toBe(0)
  })
})

/** A program that says ready and then does `then` (JavaScript). */
const says = (then: string) => `process.stdout.write('@@WHEELHOUSE-NONCE@@ {"ready":true,"node":"v24.0.0"}\\n');${then}`

/** Text that would rename the window of a terminal. */
const steering = '\u001b]0;owned\u0007'
const answers = (value: object) => `process.stdout.write(${JSON.stringify(`@@WHEELHOUSE-NONCE@@ ${asciiLine(value)}`)})`

describe('a box that misbehaves', () => {
  it('has no Node: names what was tried', async () => {
    const bare = path.join(folder, 'bare.sh')
    writeFileSync(bare, 'echo "sh: 1: node: not found" >&2; exit 127\n')
    const fault = await faultOf(box({ launcher: null, shell: ['sh', bare] }).probe())
    expect(fault).toMatchObject({ code: 'no-node', boxName: 'till-1' })
    expect((fault as { tried: string[] }).tried).toContain('/opt/homebrew/bin/node')
  })

  it('has Node 12 alone: says which and what is needed', async () => {
    const node = await installOldNode()
    const old = path.join(folder, 'old.sh')
    writeFileSync(
      old,
      `case "$1" in node\\ *) PATH="${path.dirname(node)}"; export PATH; eval "$1";; *) exit 127;; esac\n`,
    )
    for (const launcher of [null, 'node']) {
      const fault = await faultOf(box({ launcher, shell: ['sh', old] }).probe())
      expect(fault).toEqual({ code: 'node-too-old', boxName: 'till-1', found: 'v12.22.12', needed: '18' })
    }
  }, 300_000)

  it('lost its stored Node: another is found and remembered', async () => {
    const { onbox, probe, launcher } = box({ launcher: '/gone/bin/node' })
    await probe()
    onbox.close()
    expect(launcher()).toBe('node')
  })

  it('sends 200 MB: refused long before the end', async () => {
    const flood =
      "var c=Buffer.alloc(65536,120),sent=0;(function more(){while(sent++<3200){if(!process.stdout.write(c))return process.stdout.once('drain',more)}})()"
    const before = process.memoryUsage().rss
    const fault = await faultOf(box({ program: says(flood) }).probe())
    expect(fault).toEqual({ code: 'answer-too-large', boxName: 'till-1', limitBytes: 8_000_000 })
    expect(process.memoryUsage().rss - before).toBeLessThan(100_000_000)
  })

  it('sends one endless answer: refused too', async () => {
    const flood =
      "process.stdout.write('@@WHEELHOUSE-NONCE@@ {');var c=Buffer.alloc(65536,120);(function more(){while(process.stdout.write(c));process.stdout.once('drain',more)})()"
    expect(await faultOf(box({ program: says(flood) }).probe())).toMatchObject({ code: 'answer-too-large' })
  })

  it('sends broken JSON', async () => {
    const program = says(
      'process.stdin.once(\'data\',function(){process.stdout.write(\'@@WHEELHOUSE-NONCE@@ {"id":1,"ok":{\\n\')});process.stdin.resume()',
    )
    const fault = await faultOf(box({ program }).probe())
    expect(fault).toMatchObject({ code: 'answer-not-understood', boxName: 'till-1' })
  })

  it('answers something else than was asked', async () => {
    const program = says(
      'process.stdin.on(\'data\',function(){process.stdout.write(\'@@WHEELHOUSE-NONCE@@ {"id":1,"ok":{"machine":7}}\\n\')})',
    )
    expect(await faultOf(box({ program }).probe())).toMatchObject({ code: 'answer-not-understood' })
  })

  it('crashes: the exit code and its last words', async () => {
    const program = says("setTimeout(function(){throw new Error('disk on fire')},20)")
    const fault = await faultOf(box({ program }).probe())
    expect(fault).toMatchObject({ code: 'program-crashed', exitCode: 1 })
    expect((fault as { lastLines: string }).lastLines).toContain('disk on fire')
  })

  it.each([
    ['dies', `process.stderr.write(${JSON.stringify(steering)});process.exit(3)`],
    ['says that it failed', `process.stdin.once('data',function(){${answers({ id: 1, error: steering })}})`],
    ['answers no JSON', `process.stdout.write(${JSON.stringify(`@@WHEELHOUSE-NONCE@@ ${steering}\n`)})`],
  ])('%s with marks that steer a terminal: they are made visible', async (_, then) => {
    const fault = await faultOf(box({ program: says(then) }).probe())
    expect(JSON.stringify(fault)).toContain('⟨001B⟩]0;owned⟨0007⟩')
    expect(JSON.stringify(fault)).not.toContain('\\u001b')
  })

  it('is too old with such marks: they are made visible', async () => {
    const fault = await faultOf(box({ program: answers({ tooOld: steering, needed: steering }) }).probe())
    expect(fault).toMatchObject({ code: 'node-too-old', found: '⟨001B⟩]0;owned⟨0007⟩', needed: '⟨001B⟩]0;owned⟨0007⟩' })
  })

  it('says that it is too old after it was ready: refused', async () => {
    const fault = await faultOf(box({ program: says(answers({ tooOld: 'v1.0.0' })) }).probe())
    expect(fault).toMatchObject({ code: 'answer-not-understood' })
  })

  it('answers what nobody asked, without end: refused', async () => {
    const program = says(`(function more(){while(${answers({ id: 77, ok: 1 })});process.stdout.once('drain',more)})()`)
    expect(await faultOf(box({ program }).probe())).toMatchObject({ code: 'answer-not-understood' })
  })

  it('never answers: the deadline ends it', async () => {
    const fault = await faultOf(box({ program: says('process.stdin.resume()') }).probe(1500))
    expect(fault).toMatchObject({ code: 'timed-out', phase: 'answer' })
  })

  it('drops the connection mid-answer', async () => {
    const { probe, ssh } = box({
      program: says("process.stdin.resume();process.stdout.write('@@WHEELHOUSE-NONCE@@ {')"),
    })
    const answer = faultOf(probe())
    await expect.poll(() => ssh.commands.length).toBe(1)
    setTimeout(() => ssh.cut(), 300)
    expect(await answer).toMatchObject({ code: 'connection-lost' })
  })

  it('is asked anew after a fault, not written off', async () => {
    const { onbox, probe, ssh } = box()
    await probe()
    ssh.cut()
    await probe()
    onbox.close()
    expect(ssh.commands).toHaveLength(2)
  })

  it('has a login shell that chatters', async () => {
    const noisy = path.join(folder, 'noisy.sh')
    writeFileSync(noisy, 'echo "Welcome to <b>till-1</b> \\033[31m"; echo "{}"; eval "$1"\n')
    const { onbox, probe } = box({ shell: ['sh', noisy] })
    expect((await probe()).agents).toHaveLength(1)
    onbox.close()
  })

  it('is given up when the operator cancels', async () => {
    const { onbox } = box({ program: says('process.stdin.resume()') })
    const cancel = new AbortController()
    const answer = faultOf(onbox.probe(boxId, question, { deadlineMs: 20_000, signal: cancel.signal }))
    setTimeout(() => cancel.abort(), 200)
    expect(await answer).toMatchObject({ code: 'cancelled' })
  })
})
