import { lstatSync, readdirSync, readFileSync, statSync } from 'node:fs'
import http from 'node:http'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { ObservedAgent } from '../observed.ts'
import { clip, readPlainFile, Unreadable } from '../reading.ts'
import { isSettings, type Settings, settingsAt, textAt, valueAt } from './settings.ts'

type Ready = Extract<ObservedAgent['ready'], { read: true }>['value']

/** The gateway process of one agent, as its own lock file names it. */
export interface GatewayProcess {
  readonly pid: number
  readonly startedAtMs: number | null
  readonly port: number | null
}

const usualPort = 18789
/** A gateway that has just started may be slow; a probe has a deadline of its own above this. */
const waitMs = 4000

export const configuredPort = (settings: Settings): number => {
  const port = valueAt(settings, 'gateway', 'port')
  return isPort(port) ? port : usualPort
}

const isPort = (value: unknown): value is number =>
  Number.isInteger(value) && Number(value) > 0 && Number(value) < 65_536

/**
 * Runs on a box. The gateway holds a lock file with its process id: in the state folder on newer versions, in the
 * system's temp folder on older ones. A lock whose process has gone is left over from a crash. One that another user
 * of the box could have put there is none: the gateway's token is sent to the port that a lock names.
 */
export function findGateway(stateDir: string, configPath: string): GatewayProcess | null {
  for (const folder of lockFolders(stateDir)) {
    const owners = trustedOwners(folder, stateDir)
    if (!isOwnFolder(folder, owners)) continue
    for (const name of namesIn(folder).filter((file) => /^gateway\..+\.lock$/.test(file))) {
      const lock = readLock(path.join(folder, name), owners)
      if (lock === null || (lock.configPath !== configPath && lock.stateDir !== stateDir)) continue
      const pid = Number(lock.pid)
      if (!isSameProcess(pid, lock.startTime)) continue
      const startedAtMs = Date.parse(String(lock.createdAt))
      return {
        pid,
        startedAtMs: Number.isFinite(startedAtMs) ? startedAtMs : null,
        port: isPort(lock.port) ? lock.port : null,
      }
    }
  }
  return null
}

function lockFolders(stateDir: string): string[] {
  const suffix = process.getuid === undefined ? '' : `-${process.getuid()}`
  const temps = [...new Set([tmpdir(), '/tmp', path.join(stateDir, 'tmp')])]
  const own = temps.flatMap((temp) =>
    namesIn(temp)
      .filter((name) => name === `openclaw${suffix}` || (temp.startsWith(stateDir) && name.startsWith('openclaw')))
      .map((name) => path.join(temp, name)),
  )
  return own.reverse()
}

const namesIn = (folder: string): string[] => {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

/** This login; below the state folder also its owner. Windows has no such numbers: its temp folder is the login's own. */
function trustedOwners(folder: string, stateDir: string): ReadonlySet<number> | null {
  const own = process.getuid?.()
  if (own === undefined) return null
  return new Set(folder.startsWith(stateDir + path.sep) ? [own, statSync(stateDir).uid] : [own])
}

function isOwnFolder(folder: string, owners: ReadonlySet<number> | null): boolean {
  try {
    const found = lstatSync(folder)
    return found.isDirectory() && (owners === null || owners.has(found.uid))
  } catch {
    return false
  }
}

const largestLock = 100_000

function readLock(file: string, owners: ReadonlySet<number> | null): Settings | null {
  try {
    const { bytes, ownerUid } = readPlainFile(file, largestLock)
    if (owners !== null && !owners.has(ownerUid)) return null
    const value: unknown = JSON.parse(bytes.toString('utf8'))
    return isSettings(value) ? value : null
  } catch {
    return null
  }
}

/**
 * Alive, which a process that ended and waits to be collected is not; on Linux, where `startTime` is a number, also the
 * one that started then: process ids come round again.
 */
export function isSameProcess(pid: number, startTime?: unknown): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false
  try {
    process.kill(pid, 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false
  }
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ')
    if (fields[0] === 'Z') return false
    return typeof startTime !== 'number' || Number(fields[19]) === startTime
  } catch {
    return true
  }
}

/** What a GET of the gateway's own loopback port answered; JSON only. @throws Unreadable with a sentence. */
function ask(port: number, route: string, headers: Record<string, string> = {}): Promise<Settings> {
  return new Promise((resolve, reject) => {
    const request = http.get(
      { host: '127.0.0.1', port, path: route, headers, timeout: waitMs, agent: false },
      (response) => {
        let text = ''
        response.setEncoding('utf8')
        response.on('data', (chunk: string) => {
          text += chunk
          if (text.length > 200_000) request.destroy(new Unreadable('The gateway answered more than 200 kB.'))
        })
        response.on('end', () => {
          try {
            const value: unknown = JSON.parse(text)
            if (!isSettings(value)) throw new Error('not an object')
            resolve({ ...value, httpStatus: response.statusCode })
          } catch {
            reject(new Unreadable(`Port ${port} answered something that is not JSON.`))
          }
        })
      },
    )
    const limit = setTimeout(
      () => request.destroy(new Unreadable(`Port ${port} did not answer within ${waitMs / 1000} s.`)),
      waitMs,
    )
    request.on('close', () => clearTimeout(limit))
    request.on('timeout', () =>
      request.destroy(new Unreadable(`Port ${port} did not answer within ${waitMs / 1000} s.`)),
    )
    request.on('error', (error: NodeJS.ErrnoException) =>
      reject(error.code === 'ECONNREFUSED' ? new Unreadable(`Nothing listens on port ${port}.`) : error),
    )
  })
}

/** Runs on a box. `GET /readyz`, which needs no login and leaves no trace. */
export async function readReady(port: number): Promise<Ready> {
  const answer = await ask(port, '/readyz')
  if (typeof answer.ready !== 'boolean') throw new Unreadable(`Port ${port} is not an OpenClaw gateway.`)
  return {
    ready: answer.ready,
    failing: texts(answer.failing),
    suppressed: texts(answer.suppressed),
    uptimeMs: typeof answer.uptimeMs === 'number' ? answer.uptimeMs : null,
  }
}

const texts = (value: unknown): string[] => (Array.isArray(value) ? value.slice(0, 50).map((entry) => clip(entry)) : [])

/**
 * Runs on a box. The version of the running process: `/startupz` on newer versions, else the control page's settings,
 * which want the gateway's own token; it stays on the box.
 */
export async function readRunningVersion(port: number, settings: Settings): Promise<string> {
  const started = await ask(port, '/startupz').catch(() => null)
  if (typeof started?.version === 'string') return clip(started.version)
  const login = textAt(settings, 'gateway', 'auth', 'token') || textAt(settings, 'gateway', 'auth', 'password')
  const isPlain = login !== '' && !login.includes('${') && /^[\x21-\x7e]+$/.test(login)
  const base = textAt(settingsAt(settings, 'gateway', 'controlUi'), 'basePath').replace(/\/+$/, '')
  const page = await ask(
    port,
    `${base}/__openclaw/control-ui-config.json`,
    isPlain ? { authorization: `Bearer ${login}` } : {},
  )
  if (typeof page.serverVersion === 'string') return clip(page.serverVersion)
  throw new Unreadable(
    isPlain
      ? 'The gateway does not tell its version.'
      : 'The gateway tells its version only to its token, which is not in the config.',
  )
}
