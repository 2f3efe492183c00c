import type { PatchPart } from '../../shared/contract/index.ts'
import { isAtLeast, isSqliteEra } from '../runtimes/runtimes.ts'
import type { Evidence, Question } from './preflight.ts'

/** How the fact `version.install` says it of what a run updates. */
const byNpm = 'package, by npm'

/** What says against bringing the runtime of an agent to another version, from how it was read last. Pure. */
export function updateQuestions(parts: readonly PatchPart[], { plan, facts }: Evidence): Question[] {
  const update = parts.find((part) => part.kind === 'update')
  if (update?.from !== 'package' || plan.version === '' || plan.version === update.to) return []
  const { to } = update
  const about = 'version' as const
  const install = facts.find(({ key }) => key === 'version.install')
  const questions: Question[] = []
  if (install !== undefined && install.text !== byNpm)
    questions.push({
      key: 'version/install',
      about,
      state: install.verdict === 'unknown' ? 'cant-tell' : 'blocked',
      words: `It is installed as: ${install.text}. A run updates packages that npm installed.`,
      evidence: 'version.install',
      exits: install.verdict === 'unknown' ? ['exclude', 'accept'] : ['exclude'],
    })
  if (isSqliteEra(to) !== isSqliteEra(plan.version))
    questions.push({
      key: 'version/era',
      about,
      state: 'blocked',
      words: `Between ${plan.version} and ${to} its state takes another form for good; update it on the machine.`,
      evidence: `${plan.version} is installed`,
      exits: ['exclude'],
    })
  else if (isAtLeast(plan.version, to))
    questions.push({
      key: 'version/older',
      about,
      state: 'cant-tell',
      words: `${to} is older than ${plan.version}; where it does not read the state as it is, the machine refuses it.`,
      evidence: `${plan.version} is installed`,
      exits: ['exclude', 'accept'],
    })
  return questions
}
