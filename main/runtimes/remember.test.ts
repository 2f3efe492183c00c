import { appendFileSync, mkdirSync, mkdtempSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createRemember, type Remember } from './remember.ts'

let folder: string
let file: string
let remember: Remember
let laterMs: number
let reads: number
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'wh-remember-'))
  file = path.join(folder, 'one')
  writeFileSync(file, 'abc')
  // Files of just now count as settled.
  laterMs = 60_000
  remember = createRemember(() => Date.now() + laterMs)
  reads = 0
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** Gives 1, 2, 3 …, as often as the files were really read. */
function ask(...watched: string[]): number {
  return remember('reader', (watch) => {
    for (const each of watched) watch(each)
    reads += 1
    return reads
  })
}

describe('a remembered reader', () => {
  it('reads once while nothing changed', () => {
    expect([ask(file), ask(file), ask(file)]).toEqual([1, 1, 1])
  })

  it.each<[string, () => void]>([
    ['grows', () => appendFileSync(file, 'd')],
    ['is written again at the same size', () => writeFileSync(file, 'abd')],
    [
      'is written again and dated back',
      () => {
        writeFileSync(file, 'abd')
        utimesSync(file, 1, 1)
      },
    ],
    [
      'is replaced',
      () => {
        writeFileSync(`${file}.new`, 'abd')
        renameSync(`${file}.new`, file)
      },
    ],
    ['goes', () => rmSync(file)],
  ])('reads again when the file %s', (_what, change) => {
    utimesSync(file, 1, 1)
    expect(ask(file)).toBe(1)
    change()
    expect([ask(file), ask(file)]).toEqual([2, 2])
  })

  it('reads again when a file comes that was not there', () => {
    const absent = path.join(folder, 'two')
    expect([ask(file, absent), ask(file, absent)]).toEqual([1, 1])
    writeFileSync(absent, '')
    expect(ask(file, absent)).toBe(2)
  })

  it('reads again when a folder gets a name, and not when a file in it is written', () => {
    expect(ask(folder)).toBe(1)
    appendFileSync(file, 'd')
    expect(ask(folder)).toBe(1)
    mkdirSync(path.join(folder, 'two'))
    expect(ask(folder)).toBe(2)
  })

  it('reads again while a file is as young as the tick of a clock of files', () => {
    laterMs = 0
    expect([ask(file), ask(file)]).toEqual([1, 2])
  })

  it('reads again after 10 minutes, and when the clock was set back', () => {
    expect(ask(file)).toBe(1)
    laterMs += 599_000
    expect(ask(file)).toBe(1)
    laterMs += 2000
    expect(ask(file)).toBe(2)
    laterMs -= 3_600_000
    expect(ask(file)).toBe(3)
  })

  it('keeps nothing of a reader that throws', () => {
    const fail = () => {
      throw new Error('not now')
    }
    expect(() => remember('reader', fail)).toThrow('not now')
    expect(ask(file)).toBe(1)
  })

  it('keeps readers apart by their key', () => {
    expect(remember('a', () => 1)).toBe(1)
    expect(remember('b', () => 2)).toBe(2)
    expect(remember('a', () => 3)).toBe(1)
  })
})
