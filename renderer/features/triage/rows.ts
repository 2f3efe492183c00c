import type { Probe, TriagePart } from '../../../shared/contract/index.ts'

export const partNames: Record<TriagePart, string> = {
  version: 'Version',
  changes: 'Changes',
  config: 'Config',
  machine: 'Machine',
  process: 'Agent',
  channel: 'Channel',
  credentials: 'Model',
  network: 'Network',
  traffic: 'Traffic',
}

export const answerWords: Record<Probe['answer'], string> = { yes: 'Yes', no: 'No', 'cannot-tell': 'Can’t tell' }

/** Shape of an answer: what stops an agent is a diamond, what may be why a triangle, what nobody knows a dashed ring. */
export const shapeOf = ({ answer, weight }: Probe): 'OK' | 'Failing' | 'Behind' | 'Not seen' =>
  answer === 'yes' ? 'OK' : answer === 'cannot-tell' ? 'Not seen' : weight === 'stops' ? 'Failing' : 'Behind'

/** The row that is chosen while nobody chose one: what the lead speaks of, else the first that is not "yes". */
export const firstChoice = (probes: readonly Probe[], leadKey: string | null): string | null =>
  leadKey ?? probes.find(({ answer }) => answer !== 'yes')?.key ?? probes[0]?.key ?? null

/** The row `steps` away, staying within the list. */
export function stepped(probes: readonly Probe[], chosen: string | null, steps: number): string | null {
  const at = probes.findIndex(({ key }) => key === chosen)
  return probes[Math.min(probes.length - 1, Math.max(0, at + steps))]?.key ?? null
}
