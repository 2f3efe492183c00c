import { readFileSync, rmSync } from 'node:fs'
import type { RunningAccount, Stopped, StopRequest } from '../change-answer.ts'
import type { Read } from '../observed.ts'
import { clip, readPlainFile, why } from '../reading.ts'
import { moveOver, sha256Of, sha256OfFile, writeNewFile } from '../replace-file.ts'
import { candidateOf, switchOff } from './candidate.ts'
import { findDoors } from './doors.ts'
import { askChannels, byManager, endGateway } from './gateway-control.ts'
import { parseConfig } from './includes.ts'
import { loadConfig } from './read-config.ts'
import { configuredPort, findGateway, readReady } from './read-gateway.ts'
import { readLoadedConfig, readPairing } from './read-state.ts'
import { findRunnable, type RunnableAgent } from './running-agent.ts'

/** How long the gateway has to turn a channel off by itself, before its process is ended. */
const byItselfMs = 9000
/** For one question to its command line: a stopped or deaf gateway does not answer. */
const askMs = 5000
/** It was asked so often in a row and said nothing: nobody waits any longer. Each question takes up to 4 s. */
const mostSilent = 2
/** Until the end of a stop as a whole. */
const wholeMs = 22_000
/** How often the file is written anew when somebody else writes it at the same moment. */
const mostTries = 5

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/**
 * Runs on a box. Turns a channel off: in the config, accounts too, then in the running gateway; one that does not do it
 * in its time, or cannot answer, is ended. What it says is what was seen.
 */
export async function stopChannel(request: StopRequest): Promise<Stopped> {
  const startMs = performance.now()
  const agent = await findRunnable(request.stateDir)
  if (agent === null)
    return {
      written: false,
      problem: 'There is no agent in this folder.',
      hashBefore: '',
      hashAfter: '',
      undo: [],
      how: 'running',
      again: null,
      detail: '',
    }
  const written = writeOff(agent, request)
  const untilMs = startMs + wholeMs
  const isOff = await waitUntilOff(agent, request, written.written, startMs + byItselfMs)
  if (isOff !== null) return { ...written, how: isOff, again: null, detail: '' }
  // Started again it would read the same file: where that still says on, it stays down.
  if (!written.written && agent.service !== null) void byManager(agent.service, 'stop')
  const ended = await endGateway(agent, untilMs)
  if (!ended) return { ...written, how: 'running', again: null, detail: 'Its process did not end.' }
  if (written.written && agent.service !== null) await byManager(agent.service, 'start')
  const again = findGateway(agent.stateDir, agent.configPath) !== null
  return { ...written, how: again && !written.written ? 'running' : 'ended', again, detail: '' }
}

type Written = Pick<Stopped, 'written' | 'problem' | 'hashBefore' | 'hashAfter' | 'undo'>

function writeOff(agent: RunnableAgent, { channel, account }: StopRequest): Written {
  const nothing = { written: false, hashBefore: '', hashAfter: '', undo: [] }
  const text = (file: string) => readPlainFile(file, 4_000_000).bytes.toString('utf8')
  let last = ''
  for (let tries = 0; tries < mostTries; tries++) {
    try {
      const raw = readPlainFile(agent.configPath, 4_000_000).bytes
      const before = parseConfig(agent.configPath, raw.toString('utf8'), text)
      if (before.problem !== '') return { ...nothing, hashBefore: sha256Of(raw), problem: clip(before.problem) }
      const { off, undo } = switchOff(before.settings, channel, account)
      const made = candidateOf(agent.configPath, raw.toString('utf8'), off, text)
      if ('why' in made) return { ...nothing, hashBefore: sha256Of(raw), problem: clip(made.why) }
      const stillOn = findDoors(made.settings, agent.version, readPairing(agent.stateDir)).some(
        (door) => door.channel === channel && (account === null || door.account === account) && door.enabled,
      )
      if (stillOn) return { ...nothing, hashBefore: sha256Of(raw), problem: 'The config cannot say that it is off.' }
      if (off.length === 0)
        return { written: true, problem: '', hashBefore: sha256Of(raw), hashAfter: sha256Of(raw), undo: [] }
      const bytes = Buffer.from(made.text)
      if (!replaceIf(agent.configPath, raw, bytes)) continue
      const plain = undo.map((each) =>
        'set' in each ? { path: each.path, set: each.set === true } : { path: each.path, remove: true as const },
      )
      return { written: true, problem: '', hashBefore: sha256Of(raw), hashAfter: sha256Of(bytes), undo: plain }
    } catch (error) {
      last = why(error)
    }
  }
  return { ...nothing, problem: clip(last || 'Somebody else writes the config again and again.') }
}

/** Puts `bytes` in place of a file, whole and durable, if it still holds `before`. False: it does not. */
function replaceIf(file: string, before: Buffer, bytes: Buffer): boolean {
  const made = `${file}.wheelhouse-${process.pid}`
  try {
    writeNewFile(made, bytes, 0o600, file)
    if (!readFileSync(file).equals(before)) return false
    moveOver(made, file)
    return true
  } finally {
    rmSync(made, { force: true })
  }
}

/** Null: its time is over and it was not seen off. */
async function waitUntilOff(
  agent: RunnableAgent,
  request: StopRequest,
  written: boolean,
  untilMs: number,
): Promise<'off' | 'not-running' | null> {
  if (findGateway(agent.stateDir, agent.configPath) === null) return 'not-running'
  if (!written) return null
  for (let silent = 0; performance.now() < untilMs && silent < mostSilent; ) {
    const gateway = findGateway(agent.stateDir, agent.configPath)
    if (gateway === null) return 'not-running'
    // Without the gateway its command line tells of the config alone.
    const answers = await readReady(gateway.port ?? usualPort(agent)).catch(() => null)
    if (answers === null) silent += 1
    else {
      silent = 0
      const channels = await askChannels(agent, Math.max(500, Math.min(askMs, untilMs - performance.now())))
      if (isSeenOff(channels, request, tookFile(agent))) return 'off'
    }
    await wait(300)
  }
  return null
}

const usualPort = (agent: RunnableAgent): number => configuredPort(loadConfig(agent.configPath).parsed.settings)

function tookFile(agent: RunnableAgent): boolean {
  try {
    return readLoadedConfig(agent.stateDir, agent.configPath)?.sha256 === sha256OfFile(agent.configPath)
  } catch {
    return false
  }
}

/**
 * The gateway itself says of every account meant that it does not run and is off (2026.6.11 names those, too). One that
 * it does not name, or holds for on and starts again in a moment, counts only when it took the file that turns it off. Pure.
 */
export function isSeenOff(
  channels: Read<RunningAccount[]>,
  { channel, account }: Omit<StopRequest, 'stateDir'>,
  tookFile: boolean,
): boolean {
  if (!channels.read) return false
  const meant = channels.value.filter(
    (each) => each.channel === channel && (account === null || each.account === account),
  )
  if (meant.length === 0) return tookFile
  return meant.every(({ running, enabled }) => running === false && (enabled === false || tookFile))
}
