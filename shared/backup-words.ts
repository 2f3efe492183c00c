import type { AgentBackup } from './contract/index.ts'

/** Bytes as they are read: "624 B", "118 kB", "2.1 MB", "1.4 GB". */
export function sizeWords(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`
  if (bytes < 1_000_000) return `${Math.round(bytes / 1000)} kB`
  if (bytes < 1_000_000_000) return `${(bytes / 1_000_000).toFixed(1)} MB`
  return `${(bytes / 1_000_000_000).toFixed(1)} GB`
}

const steps: Record<NonNullable<AgentBackup['step']>, string> = {
  measuring: 'measuring',
  making: 'packing',
  verifying: 'checking what was packed',
  keeping: 'keeping it',
}

/** Where one agent's backup stands, in a line. */
export function backupLine(agent: Pick<AgentBackup, 'state' | 'step' | 'bytes' | 'made' | 'words'>): string {
  const { state, step, bytes, made, words } = agent
  if (state === 'waiting') return 'Waiting'
  if (state === 'running') {
    const at = step === null ? 'Connecting' : `${steps[step].replace(/^./, (first) => first.toUpperCase())}`
    return bytes > 0 ? `${at}, ${sizeWords(bytes)}` : at
  }
  if (made !== null) return `Backed up and found whole: ${sizeWords(made.sizeBytes)}, ${made.entries} entries`
  return words
}
