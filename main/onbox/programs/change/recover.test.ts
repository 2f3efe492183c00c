import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { newId } from '../../../base/ids.ts'
import { moveOver } from '../../../runtimes/runtimes.ts'
import { tempDir } from '../../../testing/temp-store.ts'
import { goBack } from './go-back.ts'
import { commitChange, decide, stateOf } from './marker.ts'
import { recover } from './recover.ts'
import { stageDrill } from './stage.ts'

process.env.HOME = tempDir()

/** Armed in another run of the box, and nobody took it back. */
function overdue(): string {
  const { folder } = stageDrill(newId(), 60)
  decide(folder, 'staged', 'armed')
  return folder
}

const neverOverdue = () => Promise.reject(new Error('nothing was overdue'))
const neverFinal = () => Promise.reject(new Error('nothing was made final'))

test('one change that cannot be taken back keeps no other from it, and stays overdue', async () => {
  const all = [overdue(), overdue(), overdue()]
  let stuck = ''
  const told = await recover(async (folder) => {
    if (stuck === '') stuck = folder
    if (folder === stuck) throw new Error('no permission')
    await goBack(folder, '00'.repeat(32))
  }, neverFinal)
  expect(all.filter((folder) => stateOf(folder) === 'reverted')).toHaveLength(2)
  expect(told.filter((change) => change.overdue)).toMatchObject([{ state: 'armed' }])
})

test('one that is final is ended, where who made it final was killed at it', async () => {
  const { folder, plan } = stageDrill(newId(), 60)
  decide(folder, 'staged', 'armed')
  moveOver(plan.after, plan.target)
  decide(folder, 'armed', 'committed')
  expect(existsSync(plan.before)).toBe(true)
  await recover(neverOverdue, async (each) => commitChange(each))
  expect([stateOf(folder), existsSync(plan.before), readFileSync(plan.target, 'utf8')]).toEqual([
    'committed',
    false,
    'changed\n',
  ])
})
