import { type ChildProcess, spawn } from 'node:child_process'
import { rmSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, vi } from 'vitest'
import { type Answer, type CommandName, shapes } from '../cli/shapes.ts'
import { type SshdBox, startSshdBox } from './sshd-box.ts'
import { tempDir } from './temp-store.ts'

/** Bundled by the set-up of the tests. */
const cli = path.resolve('out/test/cli.js')

export interface CliOutcome {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

/** The command line as the tests of one file run it: one sshd box for all of them, a new data folder for each. */
export interface CliLab {
  readonly sshd: SshdBox
  /** Holds no one's keys. */
  readonly homeDir: string
  /** Not there yet when a test begins. */
  dataDir: string
  /** A process of its own. */
  start(...words: string[]): { child: ChildProcess; ended: Promise<CliOutcome> }
  run(...words: string[]): Promise<CliOutcome>
  /** Runs with `--json`, checks the answer against the documented shape and that nothing else stood on stdout. */
  json<Name extends CommandName>(name: Name, code: number, ...words: string[]): Promise<Answer<Name> & { err: string }>
  /** What `box add` is told of the sshd box. */
  boxWords(name: string): string[]
}

/** Registers what has to happen before and after the tests of the file. */
export function cliLab(): CliLab {
  // Each command is a process of its own, and several stand in one test.
  vi.setConfig({ testTimeout: 120_000 })
  let sshd: SshdBox
  let homeDir = ''
  beforeAll(async () => {
    sshd = await startSshdBox({ env: { PATH: process.env.PATH ?? '' } })
    homeDir = tempDir()
  })
  afterAll(async () => {
    await sshd.stop()
    rmSync(homeDir, { recursive: true, force: true })
  })
  let made = 0
  beforeEach(() => {
    made += 1
    lab.dataDir = path.join(homeDir, `data-${made}`)
  })
  const lab: CliLab = {
    get sshd() {
      return sshd
    },
    get homeDir() {
      return homeDir
    },
    dataDir: '',
    start(...words) {
      const env = { ...process.env, HOME: homeDir, USERPROFILE: homeDir, SSH_AUTH_SOCK: '' }
      const args = [cli, '--data', lab.dataDir, ...words]
      const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'pipe'] })
      let out = ''
      let err = ''
      child.stdout.on('data', (chunk: Buffer) => {
        out += chunk
      })
      child.stderr.on('data', (chunk: Buffer) => {
        err += chunk
      })
      return { child, ended: new Promise((resolve) => child.on('close', (code) => resolve({ code, out, err }))) }
    },
    run: (...words) => lab.start(...words).ended,
    async json<Name extends CommandName>(name: Name, code: number, ...words: string[]) {
      const outcome = await lab.run(...name.split(' '), ...words, '--json')
      expect({ ...outcome, out: '' }).toMatchObject({ code })
      const value = shapes[name].parse(JSON.parse(outcome.out)) as Answer<Name>
      // Beside the answer and not in it: a list stays one.
      return Object.defineProperty(value as object, 'err', { value: outcome.err }) as Answer<Name> & { err: string }
    },
    boxWords: (name) => [
      ...['--name', name, '--host', sshd.host, '--port', String(sshd.port)],
      ...['--user', sshd.user, '--key', sshd.keyPath],
    ],
  }
  return lab
}
