import { createHash } from 'node:crypto'
import { utimesSync, writeFileSync } from 'node:fs'
import path from 'node:path'

/** Writes the config as its runtime would: one file, 0600, dated when it was last changed. @returns its SHA-256. */
export function writeConfig(home: string, config: Record<string, unknown>, atMs: number): string {
  const file = path.join(home, '.openclaw/openclaw.json')
  const text = `${JSON.stringify(config, null, 2)}\n`
  writeFileSync(file, text, { mode: 0o600 })
  date(file, atMs)
  return createHash('sha256').update(text).digest('hex')
}

/** Dates a file as last changed at `atMs`. */
export const date = (file: string, atMs: number): void => utimesSync(file, atMs / 1000, atMs / 1000)
