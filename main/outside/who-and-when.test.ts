import { expect, test } from 'vitest'
import { got, notRead } from '../testing/observed-sample.ts'
import { beforeMs, changedMs, changes, config, keys, nowMs, type Said, users, write } from '../testing/outside-lab.ts'

const after = config({ a: 2 })
const login = (user: string, fromMs: number, untilMs: number | null) => ({
  user,
  from: '10.0.0.9',
  atMs: fromMs,
  untilMs,
})
const hour = 3_600_000
test.each<[string, Said, [string, string]]>([
  [
    'the record names another home',
    { agent: { ...after, configWrites: got([write('openclaw config patch', ['/Users/kevin'])]) } },
    ['kevin', 'named'],
  ],
  [
    'on Windows too',
    { agent: { ...after, configWrites: got([write('openclaw config patch', ['C:\\Users\\kevin'])]) } },
    ['kevin', 'named'],
  ],
  [
    'the record names only its own login',
    { agent: { ...after, configWrites: got([write('openclaw config set', ['/Users/dana'])]) } },
    ['', 'unknown'],
  ],
  [
    'two strangers are nobody',
    { agent: { ...after, configWrites: got([write('a', ['/Users/kevin', '/Users/kim'])]) } },
    ['', 'unknown'],
  ],
  [
    'the only one logged in',
    { agent: after, people: { logins: got([login('kim', changedMs - hour, changedMs + hour)]) } },
    ['kim', 'logged-in'],
  ],
  [
    'still logged in',
    { agent: after, people: { logins: got([login('kim', changedMs - hour, null)]) } },
    ['kim', 'logged-in'],
  ],
  [
    'two were logged in',
    {
      agent: after,
      people: { logins: got([login('kim', changedMs - hour, null), login('dana', changedMs - hour, null)]) },
    },
    ['', 'unknown'],
  ],
  [
    'one who came just then, beside a screen that nobody ever leaves',
    {
      agent: after,
      people: { logins: got([login('kevin', changedMs - hour, null), login('dana', changedMs - 400 * hour, null)]) },
    },
    ['kevin', 'logged-in'],
  ],
  [
    'gone an hour before',
    { agent: after, people: { logins: got([login('kim', changedMs - 2 * hour, changedMs - hour)]) } },
    ['', 'unknown'],
  ],
  [
    'nobody knows when, so nobody knows who',
    {
      agent: config({ a: 2 }, { modifiedAtMs: beforeMs - hour }),
      people: { logins: got([login('kim', beforeMs, null)]) },
    },
    ['', 'unknown'],
  ],
  [
    'a machine that does not say who logged in',
    { agent: after, people: { logins: notRead('no last') } },
    ['', 'unknown'],
  ],
])('who: %s', (_, said, who) => {
  const [change] = changes({ agent: config({ a: 1 }) }, said)
  expect([change?.who, change?.whoBy]).toEqual(who)
})

test('the owner of a file names who wrote it', () => {
  const foreign = keys('operator', 'kevin').authorizedKeys?.map((file) => ({
    ...file,
    keys: file.keys.read ? got({ ...file.keys.value, ownerUid: 502 }) : file.keys,
  }))
  const people = users(['dana', 501, true], ['kevin', 502])
  const [change] = changes(
    { people: { ...people, ...keys('operator') } },
    { people: { ...people, authorizedKeys: foreign ?? [] } },
  )
  expect(change).toMatchObject({ who: 'kevin', whoBy: 'named' })
  expect(change?.evidence).toContainEqual({ name: 'File belongs to', value: 'kevin' })
})

test.each<[string, Said, number]>([
  [
    'the record of the write',
    { agent: { ...after, configWrites: got([write('x', [], changedMs - 1000)]) } },
    changedMs - 1000,
  ],
  ['the time of the file', { agent: after }, changedMs],
  [
    'a file that is dated before it was last read was set back: seen now',
    { agent: config({ a: 2 }, { modifiedAtMs: beforeMs - 1 }) },
    nowMs,
  ],
  ['a file from the future: seen now', { agent: config({ a: 2 }, { modifiedAtMs: nowMs + 24 * hour }) }, nowMs],
  [
    "a machine's clock that is two hours ahead",
    { agent: after, machine: { nowMs: nowMs + 2 * hour } },
    changedMs - 2 * hour,
  ],
])('when: %s', (_, said, atMs) => {
  expect(changes({ agent: config({ a: 1 }) }, said)[0]).toMatchObject({ atMs, notBeforeMs: beforeMs, seenAtMs: nowMs })
})
