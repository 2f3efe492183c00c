import type { AgentId, BoxId, Fact } from '../../shared/contract/index.ts'

/** A backup older than this is made again by the daily one. */
export const dailyBackupMs = 24 * 3_600_000

interface Known {
  readonly boxId: BoxId
  readonly agentId: AgentId
}

/**
 * Agents whose newest backup is older than a day, never was, failed, or is not known: unknown is never green. Pure.
 * @param lastOf how the last sweep read an agent's newest backup; undefined: it did not.
 */
export function dueForBackup<T extends Known>(
  agents: readonly T[],
  lastOf: (agent: T) => Pick<Fact, 'verdict' | 'value'> | undefined,
  nowMs: number,
): T[] {
  return agents.filter((agent) => {
    const last = lastOf(agent)
    if (last === undefined || last.verdict === 'unknown' || typeof last.value !== 'number') return true
    // A failed one is a warning though it is young; one that is still to come tells of a clock, not of a backup.
    return last.verdict !== 'ok' || Math.abs(nowMs - last.value) > dailyBackupMs
  })
}
