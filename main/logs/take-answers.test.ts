import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import type { BoxId } from '../../shared/contract/index.ts'
import { answerInColumns } from '../runtimes/answer-in-columns.ts'
import { packAnswer } from '../runtimes/packed-answer.ts'
import type { Arrived } from './prepare.ts'
import { takeAnswers } from './take-answers.ts'

const answerOf = (boxId: string) => ({
  boxId: boxId as BoxId,
  boxName: boxId,
  agents: [],
  skewMs: 0,
  nowMs: 0,
  fingerprintKey: '5c'.repeat(32),
  packed: packAnswer(
    answerInColumns({ batches: [{ agent: 'main', lines: [], cursors: [], gaps: [], more: false }], bytesRead: 0 }),
  ),
})
const answers = ['one', 'odd', 'three'].map(answerOf)

test('an answer that nobody foresaw is left out, and the others are kept one by one', () => {
  const kept: BoxId[] = []
  const append = (batches: readonly Arrived[]) => {
    if (batches.some(({ boxId }) => boxId === 'odd')) throw new TypeError('odd')
    kept.push(...batches.map(({ boxId }) => boxId))
    return batches.map(() => ({ lines: 1, gaps: 0 }))
  }
  expect(takeAnswers(answers, append)).toMatchObject([
    { stored: { lines: 1 } },
    { stack: expect.stringContaining('odd') },
    { stored: { lines: 1 } },
  ])
  expect(kept).toEqual(['one', 'three'])
})

test('what the store says is said of all of them', () => {
  const full = () => {
    throw new Database.SqliteError('disk is full', 'SQLITE_FULL')
  }
  expect(() => takeAnswers(answers, full)).toThrow('disk is full')
})
