import { expect, test } from 'vitest'
import {
  type AgentId,
  type BoxId,
  type Cause,
  type Fact,
  type FactKey,
  type Finding,
  factNames,
} from '../../shared/contract/index.ts'
import { answer, type Known } from './answer.ts'
import { commandOf } from './commands.ts'
import { leadOf } from './lead.ts'
import { questions } from './questions.ts'

const nowMs = new Date(2026, 10, 16, 8, 20).getTime()
const hour = 3_600_000
const day = 24 * hour
const agentId = 'a1' as AgentId

const ofMachine = (key: FactKey) => key.startsWith('system') || key.startsWith('reach')
const values: Partial<Record<FactKey, number>> = {
  'system.boot': nowMs - 20 * day,
  'activity.reply': nowMs - 2 * hour,
  'activity.inbound': nowMs - 2 * hour,
}
/** What the model's fact says while all is well. */
const words: Partial<Record<FactKey, string>> = { 'agent.model': 'answers' }

const fact = (key: FactKey, change: Partial<Fact> = {}): Fact => ({
  boxId: 'b1' as BoxId,
  agentId: ofMachine(key) ? null : agentId,
  key,
  instance: '',
  verdict: 'ok',
  text: 'fine',
  value: values[key] ?? words[key] ?? true,
  takenAtMs: nowMs - 60_000,
  evidence: { source: 'the sample', raw: '{}' },
  stale: false,
  ...change,
})

type Changes = Partial<Record<FactKey, Partial<Fact>>>

function known(changes: Changes = {}, findings: readonly [Cause, string][] = []): Known {
  return {
    facts: (Object.keys(factNames) as FactKey[]).map((key) => fact(key, changes[key])),
    findings: findings.map(
      ([cause, sentence]) => ({ cause, sentence, agentId, nextStep: `Mend ${cause}.` }) as Finding,
    ),
    profiles: new Map([[agentId, 'default']]),
    missedAtMs: null,
    offByPlan: false,
    nowMs,
  }
}

const ask = (given: Known) => questions.map((question) => answer(question, given))
const lead = (changes: Changes, findings?: readonly [Cause, string][]) => {
  const given = known(changes, findings)
  return leadOf(ask(given), given)
}

const bad = { verdict: 'bad' as const, value: false, text: 'wrong' }
const warn = { verdict: 'warn' as const, text: 'odd' }

test('a healthy machine answers every question with yes', () => {
  const probes = ask(known())
  expect(probes.filter((probe) => probe.answer !== 'yes').map(({ key, value }) => [key, value])).toEqual([])
  expect(lead({})).toEqual({
    lead: 'Nothing here makes it quiet: every question is answered with yes.',
    leadKey: null,
    nextStep: '',
  })
})

test('the version gap is asked first, and each question once', () => {
  expect(questions[0]?.key).toBe('version-gap')
  expect(new Set(questions.map(({ key }) => key)).size).toBe(questions.length)
  const parts = questions.map(({ part }) => part)
  expect(parts, 'a part is asked in one go').toEqual(
    [...new Set(parts)].flatMap((part) => parts.filter((p) => p === part)),
  )
})

test('what was not read, or is old, is never a yes', () => {
  for (const { key, answer: said, nextStep } of ask({ ...known(), facts: [] }))
    expect([key, said, nextStep === ''], key).toEqual([key, 'cannot-tell', false])
  const old = known()
  const stale = { ...old, facts: old.facts.map((each) => ({ ...each, verdict: 'unknown' as const, stale: true })) }
  for (const { key, answer: said } of ask(stale)) expect([key, said]).toEqual([key, 'cannot-tell'])
})

test('unread in one place and wrong in another is no', () => {
  const two = known()
  const facts = [
    ...two.facts.filter(({ key }) => key !== 'channel.connected'),
    fact('channel.connected', { instance: 'telegram/default', verdict: 'unknown', text: 'Telegram not known' }),
    fact('channel.connected', { instance: 'imessage/default', ...bad, text: 'iMessage not connected' }),
  ]
  const probe = ask({ ...two, facts }).find(({ key }) => key === 'connected')
  expect(probe).toMatchObject({ answer: 'no', value: 'iMessage not connected' })
})

test.each<[string, Changes, [Cause, string][], string | null, RegExp]>([
  [
    'nobody logged in explains that the agent is down',
    {
      'system.session': warn,
      'system.boot': { value: nowMs - 5 * hour },
      'agent.service': bad,
      'agent.ready': bad,
      'activity.reply': { value: nowMs - 3 * day },
    },
    [],
    'session',
    /^Most likely: nobody has logged in since the restart at 03:20\.$/,
  ],
  [
    'a machine that does not answer comes before all that was known of it',
    { 'reach.answers': bad, 'config.valid': bad, 'agent.service': bad },
    [['offline', 'has not answered since Sunday 22:14']],
    'reach',
    /it has not answered since Sunday 22:14\.$/,
  ],
  [
    'a broken config and a stopped agent',
    { 'config.valid': bad, 'agent.service': bad, 'agent.ready': bad },
    [['config-invalid', 'has a broken config and cannot start']],
    'config-valid',
    /it has a broken config and cannot start/,
  ],
  [
    'a broken file under a running agent is not why messages are left',
    { 'config.valid': bad, 'channel.suppressed': bad, 'agent.ready': bad, 'activity.unanswered': warn },
    [['channel-suppressed', 'is up but does not listen on Telegram']],
    'listens',
    /does not listen on Telegram/,
  ],
  [
    'errors and a version gap: the gap is blamed first',
    { 'version.gap': warn, 'version.patches': warn, 'activity.failures': bad },
    [['behind', 'is 366 commits behind']],
    'version-gap',
    /^Most likely: it is 366 commits behind\.$/,
  ],
  [
    'a model that refuses the key',
    { 'agent.model': { ...bad, value: 'key' }, 'activity.failures': bad, 'version.gap': warn },
    [['model-refused', 'is refused by its model: the key is not accepted']],
    'model',
    /^Most likely: it is refused by its model: the key is not accepted\.$/,
  ],
  [
    'a wedged agent',
    { 'channel.queue': bad, 'activity.unanswered': warn, 'version.gap': warn },
    [['wedged', 'says it is ready and answers nothing']],
    'queue',
    /it says it is ready and answers nothing/,
  ],
  [
    'a system that refuses the channel',
    { 'channel.permission': bad, 'channel.connected': bad, 'agent.ready': bad },
    [['channel-permission', 'is refused Full Disk Access by its system']],
    'permission',
    /is refused Full Disk Access/,
  ],
  [
    'an update that stopped halfway',
    { 'version.update': bad, 'agent.service': bad, 'agent.ready': bad },
    [['update-stalled', 'has an update of itself that stopped halfway']],
    'own-update',
    /stopped halfway/,
  ],
  [
    'nothing but errors: they lead',
    { 'activity.failures': bad },
    [['failing', 'answers with errors']],
    'replies',
    /it answers with errors/,
  ],
  [
    'a gap alone makes nobody quiet',
    { 'version.gap': warn },
    [['behind', 'is 1 release behind']],
    'version-gap',
    /^Nothing here makes it quiet\. Worth a look: it is 1 release behind\.$/,
  ],
  [
    'nothing wrong and something unread says so',
    { 'system.session': { verdict: 'unknown' } },
    [],
    null,
    /^Nothing that could be read makes it quiet\. 1 question could not be answered\.$/,
  ],
])('%s', (_, changes, findings, key, sentence) => {
  const found = lead(changes, findings)
  expect(found.leadKey).toBe(key)
  expect(found.lead).toMatch(sentence)
})

test('a restart after the last good reply is a suspect, one before it is not', () => {
  const stayed = (bootMs: number) =>
    ask(known({ 'system.boot': { value: bootMs } })).find(({ key }) => key === 'stayed-up')?.answer
  expect(stayed(nowMs - hour)).toBe('no')
  expect(stayed(nowMs - 3 * hour)).toBe('yes')
})

test('a model that cannot be reached is the network, one that refuses was reached', () => {
  const asked = (value: string) => {
    const probes = ask(known({ 'agent.model': { verdict: 'bad', value, text: value } }))
    return ['model', 'network'].map((key) => probes.find((probe) => probe.key === key)?.answer)
  }
  expect(asked('network')).toEqual(['cannot-tell', 'no'])
  expect(asked('key')).toEqual(['no', 'yes'])
  expect(lead({ 'agent.model': { verdict: 'bad', value: 'network', text: 'is not reached' } }).leadKey).toBe('network')
})

test('a machine without a guarded channel needs no leave of its system', () => {
  const all = known()
  const without = { ...all, facts: all.facts.filter(({ key }) => key !== 'channel.permission') }
  expect(ask(without).find(({ key }) => key === 'permission')).toMatchObject({
    answer: 'yes',
    value: 'no channel here needs it',
  })
})

test('nobody wrote for days: the quiet is theirs', () => {
  const tried = (atMs: number) =>
    ask(known({ 'activity.inbound': { value: atMs } })).find(({ key }) => key === 'tried')?.answer
  expect(tried(nowMs - 4 * day)).toBe('no')
  expect(tried(nowMs - day)).toBe('yes')
})

test('of a machine that does not answer now nothing is a yes, and a no of before still is one', () => {
  const given = { ...known({ 'reach.answers': { ...bad, takenAtMs: nowMs }, 'config.valid': bad }), missedAtMs: nowMs }
  const probes = ask(given)
  expect(probes.filter((probe) => probe.answer === 'yes')).toEqual([])
  expect(probes.filter((probe) => probe.answer === 'no').map(({ key }) => key)).toEqual(['config-valid', 'reach'])
  expect(leadOf(probes, given).leadKey).toBe('reach')
  expect(leadOf(probes, { ...given, offByPlan: true }).lead).toBe(
    'It does not answer, and is not expected to be on now.',
  )
})

test('what the last attempt met is told, not that it met nothing', () => {
  const evidence = { source: 'the last attempt', raw: 'There is no way from this computer to it.' }
  const probe = ask(known({ 'reach.answers': { ...bad, evidence } })).find(({ key }) => key === 'reach')
  expect(probe?.value).toBe(evidence.raw)
})

test('a finding of the same thing gives the next step', () => {
  const probe = ask(known({ 'agent.service': bad }, [['gateway-down', 'has an agent that does not run']])).find(
    ({ key }) => key === 'service',
  )
  expect(probe?.nextStep).toBe('Mend gateway-down.')
})

test('the command shows the telling fact, quoted for a shell; reach is the login itself', () => {
  const ssh = 'ssh dana@10.0.0.5'
  const given = known({
    'system.os': { value: 'darwin' },
    'agent.service': { value: 'launchd', evidence: { source: 'the sample', raw: '{"port":19001}' } },
  })
  const command = (key: string) => {
    const probe = ask(given).find((each) => each.key === key)
    return probe ? commandOf(probe, ssh, given.facts, []) : undefined
  }
  expect(command('reach')).toBe(ssh)
  expect(command('session')).toBe(`${ssh} 'stat -f %Su /dev/console'`)
  expect(command('ready')).toContain('http://127.0.0.1:19001/readyz')
  expect(command('network')).toBe(`${ssh} 'ping -c 3 1.1.1.1'`)
  expect(commandOf({ key: 'session', facts: [] }, ssh, [], [])).toBeNull()
})
