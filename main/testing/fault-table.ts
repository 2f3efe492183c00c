import type { ApplyOutcome } from '../../shared/contract/index.ts'
import { type FaultStep, faultSteps } from './faulty-apply.ts'

/** What a machine and the console came to in one cell; a string: why there is no such cell. */
export type Cell = { readonly config: 'old' | 'new'; readonly outcome: ApplyOutcome } | string

/** A fault with its cells, one a step. */
export interface FaultRow {
  readonly name: string
  readonly cells: Readonly<Record<FaultStep, Cell>>
}

const shown = (cell: Cell): string => (typeof cell === 'string' ? '–' : `${cell.config}, ${cell.outcome}`)

/** The table as it stands in `docs`. Pure. */
export function faultTable(rows: readonly FaultRow[]): string {
  const run = rows.flatMap(({ cells }) =>
    faultSteps.flatMap((step) => (typeof cells[step] === 'string' ? [] : cells[step])),
  )
  const counted = (outcome: ApplyOutcome) => run.filter((cell) => cell.outcome === outcome).length
  const line = (words: readonly string[]) => `| ${words.join(' | ')} |`
  const reasons = rows.flatMap(({ name, cells }) => {
    const why = Map.groupBy(
      faultSteps.filter((step) => typeof cells[step] === 'string'),
      (step) => String(cells[step]),
    )
    return [...why].map(([reason, steps]) => `- **${name}**, ${steps.join(', ')}: ${reason}`)
  })
  return [
    line(['What happens', ...faultSteps, 'cells']),
    line(['---', ...faultSteps.map(() => '---'), '---:']),
    ...rows.map(({ name, cells }) =>
      line([
        name,
        ...faultSteps.map((step) => shown(cells[step])),
        String(faultSteps.filter((step) => typeof cells[step] !== 'string').length),
      ]),
    ),
    '',
    `${run.length} cells were run: ${counted('failed')} never left the old config, ${counted('reverted')} went back to it, ` +
      `${counted('changed')} took the new one. ${rows.length * faultSteps.length - run.length} do not apply.`,
    '',
    '## Cells that do not apply',
    '',
    ...reasons,
    '',
  ].join('\n')
}
