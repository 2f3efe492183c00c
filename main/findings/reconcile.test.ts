import { expect, test } from 'vitest'
import type { AgentId, Cause } from '../../shared/contract/index.ts'
import { type Assessment, type Before, type OpenFinding, reconcile, type Trouble } from './reconcile.ts'

const trouble: Trouble = {
  severity: 'red',
  state: 'Unsafe',
  sentence: 's',
  detail: 'd',
  sinceMs: null,
  evidence: [],
  nextStep: 'n',
}
const agent = 'a1' as AgentId
const open = (findingId: string, cause: Cause, agentId: AgentId | null = agent): OpenFinding => ({
  findingId,
  cause,
  agentId,
  times: 1,
  comesSinceMs: null,
  calmSinceMs: null,
})
const nothing: Before<OpenFinding> = { open: [], doubts: [], past: [] }
const asked = { atMs: 0, asked: true }

test('trouble opens once per cause and subject, is refreshed while it lasts, and is closed with its recovery', () => {
  const known = [open('f1', 'behind'), open('f2', 'silent'), open('f3', 'offline', null)]
  const judged: Assessment[] = [
    { cause: 'behind', agentId: agent, trouble },
    { cause: 'behind', agentId: 'a2' as AgentId, trouble },
    { cause: 'silent', agentId: agent, trouble: null, recovery: 'They talk again.' },
    { cause: 'crash-loop', agentId: agent, trouble: null, recovery: 'No more.' },
  ]
  const steps = reconcile({ ...nothing, open: known }, judged, asked)
  expect(steps.open).toEqual([{ ...judged[1], times: 1, comesSinceMs: null }])
  expect(steps.refresh).toEqual([{ finding: known[0], trouble, times: 1, comesSinceMs: null }])
  expect(steps.close).toEqual([{ finding: known[1], recovery: 'They talk again.' }])
})

test('what was not judged stays as it is', () => {
  const steps = reconcile({ ...nothing, open: [open('f1', 'behind')] }, [], asked)
  expect(Object.values(steps).flat()).toEqual([])
})

const minute = 60_000
const hour = 60 * minute

/** Looks at one cause of one box, one after the other, as the store would keep what comes of it. */
function play(cause: Cause, looks: readonly [atMs: number, seen: 'bad' | 'well' | 'asked bad' | 'asked well'][]) {
  let findings: (OpenFinding & { noticedAtMs: number; closed: boolean })[] = []
  let before = nothing
  const told: string[] = []
  let sentence = ''
  let made = 0
  for (const [atMs, seen] of looks) {
    const past = findings.filter((finding) => finding.closed)
    const state: Before<(typeof findings)[number]> = {
      open: findings.filter((finding) => !finding.closed),
      doubts: before.doubts,
      past,
    }
    const assessment: Assessment = seen.endsWith('bad')
      ? { cause, agentId: null, trouble: { ...trouble, sentence: 'is in trouble' } }
      : { cause, agentId: null, trouble: null, recovery: 'It is over.' }
    const steps = reconcile(state, [assessment], { atMs, asked: seen.startsWith('asked') })
    for (const begun of steps.open) {
      findings.push({ ...begun, findingId: `f${++made}`, calmSinceMs: null, noticedAtMs: atMs, closed: false })
      told.push(`${atMs / minute} open`)
      sentence = begun.trouble.sentence
    }
    for (const { finding, trouble: now, ...coming } of steps.refresh) {
      Object.assign(finding, coming, { calmSinceMs: null })
      sentence = now.sentence
    }
    for (const { finding, sinceMs } of steps.calm) Object.assign(finding, { calmSinceMs: sinceMs })
    for (const { finding, recovery } of steps.close) {
      Object.assign(finding, { closed: true })
      told.push(`${atMs / minute} close: ${recovery}`)
    }
    before = {
      ...before,
      doubts: [
        ...before.doubts.filter((doubt) => !steps.settled.includes(doubt) && steps.doubt.length === 0),
        ...steps.doubt,
      ],
    }
    findings = findings.filter(({ noticedAtMs }) => atMs - noticedAtMs < 100 * hour)
  }
  return { told, sentence, doubts: before.doubts }
}

test.each<[string, Cause, [number, 'bad' | 'well' | 'asked bad' | 'asked well'][], string[]]>([
  [
    'one unlucky look opens nothing',
    'offline',
    [
      [0, 'bad'],
      [10, 'well'],
      [20, 'bad'],
      [30, 'well'],
    ],
    [],
  ],
  [
    'two in a row do',
    'offline',
    [
      [0, 'bad'],
      [5, 'bad'],
      [15, 'bad'],
    ],
    ['5 open'],
  ],
  [
    'two within a minute do not',
    'offline',
    [
      [0, 'bad'],
      [1, 'bad'],
      [2, 'well'],
    ],
    [],
  ],
  ['the operator’s own look does, at once', 'offline', [[0, 'asked bad']], ['0 open']],
  [
    'two looks with days between are not in a row',
    'offline',
    [
      [0, 'bad'],
      [3000, 'bad'],
      [3005, 'bad'],
    ],
    ['3005 open'],
  ],
  [
    'reach closes with the first answer',
    'offline',
    [
      [0, 'asked bad'],
      [10, 'well'],
    ],
    ['0 open', '10 close: It is over.'],
  ],
  [
    'a service that stands up once is not up',
    'gateway-down',
    [
      [0, 'bad'],
      [10, 'bad'],
      [20, 'well'],
      [30, 'bad'],
      [40, 'well'],
      [50, 'well'],
    ],
    ['10 open', '50 close: It is over.'],
  ],
  [
    'the operator’s own look closes it at once',
    'gateway-down',
    [
      [0, 'asked bad'],
      [1, 'asked well'],
    ],
    ['0 open', '1 close: It is over.'],
  ],
  [
    'who is answered is true as soon as it was seen',
    'answers-everyone',
    [
      [0, 'bad'],
      [10, 'well'],
    ],
    ['0 open', '10 close: It is over.'],
  ],
])('hysteresis: %s', (_, cause, looks, told) => {
  const { told: is, doubts } = play(
    cause,
    looks.map(([atMin, seen]) => [atMin * minute, seen]),
  )
  expect(is).toEqual(told)
  expect(doubts).toEqual([])
})

test('a trouble that came and went three times in a day stays open the fourth time, until it was calm for six hours', () => {
  const looks: [number, 'bad' | 'well'][] = []
  for (let n = 0; n < 6; n++) looks.push([n * hour, 'bad'], [n * hour + 10 * minute, 'well'])
  const { told, sentence } = play('answers-everyone', looks)
  expect(told).toEqual([
    '0 open',
    '10 close: It is over.',
    '60 open',
    '70 close: It is over.',
    '120 open',
    '130 close: It is over.',
    '180 open',
  ])
  expect(sentence).toMatch(/^comes and goes: 6 times since \d+ \w+ \d{4} \d\d:\d\d$/)
  const calm = play('answers-everyone', [
    ...looks,
    [11 * hour, 'well'],
    [11 * hour + 10 * minute, 'well'],
    [12 * hour, 'well'],
  ])
  expect(calm.told.slice(7)).toEqual(['670 close: It is over. It came 6 times, and is calm now.'])
})
