import { createHash } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import type { ObservedAgent } from '../observed.ts'
import { clip, Unreadable } from '../reading.ts'
import { type Parsed, parseConfig } from './includes.ts'
import { canonicalFingerprint, redact } from './redact.ts'
import { textAt } from './settings.ts'

type Config = Extract<ObservedAgent['config'], { read: true }>['value']

/** A config as it lies on the disk, parsed and not yet redacted: it must not leave the box like this. */
export interface RawConfig {
  readonly parsed: Parsed
  readonly sha256: string
  readonly sizeBytes: number
  readonly modifiedAtMs: number
}

const largest = 4_000_000
const redactedLimit = 400_000

/** Runs on a box. @throws Unreadable, or the file system's own error. */
export function loadConfig(file: string): RawConfig {
  const { mtimeMs, size } = statSync(file)
  if (size > largest) throw new Unreadable(`The config is larger than ${largest / 1_000_000} MB.`)
  const bytes = readFileSync(file)
  let modifiedAtMs = mtimeMs
  const parsed = parseConfig(file, bytes.toString('utf8'), (included) => {
    const found = statSync(included)
    if (found.size > largest) throw new Unreadable('too large')
    modifiedAtMs = Math.max(modifiedAtMs, found.mtimeMs)
    return readFileSync(included, 'utf8')
  })
  return {
    parsed,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    sizeBytes: size,
    modifiedAtMs: Math.round(modifiedAtMs),
  }
}

/** What may leave the box of it. @param key hex key of the fingerprints. */
export function describeConfig(
  raw: RawConfig,
  key: string,
  schema: { valid: boolean | null; problem: string },
): Config {
  const { settings, problem } = raw.parsed
  const redacted = JSON.stringify(redact(settings, key))
  return {
    parses: problem === '',
    problem: clip(problem),
    schemaValid: schema.valid,
    schemaProblem: clip(schema.problem),
    sizeBytes: raw.sizeBytes,
    modifiedAtMs: raw.modifiedAtMs,
    sha256: raw.sha256,
    fingerprint: canonicalFingerprint(settings, key),
    writtenByVersion: clip(textAt(settings, 'meta', 'lastTouchedVersion'), 60),
    redacted: redacted.length <= redactedLimit ? redacted : '{}',
  }
}
