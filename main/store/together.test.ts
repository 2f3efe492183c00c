import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { FaultError } from '../base/fault-error.ts'
import { tempStore } from '../testing/temp-store.ts'
import { storeFile } from './damage.ts'
import { createTogether } from './together.ts'

const withNames = () => {
  const at = tempStore()
  const { store } = at
  store.db.exec('create table name (name text primary key) strict')
  const put = store.db.prepare('insert into name values (?)')
  const names = (db = store.db) => db.prepare('select name from name order by rowid').pluck().all()
  const add = (name: string) => () => void put.run(name)
  return { store, names, add, [Symbol.dispose]: () => at[Symbol.dispose]() }
}

test('what is asked for in one turn goes to the disk at once, in that order', async () => {
  using at = withNames()
  const { store, names, add } = at
  let depth = 0
  let waits = 0
  const together = createTogether((work) => {
    if (depth === 0) waits += 1
    depth += 1
    try {
      return store.write(work)
    } finally {
      depth -= 1
    }
  })
  await Promise.all([together(add('canary')), together(add('second')), together(add('third'))])
  expect(waits).toBe(1)
  await together(add('later'))
  expect(waits).toBe(2)
  expect(names()).toEqual(['canary', 'second', 'third', 'later'])
})

test('a row stands for everybody when its promise settles, and not before', async () => {
  using at = withNames()
  const { store, names, add } = at
  const other = new Database(storeFile(store.dataDir), { readonly: true })
  const writing = store.writeTogether(add('canary'))
  expect(names(other)).toEqual([])
  await writing
  expect(names(other)).toEqual(['canary'])
  other.close()
})

test('one that fails is undone alone', async () => {
  using at = withNames()
  const { store, names, add } = at
  const half = store.writeTogether(() => {
    add('half')()
    throw new Error('not this one')
  })
  const ended = await Promise.allSettled([store.writeTogether(add('first')), half, store.writeTogether(add('last'))])
  expect(ended.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  await expect(half).rejects.toThrow('not this one')
  expect(names()).toEqual(['first', 'last'])
})

test('nothing stands where the whole cannot be written, and each is told', async () => {
  using at = withNames()
  const { store, add } = at
  const together = createTogether(() => {
    throw new FaultError({ code: 'read-only', detail: 'as a test wants it' })
  })
  const ended = await Promise.allSettled([together(add('first')), together(add('second'))])
  expect(ended.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  expect(store.db.prepare('select count(*) from name').pluck().get()).toBe(0)
})
