import { describe, expect, test } from 'vitest'
import type { CarriedFile, SettingChange } from '../../shared/contract/index.ts'
import { applyOperations } from '../runtimes/operations.ts'
import { inverseNow, inverseOf } from './inverse.ts'

const set = (path: string, value: unknown) => ({ path: path.split('.'), set: value }) as SettingChange
const remove = (path: string): SettingChange => ({ path: path.split('.'), remove: true })
const files = new Map<string, string>()
const holds = () => true

describe('what takes a change back', () => {
  test.each<[string, Record<string, unknown>, SettingChange[]]>([
    ['a value', { logging: { level: 'info' } }, [set('logging.level', 'debug')]],
    ['a value in a group that was not there', { gateway: {} }, [set('logging.level', 'debug')]],
    ['two in the same new group', {}, [set('logging.level', 'debug'), set('logging.file.path', 'x')]],
    ['a removed one', { a: { b: [1, 2] } }, [remove('a.b')]],
    ['a group and a value in it', { a: { b: 1 } }, [set('a', { c: 2 }), set('a.b', 3)]],
  ])('%s', (_what, before, changes) => {
    const inverse = inverseOf({ changes, files: [] }, { settings: before, files }, holds)
    const after = applyOperations(before, changes)
    const back = inverseNow(inverse, { changes, files: [] }, { settings: after, files })
    if (typeof back === 'string') throw new Error(back)
    expect(applyOperations(after, back.changes)).toEqual(before)
    expect(inverse.cannot).toEqual([])
  })

  test('where it is back already there is nothing to do', () => {
    const changes = [set('logging.level', 'debug')]
    const inverse = inverseOf({ changes, files: [] }, { settings: {}, files }, holds)
    expect(inverseNow(inverse, { changes, files: [] }, { settings: {}, files })).toEqual({
      changes: [],
      files: [],
      update: null,
      commands: [],
      folders: [],
    })
  })

  test('a secret stays on the machine, and what somebody else wrote since is not touched', () => {
    const changes = [set('gateway.token', 'new')]
    const held = inverseOf({ changes, files: [] }, { settings: { gateway: { token: '#0123456789ab' } }, files }, holds)
    expect(held.cannot).toEqual(['gateway.token held a secret, which stays on the machine.'])
    expect(inverseNow(held, { changes, files: [] }, { settings: {}, files })).toMatch(/secret/)

    const level = [set('logging.level', 'debug')]
    const inverse = inverseOf({ changes: level, files: [] }, { settings: {}, files }, holds)
    const now = (settings: Record<string, unknown>) =>
      inverseNow(inverse, { changes: level, files: [] }, { settings, files })
    expect(now({ logging: { level: 'warn' } })).toBe(
      'Somebody changed logging.level since; what they wrote is not touched.',
    )
    expect(now({ logging: { level: 'debug', file: 'x' } })).toBe(
      'Somebody wrote into logging since; what they wrote is not touched.',
    )
  })

  test('a version: the one that was, unless somebody installed another since', () => {
    const update = { from: '2026.9.5', to: '2026.9.6' }
    const none = { changes: [], files: [] }
    const inverse = inverseOf({ ...none, update }, { settings: {}, files }, holds)
    const now = (version: string) => inverseNow(inverse, none, { settings: {}, files, version })
    expect(now('2026.9.6')).toMatchObject({ ...none, update: { from: '2026.9.6', to: '2026.9.5' } })
    expect(now('2026.9.5')).toMatchObject({ ...none, update: null })
    expect(now('2026.9.7')).toBe('It has 2026.9.7 now, not 2026.9.6; what somebody else installed is not touched.')
  })

  test('files: what stood there, nothing, or what nobody here knows', () => {
    const carried = (change: Partial<CarriedFile> = {}): CarriedFile => ({
      path: 'SOUL.md',
      sha256: 'b'.repeat(64),
      executable: false,
      ...change,
    })
    const of = (file: CarriedFile, before: ReadonlyMap<string, string> | null, isHere = true) =>
      inverseOf({ changes: [], files: [file] }, { settings: {}, files: before }, () => isHere)
    const old = 'a'.repeat(64)
    expect(of(carried(), new Map([['SOUL.md', old]])).files).toEqual([carried({ sha256: old })])
    expect(of(carried(), new Map()).files).toEqual([carried({ sha256: null })])
    expect(of(carried({ back: 'keep' }), new Map())).toMatchObject({ changes: [], files: [], update: null, cannot: [] })
    expect(of(carried(), new Map([['SOUL.md', old]]), false).cannot).toEqual([
      'What SOUL.md held before is not in this console.',
    ])
    expect(of(carried(), null).cannot).toEqual(['What SOUL.md held before was not read.'])
    // Nobody looks outside of what a person writes, and a list that is full says nothing of what is not on it.
    expect(of(carried({ path: 'notes/a.md' }), new Map()).cannot).toHaveLength(1)
    const full = new Map(Array.from({ length: 300 }, (_, at) => [`skills/a/${at}.md`, old]))
    expect(of(carried(), full).cannot).toHaveLength(1)

    const inverse = of(carried(), new Map())
    const now = (sha256: string | null) =>
      inverseNow(
        inverse,
        { changes: [], files: [carried()] },
        { settings: {}, files: new Map(sha256 === null ? [] : [['SOUL.md', sha256]]) },
      )
    expect(now('b'.repeat(64))).toMatchObject({ files: [{ sha256: null }] })
    expect(now(null)).toMatchObject({ files: [{ sha256: null }] })
    expect(now('c'.repeat(64))).toMatch(/^SOUL\.md is not what the patch wrote any more/)
  })
})
