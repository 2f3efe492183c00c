import type { AgentId } from '../../shared/contract/index.ts'
import { untrusted } from '../../shared/untrusted.ts'
import type { Landed } from '../facts/facts.ts'
import type { ObservedAgent } from '../runtimes/observed.ts'
import type { createRows, FoundRow } from './rows.ts'

function problemOf({ config }: ObservedAgent): string {
  if (!config.read) return `Its config was not read: ${untrusted(config.why)}`
  const { parses, problem, redacted } = config.value
  if (!parses) return `Its config cannot be read as settings: ${untrusted(problem)}`
  return redacted === '' ? 'Its config is too large to be compared' : ''
}

const pairingOf = ({ pairing }: ObservedAgent): string | null =>
  pairing === undefined ? null : JSON.stringify({ entries: pairing.entries, unread: pairing.unread })

/** Null: they were not looked at this time. */
const filesOf = ({ ownFiles }: ObservedAgent): string | null =>
  ownFiles.read ? JSON.stringify(ownFiles.value.files.map(({ path, sha256 }) => [path, sha256])) : null

/** Keeps how the config of each agent reads, for plans. Called in the transaction of the answer. */
export function keepFound(rows: ReturnType<typeof createRows>, { box, agents, observed, nowMs }: Landed): void {
  for (const { agentId, agent } of agents) {
    const running = agent.service.read && agent.service.value.running ? 1 : 0
    const config = agent.config.read ? agent.config.value : null
    const seen = {
      boxId: box.boxId,
      version: agent.install.read ? untrusted(agent.install.value.version, 60) : '',
      platform: untrusted(observed.machine.platform, 40),
      sha256: untrusted(config?.sha256 ?? '', 64),
      fingerprint: untrusted(config?.fingerprint ?? '', 64),
      problem: problemOf(agent),
      pairingJson: pairingOf(agent),
    }
    const filesJson = filesOf(agent)
    const before = rows.foundHead(agentId)
    const isSame =
      before !== null &&
      Object.entries(seen).every(([key, value]) => before[key as keyof typeof seen] === value) &&
      (filesJson === null || rows.filesOf(agentId) === filesJson)
    if (isSame) rows.touchFound({ agentId, takenAtMs: nowMs, running })
    else
      rows.putFound({
        ...seen,
        agentId,
        takenAtMs: nowMs,
        running,
        settingsJson: seen.problem === '' && config !== null ? config.redacted : null,
        filesJson,
      })
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export type FoundConfig = Omit<FoundRow, 'settingsJson' | 'filesJson' | 'pairingJson' | 'running'> & {
  readonly running: boolean
  /** Its own files, hash by path; null: they were not read yet. */
  readonly files: ReadonlyMap<string, string> | null
  /** Who was let in by a code, as it was read last. */
  readonly pairing: {
    readonly entries: readonly { channel: string; account: string; handle: string }[]
    readonly unread: string
  }
  /** Secrets are fingerprints. Null: `problem` says why. */
  readonly settings: Record<string, unknown> | null
}

/** A program of before did not say. */
const notRead: FoundConfig['pairing'] = { entries: [], unread: '' }

/** How an agent's config read last; null: it never was. */
export function readFound(rows: ReturnType<typeof createRows>, agentId: AgentId): FoundConfig | null {
  const row = rows.found(agentId)
  if (row === null) return null
  const { settingsJson, filesJson, pairingJson, running, ...rest } = row
  const found = {
    ...rest,
    running: running === 1,
    files: filesJson === null ? null : new Map<string, string>(JSON.parse(filesJson)),
    pairing: pairingJson === null ? notRead : (JSON.parse(pairingJson) as FoundConfig['pairing']),
  }
  let settings: unknown = null
  try {
    settings = settingsJson === null ? null : JSON.parse(settingsJson)
  } catch {
    return { ...found, settings: null, problem: 'What the store holds of its config is no JSON' }
  }
  if (settings !== null && !isObject(settings))
    return { ...found, settings: null, problem: 'Its config holds no settings' }
  return { ...found, settings }
}
