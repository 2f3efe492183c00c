import { afterEach, beforeEach, expect, test } from 'vitest'
import type { BoxId } from '../../shared/contract/index.ts'
import { createChanges } from '../base/changes.ts'
import { silentLog } from '../base/log.ts'
import { createInventory } from '../inventory/inventory.ts'
import type { RunningChange } from '../onbox/onbox.ts'
import { seenOff as off } from '../testing/seen-off.ts'
import { tempStore } from '../testing/temp-store.ts'
import { stopRows } from './rows.ts'
import { createStops } from './stop.ts'

/** Two machines with Telegram, each of which says that it is off. */
function lab() {
  const temp = tempStore()
  const { store } = temp
  const changes = createChanges()
  const inventory = createInventory({ ...temp, changes, homeDir: temp.dataDir })
  const rows = stopRows(store.db)
  const told: BoxId[] = []
  const looked: BoxId[] = []
  const boxes = ['box-1', 'box-2'].map((name) => {
    const { boxId } = inventory.addBox({ name, host: name }).box
    const agentId = inventory.seenAgent(boxId, { profile: 'default', stateDir: '/s' })
    inventory.seenChannels(boxId, [{ agentId, doors: [{ channel: 'telegram', account: 'default' }] }])
    return boxId
  })
  /** What starts over this store; a second one is what starts after the first has died. */
  const openConsole = (whileItStops = () => {}) =>
    createStops(
      {
        ...temp,
        inventory,
        changes,
        log: silentLog,
        lookAt: (boxId) => looked.push(boxId),
        onbox: {
          change: async (boxId) =>
            ({
              stop: async () => {
                told.push(boxId)
                whileItStops()
                return off
              },
              close: () => {},
            }) as Partial<RunningChange> as RunningChange,
        },
      },
      rows,
    )
  const refuseWrites = (refuse: boolean) => store.db.pragma(`query_only = ${refuse ? 'on' : 'off'}`)
  return { temp, rows, told, looked, boxes, openConsole, refuseWrites }
}

let at: ReturnType<typeof lab>
beforeEach(() => {
  at = lab()
})
afterEach(() => at.temp[Symbol.dispose]())

const isOff = { stopped: true, words: expect.stringMatching(/ is off\. This computer could not write it down\.$/) }

test('a channel is stopped everywhere though nothing can be written here', async () => {
  at.refuseWrites(true)
  expect(await at.openConsole().stop(null, 'telegram', null)).toMatchObject([isOff, isOff])
  expect(at.told.toSorted()).toEqual(at.boxes.toSorted())
})

test('a stop whose row could not be begun is kept once it can be', async () => {
  at.refuseWrites(true)
  const stops = await at.openConsole(() => at.refuseWrites(false)).stop(null, 'telegram', null)
  expect(stops.map(({ words }) => words).toSorted()).toEqual(['Telegram on box-1 is off.', 'Telegram on box-2 is off.'])
  expect(at.rows.newest()).toMatchObject([{ stopped: true }, { stopped: true }])
})

test('a stop whose end was never written counts as not stopped, and its machine is looked at', async () => {
  const stops = await at.openConsole(() => at.refuseWrites(true)).stop(null, 'telegram', null)
  expect(stops).toMatchObject([isOff, isOff])
  at.refuseWrites(false)
  expect(at.rows.newest()).toEqual([])
  at.looked.length = 0
  at.openConsole()
  expect(at.looked.toSorted()).toEqual(at.boxes.toSorted())
  const words = expect.stringMatching(/^NOT STOPPED: Telegram on box-[12] may still answer\. How it ended was not/)
  expect(at.rows.newest()).toMatchObject([
    { stopped: false, words },
    { stopped: false, words },
  ])
  expect(at.temp.ledger.entries({ limit: 1 })).toMatchObject([{ kind: 'stop.failed' }])
  at.looked.length = 0
  at.openConsole()
  expect(at.looked).toEqual([])
})
