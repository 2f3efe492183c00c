import type { AgentPlan, FileDifference } from '../../shared/contract/index.ts'
import { faultText } from '../../shared/fault-text.ts'
import { dateWords } from '../base/words.ts'
import { chosenBoxes, type EngineClient, faultOf, idsOf, type Session } from './session.ts'
import { exit } from './shapes.ts'

const isNow = (value: string | null): string => value ?? 'nothing'

function wordsOf(plan: AgentPlan): string[] {
  const state = {
    unread: plan.why,
    refused: `refused: ${plan.why}`,
    same: plan.old ? 'nothing to do as it was read, which is too long ago to count' : 'nothing to do',
    changes: `plan ${plan.hash}`,
  }[plan.state]
  return [
    `${plan.name}${plan.version === '' ? '' : ` (${plan.version})`}: ${state}`,
    ...plan.changes.map(
      ({ path, before, after, fromLabel, changedBy }) =>
        `   ${path}: ${isNow(before)} → ${isNow(after)}${fromLabel === '' ? '' : `  [${fromLabel}]`}${
          changedBy === null
            ? ''
            : `  changed ${changedBy.who === '' ? '' : `by ${changedBy.who} `}${dateWords(changedBy.atMs)}`
        }`,
    ),
    ...plan.cannot.map(({ path, words }) => `   cannot: ${path}: ${words}`),
    ...plan.refusals.map(({ path, words }) => `   refused: ${path === '' ? '' : `${path}: `}${words}`),
    ...plan.excepts.map(({ path, untilMs, because }) => `   except ${path} until ${dateWords(untilMs)}: ${because}`),
    ...(plan.local.length === 0 ? [] : [`   ${plan.local.length + plan.moreLocal} settings of its own are left alone`]),
  ]
}

const marks = { same: ' ', more: '+', less: '-', gap: '' }

function differenceWords({ path, words, lines, moreLines }: FileDifference): string[] {
  return [
    `   file ${path}:${words === '' ? '' : ` ${words}`}`,
    ...lines.map(({ kind, text }) => `   ${marks[kind]}${text}`),
    ...(moreLines > 0 ? [`   ${moreLines} more lines`] : []),
  ]
}

/** Of every file that the plans change, machine by machine; what cannot be asked is said instead. */
async function askFiles(engine: EngineClient, plans: readonly AgentPlan[]): Promise<FileDifference[]> {
  const found = plans.map(async ({ agentId, files }) => {
    const own: FileDifference[] = []
    for (const { path } of files)
      own.push(
        await engine.plan.fileDifference({ agentId, path }).catch((error: unknown): FileDifference => {
          const fault = faultOf(error)
          if (!fault) throw error
          return { agentId, path, readAtMs: null, words: faultText(fault).sentence, lines: [], moreLines: 0 }
        }),
      )
    return own
  })
  return (await Promise.all(found)).flat()
}

export interface PlanOptions {
  readonly box?: string
  /** Asks the machines what the files that the plan changes say now. */
  readonly files: boolean
}

/** The smallest change from what was read last to what is declared; nothing is asked of a machine but for `files`. */
export async function plan({ client: engine, print }: Session, options: PlanOptions): Promise<number> {
  const boxes = await chosenBoxes(engine, options.box)
  const found = await engine.plan.of(options.box === undefined ? {} : { boxIds: idsOf(boxes) })
  const fileDifferences = options.files ? await askFiles(engine, found.agents) : []
  const lines = found.agents.flatMap((one) => [
    ...wordsOf(one),
    ...fileDifferences.filter(({ agentId }) => agentId === one.agentId).flatMap(differenceWords),
  ])
  print.answer('plan', options.files ? { ...found, fileDifferences } : found, [...lines, found.sentence])
  return exit.ok
}
