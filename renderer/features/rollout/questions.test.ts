import { expect, it } from 'vitest'
import type { AgentId, PreflightQuestion, RolloutPreview } from '../../../shared/contract/index.ts'
import { idOf, openQuestions, recommended } from './questions.ts'

const question = (key: string, agents: string[], exits: PreflightQuestion['exits']): PreflightQuestion => ({
  key,
  about: key.split('/')[0] as PreflightQuestion['about'],
  state: 'cant-tell',
  words: `${key}?`,
  evidence: '',
  agents: agents.map((agentId) => ({ agentId: agentId as AgentId, name: agentId, choice: null })),
  exits,
})
const preview = (questions: PreflightQuestion[]): RolloutPreview => {
  const ids = new Set(questions.flatMap(({ agents }) => agents.map(({ agentId }) => agentId)))
  const targets = [...ids].map((agentId) => ({ agentId, goes: false, why: '' }))
  return { questions, targets } as unknown as RolloutPreview
}
const namesIn = (asked: RolloutPreview, picks = {}) =>
  openQuestions(asked, picks).map((one) => [one.question.key, one.recommended, one.agents.map(({ name }) => name)])

const skew = question('two-weeks/setting a', ['elm', 'peak'], ['exclude', 'accept'])
const stale = question('version/stale', ['elm'], ['exclude', 'accept'])
const drill = question('machine/way-back', ['elm', 'peak'], ['exclude'])

it('asks nothing more about a machine that an answer leaves out', () => {
  expect(namesIn(preview([skew, stale, drill]))).toEqual([
    ['version/stale', 'exclude', ['elm']],
    ['two-weeks/setting a', 'accept', ['peak']],
    ['machine/way-back', 'drill', ['peak']],
  ])
})

it('asks about it again when it is taken along', () => {
  expect(namesIn(preview([skew, stale]), { [idOf(stale)]: 'accept' })[1]).toEqual([
    'two-weeks/setting a',
    'accept',
    ['elm', 'peak'],
  ])
})

it('leaves out by default whom nobody knows, and updates first who lacks something', () => {
  expect(recommended(stale).answer).toBe('exclude')
  expect(recommended(question('needs/module x', ['a'], ['update-first', 'exclude', 'guarded'])).answer).toBe(
    'update-first',
  )
})

it('recommends no second drill, and offers one', () => {
  const [open] = openQuestions(preview([question('machine/drill-failed', ['nolan'], ['exclude'])]), {})
  expect(open).toMatchObject({ recommended: 'exclude', answers: ['exclude', 'drill'] })
})

it('offers nothing for what only another revision of the patch answers', () =>
  expect(openQuestions(preview([question('rules/gateway', ['a'], [])]), {})).toEqual([]))
