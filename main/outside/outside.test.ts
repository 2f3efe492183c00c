import { expect, test } from 'vitest'
import { answer, factsLab, sweepAll } from '../testing/facts-lab.ts'
import { fakeClock } from '../testing/fake-clock.ts'
import { got, sampleAgent, sampleConfig, sampleKey, samplePeople } from '../testing/observed-sample.ts'

const hourMs = 3_600_000

/** One box whose config and keys can be changed between two sweeps. */
function lab() {
  const clock = fakeClock()
  const state = { setting: 1, keys: ['operator'], by: '' }
  const here = factsLab(
    async () =>
      answer(clock, {
        people: samplePeople(clock.nowMs(), {
          authorizedKeys: [
            {
              file: '/Users/dana/.ssh/authorized_keys',
              user: 'dana',
              keys: got({
                list: state.keys.map(sampleKey),
                total: state.keys.length,
                digest: state.keys.join(),
                modifiedAtMs: clock.nowMs() - 60_000,
                ownerUid: 501,
              }),
            },
          ],
        }),
        agents: [
          sampleAgent(clock.nowMs(), {
            config: got(
              sampleConfig(clock.nowMs(), {
                fingerprint: String(state.setting),
                redacted: JSON.stringify({ a: state.setting, b: state.setting }),
                modifiedAtMs: clock.nowMs() - 60_000,
              }),
            ),
            configWrites: got(
              state.by === ''
                ? []
                : [
                    {
                      atMs: clock.nowMs() - 60_000,
                      by: 'openclaw config patch',
                      homes: [state.by],
                      hashBefore: '',
                      hashAfter: '',
                    },
                  ],
            ),
          }),
        ],
      }),
    { clock, boxes: 1 },
  )
  return Object.assign(here, {
    state,
    boxId: here.idOf('box-1'),
    async later(change: Partial<typeof state>) {
      Object.assign(state, change)
      clock.advance(hourMs)
      await sweepAll(here.facts)
    },
    open: () => here.findings.open().filter(({ cause }) => cause === 'changed-outside'),
    diary: () => here.ledger.entries({ boxId: here.idOf('box-1'), limit: 20 }).map(({ kind }) => kind),
  })
}

test('how a box reads first is no change; what changes later is one finding that stays until somebody decides', async () => {
  using here = lab()
  await here.later({})
  await here.later({})
  expect(here.outside.ofBox(here.boxId, 10)).toEqual([])
  await here.later({ setting: 2, by: '/Users/kevin' })
  expect(here.open()).toMatchObject([{ severity: 'attention', state: 'Changed', agentId: null }])
  expect(here.open()[0]?.sentence).toMatch(/^changed without you: 2 settings, \w+day \d\d:\d\d, as “kevin”$/)
  await here.later({ keys: ['operator', 'kevin@laptop'] })
  expect(here.open()).toMatchObject([{ severity: 'red', detail: 'somebody gained a way in' }])
  expect(here.open()[0]?.sentence).toMatch(/^changed without you: 2 settings and 1 new login key, \w+day \d\d:\d\d$/)
  await here.later({})
  expect(here.open()).toHaveLength(1)
})

test('"that was me" and "keep" close it, each with its entry in the diary; undo opens it again', async () => {
  using here = lab()
  await here.later({})
  await here.later({ setting: 2 })
  await here.later({ keys: ['operator', 'x'] })
  const [key, config] = here.outside.ofBox(here.boxId, 10)
  expect(here.outside.decide([config!.changeId], 'mine')).toEqual({
    changeIds: [config!.changeId],
    sentence: '1 change closed: it was you.',
  })
  expect(here.open()).toMatchObject([{ severity: 'red' }])
  expect(here.open()[0]?.sentence).toMatch(/^changed without you: 1 new login key, /)
  here.outside.decide([key!.changeId], 'keep')
  expect(here.open()).toEqual([])
  expect(here.findings.ofBox(here.boxId, 1)).toMatchObject([
    { open: false, recovery: 'You decided about everything that changed here.' },
  ])
  expect(here.outside.ofBox(here.boxId, 10).map(({ decided }) => decided)).toEqual(['keep', 'mine'])
  expect(here.diary()).toEqual(expect.arrayContaining(['change.mine', 'change.kept']))
  await here.later({})
  expect(here.open()).toEqual([])

  expect(here.outside.decide([key!.changeId], 'mine').changeIds).toEqual([])
  expect(here.outside.undecide([key!.changeId])).toEqual({ sentence: '1 change open again.' })
  expect(here.open()).toHaveLength(1)
  expect(here.diary()[0]).not.toBe('change.kept')
})

test('a change that goes away again is a change of its own', async () => {
  using here = lab()
  await here.later({})
  await here.later({ keys: ['operator', 'x'] })
  await here.later({ keys: ['operator'] })
  expect(here.outside.ofBox(here.boxId, 10).map(({ sentence }) => sentence)).toEqual([
    '1 login key removed: x',
    '1 new login key: x',
  ])
})

test('what changed within a span is told newest first, with who', async () => {
  using here = lab()
  await here.later({})
  const fromMs = here.clock.nowMs()
  await here.later({ setting: 2, by: '/Users/kevin' })
  await here.later({ setting: 3 })
  const toMs = here.clock.nowMs()
  expect(here.outside.changesBetween(here.boxId, fromMs, toMs)).toMatchObject([
    { atMs: toMs - 60_000, sentence: '2 settings changed: a, b', who: 'as “kevin”' },
    { atMs: toMs - hourMs - 60_000, sentence: '2 settings changed: a, b', who: 'as “kevin”' },
  ])
  expect(here.outside.changesBetween(here.boxId, toMs, toMs + hourMs)).toEqual([])
})

test("on the operator's own lab machine only a new way in is an alarm; the rest is listed", async () => {
  using here = lab()
  here.inventory.editBox({ boxId: here.boxId, fields: { ring: 'lab' } })
  await here.later({})
  await here.later({ setting: 2 })
  expect(here.open()).toEqual([])
  expect(here.outside.ofBox(here.boxId, 10)).toMatchObject([{ part: 'config', weight: 'listed', decided: null }])
  await here.later({ keys: ['operator', 'x'] })
  expect(here.open()).toMatchObject([{ severity: 'red' }])
})
