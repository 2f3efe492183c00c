import { expect, test, vi } from 'vitest'
import type { Finding } from '../../shared/contract/index.ts'
import { quarter } from '../testing/quarter.ts'

// A quarter of a year in one test: half a minute where the computer has nothing else to do.
vi.setConfig({ testTimeout: 600_000 })

const all = (here: ReturnType<typeof quarter>): Finding[] =>
  here.boxes.flatMap(({ boxId }) => here.findings.ofBox(boxId, 500))

function counts(findings: readonly Finding[]): string {
  const by = Map.groupBy(findings, ({ severity, cause }) => `${severity} ${cause}`)
  const lines = [...by].map(([what, group]) => `${what}: ${group.length}`).sort()
  const red = findings.filter(({ severity }) => severity === 'red').length
  return `red ${red}, attention ${findings.length - red}${lines.length > 0 ? ` (${lines.join(', ')})` : ''}`
}

test('ninety days of twelve healthy machines raise no red finding', async () => {
  using here = quarter('healthy', 90)
  const { sweeps, answers } = await here.live()
  const findings = all(here)
  console.log(`90 days, ${sweeps} sweeps, ${answers} questions: ${counts(findings)}`)
  expect(
    findings.filter(({ severity }) => severity === 'red').map(({ boxName, cause }) => `${boxName} ${cause}`),
  ).toEqual([])
  expect(here.facts.watch.spans(0).map(({ why }) => why)).toEqual(expect.arrayContaining(['asleep', 'no network']))
  expect(here.facts.watch.noNetworkSinceMs()).toBeNull()
})

test('the same days with a machine that dies and an agent that stops answering raise these two', async () => {
  using here = quarter('healthy', 21, { dead: { box: 3, day: 8 }, mute: { box: 5, day: 15 } })
  await here.live()
  const red = all(here).filter(({ severity }) => severity === 'red')
  expect(red.map(({ boxName, cause }) => `${boxName} ${cause}`).sort()).toEqual(['box-3 offline', 'box-5 wedged'])
  const [dead] = red.filter(({ cause }) => cause === 'offline')
  const afterMs = (dead?.noticedAtMs ?? 0) - here.at(8, 10)
  expect(afterMs).toBeGreaterThan(0)
  expect(afterMs).toBeLessThan(30 * 60_000)
})
