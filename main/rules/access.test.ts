import { expect, test } from 'vitest'
import { client, closed, subject } from '../testing/rules-lab.ts'
import { type AgentAccess, buildDoor } from './access.ts'
import { judgeRules } from './judge.ts'

test('an account nobody can judge is not said to hold because another one is broken', () => {
  const accounts = { desk: { allowFrom: ['*'] }, shop: { dmPolicy: `\${POLICY}` } }
  const judged = subject({ imessage: { ...closed, accounts } }, { client: { ...client, contacts: [] } })
  const verdicts = judgeRules(judged)
  const doors = judged.doors ?? []
  const seen = { doors, verdicts, cannotTell: '', takenAtMs: 0 }
  const box = { boxId: 'b', name: 'bright-mini' }
  const of = { box, agent: {}, client: null, seen, subject: judged, strangers: [], stale: false }
  const statesAt = (account: string) => {
    const door = doors.find((each) => each.account === account)
    if (!door) throw new Error(`There is no ${account}`)
    const { rules } = buildDoor(of as unknown as AgentAccess, door, 0)
    return rules.find(({ verdict }) => verdict.ruleId === 'own-people')?.verdict
  }
  expect(statesAt('desk')).toMatchObject({ state: 'broken', where: ['imessage/desk'] })
  expect(statesAt('shop')).toMatchObject({ state: 'unknown', where: ['imessage/shop'] })
})
