import type { AgentPlan } from '../../shared/contract/index.ts'
import { dateWords } from '../base/words.ts'
import { chosenBoxes, idsOf, type Session } from './session.ts'
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

/** The smallest change from what was read last to what is declared; nothing is asked of a machine. */
export async function plan({ client: engine, print }: Session, options: { box?: string }): Promise<number> {
  const boxes = await chosenBoxes(engine, options.box)
  const found = await engine.plan.of(options.box === undefined ? {} : { boxIds: idsOf(boxes) })
  print.answer('plan', found, [...found.agents.flatMap(wordsOf), found.sentence])
  return exit.ok
}
