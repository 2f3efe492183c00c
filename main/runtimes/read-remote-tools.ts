import { readdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import type { ObservedPeople } from './observed.ts'
import { clip, run } from './reading.ts'
import { type RemoteTool, remoteTools } from './remote-tools.ts'

type Tools = Extract<ObservedPeople['remoteTools'], { read: true }>['value']
type Tool = Tools['tools'][number]

const mostProcesses = 20_000

/**
 * Runs on a box. Which of the known programs are installed, and which run, also from a download folder.
 * @param root `/` except in tests.
 */
export async function readRemoteTools(system: string, home: string, root = '/'): Promise<Tools> {
  const running = await processNames(system, root)
  const settings = system === 'darwin' ? screenSharing(root) : null
  const tools = remoteTools.flatMap((tool): Tool[] => {
    const place = placeOf(tool, system, home, root)
    const runs = running === null ? null : running.some((name) => tool.process.test(name))
    const isTurnedOn = tool.name === 'Screen Sharing' && settings !== null
    if (place === null && runs !== true && !isTurnedOn) return []
    return [
      {
        name: tool.name,
        kind: tool.kind,
        path: clip(place?.path ?? (isTurnedOn ? settings.path : '')),
        running: runs,
        modifiedAtMs: place?.modifiedAtMs ?? (isTurnedOn ? settings.modifiedAtMs : null),
      },
    ]
  })
  return { tools, sawProcesses: running !== null }
}

interface Place {
  readonly path: string
  readonly modifiedAtMs: number
}

function placeOf(tool: RemoteTool, system: string, home: string, root: string): Place | null {
  if (system !== 'darwin' && system !== 'linux' && system !== 'win32') return null
  for (const asked of tool.places[system]) {
    const place = asked.startsWith('~') ? home + asked.slice(1) : system === 'win32' ? asked : path.join(root, asked)
    const found = place.endsWith('*') ? firstNamed(place.slice(0, -1)) : at(place)
    if (found) return found
  }
  return null
}

function at(file: string): Place | null {
  try {
    return { path: file, modifiedAtMs: Math.round(statSync(file).ctimeMs) }
  } catch {
    return null
  }
}

function firstNamed(beginning: string): Place | null {
  const folder = path.dirname(beginning)
  try {
    const name = readdirSync(folder)
      .sort()
      .find((each) => each.startsWith(path.basename(beginning)))
    return name === undefined ? null : at(path.join(folder, name))
  } catch {
    return null
  }
}

/** launchd's own list of what was turned on and off; anybody may read it. Null: off, or it does not say. */
function screenSharing(root: string): Place | null {
  const file = path.join(root, 'private/var/db/com.apple.xpc.launchd/disabled.plist')
  try {
    const isOn = /<key>com\.apple\.screensharing<\/key>\s*<false\/>/.test(readFileSync(file, 'utf8'))
    return isOn ? { path: file, modifiedAtMs: Math.round(statSync(file).mtimeMs) } : null
  } catch {
    return null
  }
}

/** Names of the programs that run; null: nobody could say. Linux tells them in files, elsewhere one command does. */
async function processNames(system: string, root: string): Promise<string[] | null> {
  if (system === 'linux') return linuxProcesses(root)
  if (system === 'darwin') {
    const { exitCode, stdout } = await run('/bin/ps', ['-axo', 'comm='], { timeoutMs: 5000 })
    return exitCode === 0 ? stdout.split('\n').map((line) => path.posix.basename(line.trim())) : null
  }
  if (system !== 'win32') return null
  const { exitCode, stdout } = await run('tasklist', ['/FO', 'CSV', '/NH'], { timeoutMs: 8000 })
  return exitCode === 0
    ? stdout.split('\n').map((line) => (/^"([^"]+)"/.exec(line)?.[1] ?? '').replace(/\.exe$/i, ''))
    : null
}

function linuxProcesses(root: string): string[] | null {
  let pids: string[]
  try {
    pids = readdirSync(path.join(root, 'proc')).filter((name) => /^\d+$/.test(name))
  } catch {
    return null
  }
  const names = pids.slice(0, mostProcesses).flatMap((pid) => {
    try {
      return [readFileSync(path.join(root, 'proc', pid, 'comm'), 'utf8').trim()]
    } catch {
      return []
    }
  })
  return names.length === 0 ? null : names
}
