import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'

/** What a made-up machine says about itself. Stands in `HOME/.demo/system.json`; whoever edits it changes the next answer. */
export interface Machine {
  /** How it behaves on the network. `hangs`: takes the connection and says nothing. */
  readonly reach: 'answers' | 'unreachable' | 'refuses' | 'hangs'
  /** Seed of its SSH host key: another seed, another key. */
  readonly hostKey: string
  readonly platform: 'darwin' | 'linux'
  readonly hostName: string
  readonly osName: string
  readonly osRelease: string
  readonly arch: string
  readonly user: string
  /** Null: Node is not installed. */
  readonly node: { readonly version: string; readonly path: string } | null
  readonly bootedAtMs: number
  /** How far its clock is off; positive: it runs ahead. */
  readonly clockSkewMs: number
  readonly disk: { readonly freeBytes: number; readonly totalBytes: number }
  /** Who is logged in at the screen; null: nobody. */
  readonly session: string | null
  readonly encrypted: boolean
  readonly sleeps: boolean
  /** Besides root. */
  readonly users: readonly { readonly name: string; readonly uid: number; readonly isAdmin: boolean }[]
  /** Newest first; no end: still logged in. */
  readonly logins: readonly {
    readonly user: string
    readonly from: string
    readonly atMs: number
    readonly untilMs: number | null
  }[]
  /** Programs that run besides the agent. */
  readonly running: readonly string[]
  /** Answers of further commands: the whole line, arguments joined with spaces. */
  readonly commands: Readonly<Record<string, { readonly stdout: string; readonly exitCode?: number }>>
}

/** The agent's gateway as its loopback port shows it. Stands in `HOME/.demo/gateway.json`. */
export interface Gateway {
  /** False: nothing listens. */
  readonly running: boolean
  readonly port: number
  readonly pid: number
  readonly startedAtMs: number
  readonly version: string
  /** Path of the loopback HTTP answer, such as `/readyz`, and its JSON body. */
  readonly answers: Readonly<Record<string, unknown>>
}

const read = <T>(home: string, name: string): T => JSON.parse(readFileSync(path.join(home, '.demo', name), 'utf8')) as T

/** @throws when the file is missing or not JSON: the machine then behaves as if its program crashed. */
export const readMachine = (home: string): Machine => read(home, 'system.json')
export const readGateway = (home: string): Gateway => read(home, 'gateway.json')

/** Its gateway has ended; nothing on the machine starts it again. */
export const endGateway = (home: string): void =>
  writeFileSync(
    path.join(home, '.demo', 'gateway.json'),
    `${JSON.stringify({ ...readGateway(home), running: false }, null, 2)}\n`,
  )

/** What `system.json` says is the machine from now on. */
export const writeMachine = (home: string, machine: Machine): void =>
  writeFileSync(path.join(home, '.demo', 'system.json'), `${JSON.stringify(machine, null, 2)}\n`)
