import childProcess from 'node:child_process'
import path from 'node:path'
import { promisify } from 'node:util'
import { readMachine } from './machine.ts'
import { type CommandAnswer, systemAnswer } from './system-answers.ts'

type Done = (error: Error | null, stdout: string, stderr: string) => void

/**
 * `node:child_process` of a made-up machine. `git` is this computer's own, inside HOME; everything else is answered from
 * `system.json` and `gateway.json`; what they do not know is a command that the machine lacks.
 */
export function madeUpCommands(
  home: string,
  realPath: string,
  startProgram: (args: readonly string[]) => void,
): typeof childProcess {
  const answer = (file: string, args: readonly string[], options: object): CommandAnswer | null => {
    const machine = readMachine(home)
    const name = path.basename(file)
    const line = [name, ...args].join(' ')
    const stated = machine.commands[line]
    if (stated) return { stdout: stated.stdout, exitCode: stated.exitCode ?? 0 }
    return systemAnswer(machine, home, name, args, 'env' in options ? (options.env as NodeJS.ProcessEnv) : {})
  }
  const runGit = (args: readonly string[], options: object) =>
    childProcess.spawnSync('git', args, {
      timeout: 10_000,
      ...options,
      encoding: 'utf8',
      env: { PATH: realPath, HOME: home, GIT_CONFIG_NOSYSTEM: '1', GIT_OPTIONAL_LOCKS: '0', LC_ALL: 'C' },
    })

  const spawnSync = (file: string, args: readonly string[] = [], options: object = {}) => {
    if (path.basename(file) === 'git') return runGit(args, options)
    const found = answer(file, args, options)
    if (!found) return { pid: 0, output: [], stdout: '', stderr: '', status: null, signal: null, error: missing(file) }
    return { pid: 1, output: [], stdout: found.stdout, stderr: '', status: found.exitCode, signal: null }
  }
  const execFileSync = (file: string, args: readonly string[] = [], options: object = {}) => {
    const { error, status, stdout } = spawnSync(file, args, options)
    if (error) throw error
    if (status !== 0) throw Object.assign(new Error(`${file} ended with ${status}`), { status, stdout })
    return stdout
  }
  const execFile = (file: string, ...given: unknown[]) => {
    const args = Array.isArray(given[0]) ? (given[0] as string[]) : []
    const done = given.find((value) => typeof value === 'function') as Done | undefined
    const options = given.find((value) => typeof value === 'object' && value !== null && !Array.isArray(value)) ?? {}
    const { error, status, stdout } = spawnSync(file, args, options)
    const failure =
      error ?? (status === 0 ? null : Object.assign(new Error(`${file} ended with ${status}`), { code: status }))
    setImmediate(() => done?.(failure, String(stdout ?? ''), ''))
    return { stdin: { end: () => {} }, kill: () => false, on: () => {} }
  }
  const promised = (file: string, args?: readonly string[], options?: object) =>
    new Promise((resolve, reject) => {
      execFile(file, args ?? [], options ?? {}, (error: Error | null, stdout: string, stderr: string) =>
        error ? reject(Object.assign(error, { stdout, stderr })) : resolve({ stdout, stderr }),
      )
    })
  Object.defineProperty(execFile, promisify.custom, { value: promised })
  /** Of the machine's own Node alone: a program that goes on when whoever started it ends. */
  const spawn = (file: string, args: readonly string[] = []) => {
    if (file === readMachine(home).node?.path) startProgram(args)
    return { pid: 1, unref: () => {}, on: () => {} }
  }
  return { spawn, spawnSync, execFileSync, execFile } as unknown as typeof childProcess
}

const missing = (file: string): Error =>
  Object.assign(new Error(`spawn ${file} ENOENT`), { code: 'ENOENT', path: file })
