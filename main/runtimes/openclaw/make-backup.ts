import { createHash, randomBytes } from 'node:crypto'
import {
  createReadStream,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  realpathSync,
  rmSync,
  statfsSync,
  statSync,
} from 'node:fs'
import { homedir } from 'node:os'
import path from 'node:path'
import type { BackupAnswer, BackupProgress, BackupRequest, KeptBackup, NoBackup } from '../backup-answer.ts'
import { clip, homeOf, isForeign } from '../reading.ts'
import { moveOver, writeNewFile } from '../replace-file.ts'
import { backupFolder, dropOldBackups, receiptOf } from './kept-backups.ts'
import { loadConfig } from './read-config.ts'
import { configuredPort, findGateway, isSameProcess, readRunningVersion } from './read-gateway.ts'
import { workspaceOf } from './read-own-files.ts'
import { type RunningGroup, runGroup } from './run-group.ts'
import { findRunnable, type RunnableAgent } from './running-agent.ts'
import { isSettings, type Settings } from './settings.ts'
import { isAtLeast } from './versions.ts'

/** `backup create --verify` and `backup verify` are there from this version on (openclaw.md §0). */
const firstWithBackup = '2026.3.13'
/** Left free for the agent itself. */
const spareBytes = 64 * 1024 * 1024
const mostEntries = 500_000
/** The runtime's second look at what it wrote. */
const leastVerifyMs = 10_000
/** A folder of one being made, older than any deadline: whoever made it has died. */
const abandonedMs = 2 * 3_600_000

/** Ends it with a reason. */
class NotMade extends Error {
  readonly why: NoBackup
  readonly nextStep: string
  constructor(why: NoBackup, words: string, nextStep: string) {
    super(words)
    this.why = why
    this.nextStep = nextStep
  }
}

export interface MakingBackup {
  readonly ended: Promise<BackupAnswer>
  progress(): BackupProgress
  /** Ends the runtime's command and removes what it wrote so far. May be called at any time, also as the last thing. */
  abort(): void
}

/**
 * Runs on a box. Lets an agent's own OpenClaw back it up and check that, beside nothing of the agent: below
 * `~/.wheelhouse/backups`, 0600. Its exit code is not believed: the archive has to be there, hold the agent's state, and
 * pass the runtime's check of the file; only then it gets its name and a receipt. Backups that stand are never touched
 * before that.
 */
export function makeBackup(request: BackupRequest): MakingBackup {
  const home = homeOf(process.env, homedir)
  const folder = backupFolder(home, request.stateDir)
  const staging = path.join(folder, `making-${process.pid}-${randomBytes(4).toString('hex')}`)
  let running: RunningGroup | null = null
  let aborted = false
  const state = { step: 'measuring' as BackupProgress['step'], ofBytes: 0 }
  const untilMs = performance.now() + request.deadlineMs

  const command = async (agent: RunnableAgent, args: readonly string[], leastMs = 1): Promise<Settings> => {
    if (aborted) throw new NotMade('failed', 'It was stopped.', '')
    running = runGroup(agent.node, [agent.entry, ...args], {
      timeoutMs: Math.max(leastMs, Math.ceil(untilMs - performance.now())),
      cwd: agent.stateDir,
      env: {
        ...envOf(agent),
        TMPDIR: staging,
        TMP: staging,
        TEMP: staging,
        XDG_CACHE_HOME: staging,
        // Its compiled sources would be kept there, and be gone with it.
        NODE_DISABLE_COMPILE_CACHE: '1',
      },
    })
    const { exitCode, stdout, stderr, timedOut } = await running.ended
    running = null
    const said = lastLine(stderr) || lastLine(stdout)
    if (timedOut)
      throw new NotMade(
        'timed-out',
        `It was not ready in time.${quoted(said)}`,
        'Try again when the machine is less busy.',
      )
    if (/ENOSPC|no space left/i.test(stderr + stdout))
      throw new NotMade(
        'disk-full',
        `The disk of the machine ran full.${quoted(said)}`,
        'Make room there, then try again.',
      )
    const answer = parsed(stdout)
    if (exitCode !== 0 || answer === null)
      throw new NotMade(
        'failed',
        `The command ${args.slice(0, 2).join(' ')} ended with ${exitCode ?? 'a signal'}.${quoted(said)}`,
        'Run it on the machine to see why.',
      )
    return answer
  }

  const work = async (): Promise<KeptBackup> => {
    const agent = await agentOf(request.stateDir)
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    sweepAbandoned(folder)
    state.ofBytes = needOf(agent, home)
    refuseWithoutRoom(folder, state.ofBytes)
    mkdirSync(staging, { mode: 0o700 })
    state.step = 'making'
    const created = await command(agent, ['backup', 'create', '--verify', '--json', '--output', staging])
    const made = archiveIn(staging, created, agent)
    state.step = 'verifying'
    const verified = await command(agent, ['backup', 'verify', made, '--json'], leastVerifyMs)
    if (verified.ok !== true)
      throw new NotMade('failed', 'The runtime’s own check did not call it whole.', 'Run it on the machine to see why.')
    state.step = 'keeping'
    const sha256 = await hashOf(made)
    const archive = path.join(folder, path.basename(made))
    const kept: KeptBackup = {
      archive,
      sizeBytes: statSync(made).size,
      sha256,
      madeAtMs: Date.now(),
      runtimeVersion: clip(verified.runtimeVersion ?? agent.version, 60),
      entries: Number.isSafeInteger(verified.entryCount) ? Math.max(0, Number(verified.entryCount)) : 0,
    }
    if (aborted) throw new NotMade('failed', 'It was stopped.', '')
    moveOver(made, archive)
    const receipt = path.join(staging, 'receipt')
    writeNewFile(receipt, Buffer.from(JSON.stringify(kept)), 0o600)
    moveOver(receipt, receiptOf(archive))
    dropOldBackups(folder, Math.max(1, request.keep))
    return kept
  }

  const ended = work()
    .then(
      (made): BackupAnswer => ({ made }),
      (error: unknown) => answerOf(error),
    )
    .finally(() => rmSync(staging, { recursive: true, force: true }))
  return {
    ended,
    progress: () => ({ step: state.step, bytes: sizeOf(staging), ofBytes: state.ofBytes }),
    abort() {
      aborted = true
      running?.kill()
      rmSync(staging, { recursive: true, force: true })
    },
  }
}

function answerOf(error: unknown): BackupAnswer {
  if (error instanceof NotMade)
    return { made: null, why: error.why, words: clip(error.message, 1000), nextStep: error.nextStep }
  const code = (error as NodeJS.ErrnoException | null)?.code
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return {
      made: null,
      why: 'disk-full',
      words: 'The disk of the machine ran full.',
      nextStep: 'Make room there, then try again.',
    }
  return {
    made: null,
    why: 'failed',
    words: clip(error instanceof Error ? error.message.split('\n')[0] : error, 1000),
    nextStep: 'Look at the machine’s folder ~/.wheelhouse.',
  }
}

async function agentOf(stateDir: string): Promise<RunnableAgent> {
  const agent = await findRunnable(stateDir)
  if (agent === null)
    throw new NotMade('not-there', 'There is no such agent on the machine any more.', 'Sweep the machine.')
  if (agent.entry === '')
    throw new NotMade('not-there', 'No OpenClaw was found on the machine.', 'Install it, or enrol the machine again.')
  if (process.getuid?.() === 0 && isForeign(agent.entry))
    throw new NotMade(
      'not-there',
      'The install belongs to another user, and this login is root: it was not run.',
      'Log in as the user that the agent runs as.',
    )
  if (!isAtLeast(agent.version, firstWithBackup))
    throw new NotMade(
      'too-old',
      `OpenClaw ${agent.version || 'of an unknown version'} cannot make a backup; ${firstWithBackup} can.`,
      'Copy the state folder by hand while the gateway is stopped, then update.',
    )
  const runs = await runningVersion(agent)
  if (runs !== '' && runs !== agent.version)
    throw new NotMade(
      'restart-first',
      `The gateway runs ${runs} and ${agent.version} is installed, whose command would move the agent’s state on.`,
      'Restart the gateway, then back it up.',
    )
  return agent
}

/** What the gateway says it runs; empty: none runs, or it does not say. */
async function runningVersion({ stateDir, configPath }: RunnableAgent): Promise<string> {
  const gateway = findGateway(stateDir, configPath)
  if (gateway === null) return ''
  let settings: Settings = {}
  try {
    settings = loadConfig(configPath).parsed.settings
  } catch {}
  return readRunningVersion(gateway.port ?? configuredPort(settings), settings).catch(() => '')
}

const envOf = (agent: RunnableAgent): NodeJS.ProcessEnv => ({
  ...process.env,
  PATH: `${path.dirname(agent.node)}${path.delimiter}${process.env.PATH ?? ''}`,
  OPENCLAW_STATE_DIR: agent.stateDir,
  OPENCLAW_CONFIG_PATH: agent.configPath,
  OPENCLAW_LOG_LEVEL: 'silent',
  OPENCLAW_NO_AUTO_UPDATE: '1',
  // Its cache would lie in the folder of the backup and count as its bytes.
  NODE_DISABLE_COMPILE_CACHE: '1',
  NO_COLOR: '1',
})

/** The archive that the runtime says it wrote. @throws NotMade unless it is there, is checked, and holds the state. */
function archiveIn(staging: string, created: Settings, { stateDir }: RunnableAgent): string {
  const refuse = (words: string) => new NotMade('failed', words, 'Run it on the machine to see why.')
  const archive = String(created.archivePath ?? '')
  if (archive === '' || realpathSync(path.dirname(archive)) !== realpathSync(staging))
    throw refuse('The runtime named no archive where it was told to write one.')
  if (created.verified !== true) throw refuse('The runtime did not check what it wrote.')
  const assets = Array.isArray(created.assets) ? created.assets.filter(isSettings) : []
  const same = realpathSync(stateDir)
  const holds = assets.some(({ kind, sourcePath }) => kind === 'state' && [stateDir, same].includes(String(sourcePath)))
  if (!holds) throw refuse('The archive does not hold the state of this agent.')
  const found = lstatSync(archive, { throwIfNoEntry: false })
  if (!found?.isFile() || found.size === 0)
    throw refuse('The archive that the runtime named is not there, or is empty.')
  return path.join(staging, path.basename(archive))
}

/** What state and workspace take, unpacked. */
function needOf(agent: RunnableAgent, home: string): number {
  let workspace = ''
  try {
    workspace = workspaceOf(home, agent.stateDir, loadConfig(agent.configPath).parsed.settings)
  } catch {}
  const inside = workspace === '' || `${workspace}${path.sep}`.startsWith(`${agent.stateDir}${path.sep}`)
  return sizeOf(agent.stateDir) + (inside ? 0 : sizeOf(workspace))
}

/** An archive that does not pack at all, and the copies of databases that it is made from. */
function refuseWithoutRoom(folder: string, needBytes: number): void {
  const { bavail, bsize } = statfsSync(folder)
  const [free, need] = [bavail * bsize, 2 * needBytes + spareBytes]
  if (free < need)
    throw new NotMade(
      'disk-full',
      `The machine has ${mega(free)} MB free, and a backup may need ${mega(need)} MB.`,
      'Make room there, then try again.',
    )
}

const mega = (bytes: number): string => Math.round(bytes / 1_000_000).toLocaleString('en-US')

/** Bytes of plain files below a folder; links are not followed. */
function sizeOf(folder: string): number {
  let bytes = 0
  let entries = 0
  const waiting = [folder]
  for (let at = waiting.pop(); at !== undefined && entries < mostEntries; at = waiting.pop()) {
    try {
      for (const entry of readdirSync(at, { withFileTypes: true })) {
        entries += 1
        const name = path.join(at, entry.name)
        if (entry.isDirectory()) waiting.push(name)
        else if (entry.isFile()) bytes += lstatSync(name).size
      }
    } catch {}
  }
  return bytes
}

/**
 * Folders whose maker has died go, and the archive that it had not written a receipt for; a maker that lives goes first.
 *
 * @throws NotMade `busy`.
 */
function sweepAbandoned(folder: string): void {
  for (const name of readdirSync(folder)) {
    const pid = Number(/^making-(\d+)-/.exec(name)?.[1] ?? Number.NaN)
    if (Number.isNaN(pid)) continue
    const staging = path.join(folder, name)
    const found = statSync(staging, { throwIfNoEntry: false })
    if (found === undefined) continue
    if (isSameProcess(pid) && Date.now() - found.birthtimeMs < abandonedMs)
      throw new NotMade('busy', 'Another backup of this agent is being made there.', 'Wait for its end.')
    rmSync(staging, { recursive: true, force: true })
  }
  for (const name of readdirSync(folder))
    if (name.endsWith('.tar.gz') && !existsSync(receiptOf(path.join(folder, name))))
      rmSync(path.join(folder, name), { force: true })
}

async function hashOf(file: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(file)) hash.update(chunk)
  return hash.digest('hex')
}

function parsed(stdout: string): Settings | null {
  try {
    const answer: unknown = JSON.parse(stdout.slice(Math.max(0, stdout.indexOf('{'))))
    return isSettings(answer) ? answer : null
  } catch {
    return null
  }
}

/** The line in which a command says what is wrong, else its last. */
const lastLine = (text: string): string => {
  const lines = text.trim().split('\n')
  return clip(lines.findLast((line) => /\b[A-Za-z]*error\b.*:/i.test(line)) ?? lines.at(-1) ?? '', 300)
}
const quoted = (said: string): string => (said === '' ? '' : ` It said: ${said}`)
