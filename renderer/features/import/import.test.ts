import { expect, test } from 'vitest'
import { ImportRow } from '../../../shared/contract/index.ts'
import {
  firstChoice,
  foundSentence,
  importWords,
  missingHops,
  nameTaken,
  rowKey,
  sortRows,
  toggle,
  toggleAll,
} from './choose.ts'
import { assign, guessed, mappingProblem } from './mapping.ts'

const machine = {
  name: 'peak-mini',
  host: '10.0.0.5',
  port: 22,
  user: 'dana',
  auth: { kind: 'agent' },
  ring: 'rest',
  expectedOn: { kind: 'always' },
  jumpOnly: false,
  keepAliveS: null,
}
const row = (change: Record<string, unknown>) =>
  ImportRow.parse({
    line: 1,
    name: 'peak-mini',
    box: machine,
    clientName: '',
    hopNames: [],
    problems: [],
    duplicateOf: null,
    ...change,
  })

const good = row({ line: 1 })
const here = row({ line: 2, name: 'harbor', duplicateOf: 'harbor' })
const bad = row({ line: 3, name: '', box: null, problems: ['Port 99999 is not a port.'] })

test('rows are sorted by what can be done with them', () => {
  const sorted = sortRows([good, here, bad])
  expect([sorted.usable, sorted.here, sorted.bad]).toEqual([[good], [here], [bad]])
  expect(foundSentence(sorted)).toBe('1 machine to take · 1 row cannot be used · 1 already here')
})

test('a row with a problem is never offered, even if it became a machine', () => {
  expect(sortRows([row({ problems: ['Its jump host is not here.'] })]).bad).toHaveLength(1)
})

test('usable rows are chosen at first; what is already here is not', () => {
  expect([...firstChoice([good, here, bad])]).toEqual([rowKey(good)])
})

test('a taken name is never chosen with the rest; a shared address may be', () => {
  const sameAddress = row({ line: 5, name: 'harbor-2', duplicateOf: 'harbor' })
  expect([nameTaken(here), nameTaken(sameAddress), nameTaken(good)]).toEqual([true, false, false])
  expect([...toggleAll(new Set(), [here, sameAddress])]).toEqual([rowKey(sameAddress)])
})

test('one row and all rows can be switched', () => {
  const both = [good, row({ line: 9, name: 'other' })]
  expect(toggle(new Set(), 'a')).toEqual(new Set(['a']))
  expect(toggle(new Set(['a']), 'a')).toEqual(new Set())
  const all = toggleAll(new Set([rowKey(good)]), both)
  expect(all.size).toBe(2)
  expect(toggleAll(all, both).size).toBe(0)
})

test('a chosen row names the jump hosts that were left out', () => {
  const bastion = row({ line: 4, name: 'bastion' })
  const inner = row({ line: 5, name: 'inner', hopNames: ['bastion', 'elsewhere'] })
  const chosen = new Set([rowKey(inner)])
  expect(missingHops([bastion, inner], chosen)).toEqual(new Map([[rowKey(inner), ['bastion']]]))
  expect(missingHops([bastion, inner], new Set([rowKey(inner), rowKey(bastion)])).size).toBe(0)
})

test('the button says how many', () => {
  expect([importWords(1), importWords(12)]).toEqual(['Import 1 machine', 'Import 12 machines'])
})

test('a field is filled by one column only', () => {
  const mapping = guessed([
    { header: 'Rechner', field: null, sample: 'peak' },
    { header: 'IP', field: 'host', sample: '10.0.0.5' },
  ])
  expect(mapping).toEqual({ Rechner: '', IP: 'host' })
  expect(assign(mapping, 'Rechner', 'host')).toEqual({ Rechner: 'host', IP: '' })
  expect(assign(mapping, 'IP', '')).toEqual({ Rechner: '', IP: '' })
})

test('without a host column nothing can be read, and that is said', () => {
  expect(mappingProblem({ a: 'name' })).toContain('No column fills Host')
  expect(mappingProblem({ a: 'host' })).toBe('')
})
