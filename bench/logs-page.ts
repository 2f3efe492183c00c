import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { markdown, type SizeSection } from './logs-report.ts'
import type { TailsSection } from './tails-report.ts'
import type { WindowSection } from './window-report.ts'

/** What was measured last stays here, so that the page can be written from several runs. */
const saved = path.resolve(import.meta.dirname, '../out/bench')
const sizeFile = /^logs-\d+\.json$/
const tailsName = 'tails.json'
const windowName = 'window.json'

function save(name: string, value: unknown): void {
  mkdirSync(saved, { recursive: true })
  writeFileSync(path.join(saved, name), JSON.stringify(value))
}

const readIfThere = <T>(name: string): T | null => (existsSync(path.join(saved, name)) ? read<T>(name) : null)
const read = <T>(name: string): T => JSON.parse(readFileSync(path.join(saved, name), 'utf8')) as T

export const saveSize = (size: SizeSection): void => save(`logs-${size.lines}.json`, size)
export const saveTails = (tails: TailsSection): void => save(tailsName, tails)
export const saveWindow = (window: WindowSection): void => save(windowName, window)

/** Writes the page from the newest run of each size, of the tails and of the window; what was not measured here stays as it was. @returns its last line: which goals are missed. */
export function writePage(file: string): string {
  const sizes = readdirSync(saved)
    .filter((name) => sizeFile.test(name))
    .map((name) => read<SizeSection>(name))
    .sort((a, b) => a.lines - b.lines)
  const before = existsSync(file) ? readFileSync(file, 'utf8') : ''
  const tails = readIfThere<TailsSection>(tailsName)
  const window = readIfThere<WindowSection>(windowName)
  const page = markdown(before, { sizes, tails, window })
  writeFileSync(file, page)
  return page.trimEnd().split('\n').at(-1) ?? ''
}
