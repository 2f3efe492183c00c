import { describe, expect, it } from 'vitest'
import { closed, own, subject } from '../testing/rules-lab.ts'
import { judgeRules, type RuleSubject, refusals } from './rules.ts'

describe('a change', () => {
  const open = subject({ imessage: { ...closed, allowFrom: ['*'] } })
  const refused = (before: RuleSubject, after: RuleSubject) =>
    refusals(judgeRules(before), judgeRules(after)).map(({ ruleId }) => ruleId)
  const one = (channel: object) => subject({ imessage: { ...closed, ...channel } })
  const gateway = (settings: object) => subject({ imessage: closed }, { settings: { gateway: settings } })
  const hidden = `\${HIDDEN}`
  const insecure = { controlUi: { allowInsecureAuth: true }, auth: { mode: 'none' } }

  it.each<[string, RuleSubject, RuleSubject]>([
    ['fixes', open, one({})],
    ['turns the channel off', open, one({ enabled: false, allowFrom: ['*'] })],
    ['leaves it as bad', open, subject({ imessage: { ...closed, allowFrom: ['*'] } }, { settings: { logging: {} } })],
    ['narrows to a stranger', open, one({ allowFrom: [own, '+15550777'] })],
    [
      'takes one of two strangers away',
      one({ allowFrom: ['+15550777', '+15550778'] }),
      one({ allowFrom: ['+15550778'] }),
    ],
    ['narrows to a code', open, one({ dmPolicy: 'pairing', allowFrom: [own] })],
    [
      'leaves hidden what was, beside what is open',
      gateway({ ...insecure, auth: { mode: hidden }, bind: 'lan' }),
      gateway({ controlUi: { allowInsecureAuth: true }, auth: { mode: hidden }, bind: 'lan', port: 18_790 }),
    ],
    [
      'switches the login of the page on again',
      gateway({ ...insecure, bind: 'lan' }),
      gateway({ auth: { mode: 'none' }, bind: 'lan' }),
    ],
  ])('that %s passes', (_name, before, after) => {
    expect(refused(before, after)).toEqual([])
  })

  it.each<[string, RuleSubject, RuleSubject, string]>([
    ['opens', one({}), open, 'no-wildcard'],
    [
      'adds a second stranger',
      one({ allowFrom: ['+15550777'] }),
      one({ allowFrom: ['+15550777', '+15550778'] }),
      'own-people',
    ],
    ['swaps a stranger', one({ allowFrom: ['+15550777'] }), one({ allowFrom: ['+15550778'] }), 'own-people'],
    [
      'opens a second account',
      open,
      subject({ imessage: { ...closed, allowFrom: ['*'], accounts: { desk: { allowFrom: ['*'] } } } }),
      'no-wildcard',
    ],
    ['turns groups on', open, one({ allowFrom: ['*'], groupPolicy: 'open' }), 'no-groups'],
    [
      'binds a gateway that is open already',
      gateway(insecure),
      gateway({ ...insecure, bind: 'lan' }),
      'closed-gateway',
    ],
    [
      'binds one that is open already behind a login nobody can read',
      gateway(insecure),
      gateway({ controlUi: { allowInsecureAuth: true }, auth: { mode: hidden }, bind: 'lan' }),
      'closed-gateway',
    ],
    [
      'hides whether the gateway asks for the token it has',
      gateway({ auth: { token: hidden }, bind: 'lan' }),
      gateway({ auth: { mode: hidden, token: hidden }, bind: 'lan' }),
      'closed-gateway',
    ],
    [
      'hides whether the gateway stands in the network',
      gateway({ auth: { mode: 'none' } }),
      gateway({ auth: { mode: 'none' }, tailscale: { mode: hidden } }),
      'closed-gateway',
    ],
    [
      'hides the people of a second account beside an open one',
      one({ cliPath: 'imsg', allowFrom: ['*'] }),
      one({ cliPath: 'imsg', allowFrom: ['*'], accounts: { desk: { allowFrom: [], dmPolicy: hidden } } }),
      'own-people',
    ],
    ['hides the list', one({}), one({ allowFrom: [`\${OWNER}`] }), 'no-references'],
    ['cannot be judged', one({}), { ...one({}), doors: null }, 'own-people'],
  ])('that %s is refused', (_name, before, after, ruleId) => {
    expect(refused(before, after)).toContain(ruleId)
  })
})
