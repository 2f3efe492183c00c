import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs'
import * as z from 'zod'
import { headFile } from '../store/store.ts'
import type { Head } from './chain.ts'

const Shape = z.object({ count: z.number().int().min(0), hash: z.string().regex(/^[0-9a-f]{64}$/) })

export function readHead(dataDir: string): Head | 'missing' | 'unreadable' {
  let text: string
  try {
    text = readFileSync(headFile(dataDir), 'utf8')
  } catch (error) {
    return (error as { code?: string }).code === 'ENOENT' ? 'missing' : 'unreadable'
  }
  try {
    return Shape.parse(JSON.parse(text))
  } catch {
    return 'unreadable'
  }
}

/** Replaces the head in one rename, on disk before it gets its name. */
export function writeHead(dataDir: string, head: Head): void {
  const part = `${headFile(dataDir)}.part`
  const file = openSync(part, 'w', 0o600)
  try {
    writeSync(file, JSON.stringify(head))
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
  renameSync(part, headFile(dataDir))
}
