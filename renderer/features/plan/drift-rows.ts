import type { ActiveExcept, AgentPlan, Plan, PlanChange } from '../../../shared/contract/index.ts'
import { rowFilter } from '../../ui/row-filter.ts'

/** One setting that is other than declared: of one machine where somebody changed it, else of all that lack the same. */
export interface DriftRow {
  readonly key: string
  readonly kind: 'changed' | 'missing' | 'excepted'
  readonly plans: readonly AgentPlan[]
  /** Of `changed` and `missing`. */
  readonly change: PlanChange | null
  /** Of `excepted`. */
  readonly except: (ActiveExcept & { readonly label: string }) | null
}

/**
 * Found against declared, a row each: what somebody changed on a machine, newest first; then what no machine was given
 * yet, the most machines first; then what is left as it is for a while, the next end first. Pure.
 */
export function driftRows({ agents }: Plan): DriftRow[] {
  const own: DriftRow[] = []
  const missing = new Map<string, DriftRow>()
  const excepted = new Map<string, DriftRow>()
  const add = (rows: Map<string, DriftRow>, row: DriftRow) => {
    const before = rows.get(row.key)
    rows.set(row.key, before ? { ...before, plans: [...before.plans, ...row.plans] } : row)
  }
  for (const plan of agents) {
    for (const change of plan.changes) {
      const { path, before, after, declared, changedBy } = change
      if (changedBy !== null) {
        const key = JSON.stringify([plan.agentId, path])
        own.push({ key, kind: 'changed', plans: [plan], change, except: null })
      } else {
        const key = JSON.stringify([path, before, after, declared])
        add(missing, { key, kind: 'missing', plans: [plan], change, except: null })
      }
    }
    for (const except of plan.excepts) {
      const { path, untilMs, because, layer } = except
      const key = JSON.stringify([path, untilMs, because, layer.kind, layer.key])
      add(excepted, { key, kind: 'excepted', plans: [plan], change: null, except })
    }
  }
  const at = (row: DriftRow) => row.change?.changedBy?.atMs ?? 0
  return [
    ...own.toSorted((a, b) => at(b) - at(a)),
    ...[...missing.values()].toSorted((a, b) => b.plans.length - a.plans.length),
    ...[...excepted.values()].toSorted((a, b) => (a.except?.untilMs ?? 0) - (b.except?.untilMs ?? 0)),
  ]
}

export const pathOf = ({ change, except }: DriftRow): string =>
  change?.path ?? (except?.path ?? '').replace(/^sections\./, '').replace(/^raw\.[a-z]+\./, '')

/** Whose it is: the client of one machine, or how many. */
export const whoseOf = ({ plans }: DriftRow): string =>
  plans.length === 1 ? (plans[0]?.clientName ?? plans[0]?.name ?? '') : `${plans.length} machines`

/** "4h, declared 30m". */
export function valueWords({ change, except }: DriftRow): string {
  if (except) return except.because
  return `${change?.before ?? 'nothing'}, declared ${change?.after ?? 'nothing'}`
}

/** What the list of drift is filtered by. */
export const { readFilter: readDriftFilter, passes: passesDrift } = rowFilter<DriftRow>({
  texts: {
    setting: pathOf,
    client: ({ plans }) => plans.map(({ clientName }) => clientName ?? '').join('\n'),
    machine: ({ plans }) => plans.map(({ name }) => name).join('\n'),
    layer: ({ change, except }) => change?.fromLabel ?? except?.label ?? '',
    who: ({ change }) => change?.changedBy?.who ?? '',
    is: ({ kind }) => kind,
  },
  numbers: { machines: ({ plans }) => plans.length },
  also: (row) => [valueWords(row)],
})
