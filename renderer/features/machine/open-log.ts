import type { MachinePage } from '../../../shared/contract/index.ts'
import { go } from '../../state/navigation.ts'
import { momentOfFact } from '../../ui/fact-moment.ts'
import type { Line } from './lines.ts'

/** The log at the moment the chosen fact speaks of; without one, when the machine's worst trouble began, else its end. */
export function openLog(data: Pick<MachinePage, 'box' | 'findings'>, line: Line | undefined): void {
  const { boxId } = data.box
  const trouble = data.findings.find(({ open }) => open)
  const atMs = line?.kind === 'fact' ? momentOfFact(line.fact) : trouble?.sinceMs
  go({ page: 'logs', boxId, ...(atMs === undefined ? {} : { atMs }) })
}
