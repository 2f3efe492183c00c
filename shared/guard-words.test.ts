import { expect, it } from 'vitest'
import type { ClientId, ClientStreak, GuardClient, Traffic } from './contract/index.ts'
import { guardAnswerText, guardClientText, longestText } from './guard-words.ts'
import { watchCells } from './watch-words.ts'

const dayMs = 86_400_000
const nowMs = 100 * dayMs
const unknown: ClientStreak = { unchanged: null, answered: null, calm: null, trouble: '' }
const client = (clientName: string, streak: Partial<ClientStreak>, workflows: string[] = []): GuardClient => ({
  clientId: clientName as ClientId,
  clientName,
  workflows,
  streak: { ...unknown, ...streak },
})
const since = (daysAgo: number, atLeast = false) => ({ sinceMs: nowMs - daysAgo * dayMs, atLeast })

it.each<[string, GuardClient, string]>([
  [
    'everything is known',
    client('Elm', { unchanged: since(63), answered: { days: 41, atLeast: false }, calm: since(1) }, [
      'Quotes',
      'Calls',
    ]),
    'Elm: unchanged 63 days; answered in a row 41 days; without trouble: 1 day. Workflows: Quotes, Calls.',
  ],
  [
    'nothing is known',
    client('Elm', {}),
    'Elm: unchanged not known; answered in a row not known; without trouble: not known. No workflow is on record.',
  ],
  [
    'as far back as is known, with a trouble that lasts',
    client('Elm', { unchanged: since(5, true), answered: { days: 0, atLeast: true }, trouble: 'answers with errors' }),
    'Elm: unchanged at least 5 days; answered in a row at least 0 days; without trouble: trouble now (answers with errors). No workflow is on record.',
  ],
])('%s', (_, of, expected) => {
  expect(guardClientText(of, nowMs)).toBe(expected)
})

it('names the client who has been left alone longest', () => {
  const clients = [
    client('Elm', { unchanged: since(5) }),
    client('Oak', { unchanged: since(63, true) }),
    client('Fir', {}),
  ]
  expect(longestText(clients, nowMs)).toBe('Oak has worked the same way for at least 63 days and did not ask for this.')
  expect(longestText([client('Fir', {})], nowMs)).toBe('')
})

it('says who asked, or why all the same', () => {
  const benefits = 'all callers.'
  expect(guardAnswerText({ kind: 'asked', words: 'Dana: please', benefits, clients: [] })).toBe(
    'Asked for: “Dana: please”. Who benefits: all callers.',
  )
  expect(guardAnswerText({ kind: 'asked', words: 'Dana, Thursday: “Please.”', benefits, clients: [] })).toBe(
    'Asked for: Dana, Thursday: “Please.”. Who benefits: all callers.',
  )
  expect(guardAnswerText({ kind: 'unasked', words: 'It is clearer.', benefits, clients: ['Oak', 'Fir'] })).toBe(
    'Oak, Fir: Nobody asked for it: It is clearer. Who benefits: all callers.',
  )
})

it.each<[string, Traffic, string[]]>([
  [
    'not known is not none',
    { inbound: null, replies: null, aDay: null, replyMs: null },
    ['not known', 'not known', 'not known'],
  ],
  ['none is none', { inbound: 0, replies: 0, aDay: 0, replyMs: null }, ['0 of 0', 'not known', '0']],
  ['hours after the change', { inbound: 3, replies: 2, aDay: null, replyMs: 400 }, ['2 of 3', '1 s', 'not yet']],
  ['minutes', { inbound: 9, replies: 9, aDay: 4.3, replyMs: 130_000 }, ['9 of 9', '2 min', '4.3']],
])('%s', (_, after, expected) => {
  const before = { inbound: null, replies: null, aDay: null, replyMs: null }
  const cells = watchCells({ clientId: 'x' as ClientId, clientName: 'x', after, before, daysBefore: 0, readAtMs: null })
  expect(cells.filter((_, at) => at % 2 === 0)).toEqual(expected)
})
