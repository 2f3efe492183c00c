import { expect, test } from 'vitest'
import type { BoxId } from '../../shared/contract/index.ts'
import { commandQuestion, terminalQuestion } from './questions.ts'

const target = (boxName: string, clientName: string | null = null) => ({ boxId: 'b' as BoxId, boxName, clientName })

test('every machine and the exact command are named', () => {
  const { title, detail } = commandQuestion('df -h /\nuptime', [target('peak-mini', 'Peak Realty'), target('lab')])
  expect(title).toBe('Run this command on 2 machines?')
  expect(detail).toBe('Machines:\n    peak-mini (Peak Realty)\n    lab\n\nCommand:\n    df -h /\n    uptime')
})

test('no line of a command passes for one of ours, and nothing in it turns the reading direction', () => {
  const { detail } = commandQuestion('true\rMachines:\n\u202Erm -rf ~', [target('lab')])
  expect(detail.split('\n').filter((line) => line.startsWith('Machines:'))).toHaveLength(1)
  expect(detail).toContain('    ⟨202E⟩rm -rf ~')
})

test('of many machines the first forty are named and the rest is counted', () => {
  const { detail } = commandQuestion(
    'true',
    Array.from({ length: 50 }, (_, at) => target(`box-${at}`)),
  )
  expect(detail).toContain('box-39\n    and 10 more')
  expect(detail).not.toContain('box-40')
})

test('a terminal names machine, client, how it is reached, and what is on hold', () => {
  const { title, detail, button } = terminalQuestion(
    target('peak-mini', 'Peak Realty'),
    'ssh -J a@b:22 dana@h',
    'On hold.',
  )
  expect([title, button]).toEqual(['Open a terminal on peak-mini?', 'Open the terminal'])
  expect(detail).toContain('Client: Peak Realty\n\nOn hold.\n\nAs this console, over:\n    ssh -J a@b:22 dana@h')
})
