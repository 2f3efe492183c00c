import { createHash } from 'node:crypto'
import { realpathSync } from 'node:fs'
import path from 'node:path'
import type { ObservedAgent } from '../observed.ts'
import { clip, readPlainFile } from '../reading.ts'
import { remembered, type Watch } from '../remember.ts'
import { Outside, type Parsed, parseConfig } from './includes.ts'
import { canonicalFingerprint, redact } from './redact.ts'
import { type Settings, textAt } from './settings.ts'

type Config = Extract<ObservedAgent['config'], { read: true }>['value']

/** A config as it lies on the disk, parsed and not yet redacted: it must not leave the box like this. */
export interface RawConfig {
  readonly parsed: Parsed
  readonly sha256: string
  readonly sizeBytes: number
  readonly modifiedAtMs: number
}

/** Of the config, and of all that it includes, bytes. */
const largest = 4_000_000
const redactedLimit = 400_000

/** Runs on a box. @throws Unreadable, or the file system's own error. */
export const loadConfig = (file: string): RawConfig => remembered(`config ${file}`, (watch) => readConfig(file, watch))

function readConfig(file: string, watch: Watch): RawConfig {
  watch(file)
  const { bytes, modifiedAtMs: writtenAtMs } = readPlainFile(file, largest)
  let modifiedAtMs = writtenAtMs
  let left = largest
  const parsed = parseConfig(file, bytes.toString('utf8'), (included) => {
    watch(included)
    if (!liesWithin(path.dirname(file), included)) throw new Outside()
    const found = readPlainFile(included, left)
    left -= found.bytes.length
    modifiedAtMs = Math.max(modifiedAtMs, found.modifiedAtMs)
    return found.bytes.toString('utf8')
  })
  return {
    parsed,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    sizeBytes: bytes.length,
    modifiedAtMs: Math.round(modifiedAtMs),
  }
}

/** Links followed: what one leads to outside the folder is none of this config's. */
function liesWithin(folder: string, file: string): boolean {
  const within = path.relative(realpathSync(folder), realpathSync(file))
  return !within.startsWith('..') && !path.isAbsolute(within)
}

/**
 * What may leave the box of it.
 * @param key hex key of the fingerprints.
 * @param found gets the secrets in it, in full.
 */
export function describeConfig(
  raw: RawConfig,
  key: string,
  schema: { valid: boolean | null; problem: string },
  found: Set<string>,
): Config {
  const { settings, problem } = raw.parsed
  const { redacted, fingerprint, secrets } = concealed(settings, key)
  for (const secret of secrets) found.add(secret)
  return {
    parses: problem === '',
    problem: clip(problem),
    schemaValid: schema.valid,
    schemaProblem: clip(schema.problem),
    sizeBytes: raw.sizeBytes,
    modifiedAtMs: raw.modifiedAtMs,
    sha256: raw.sha256,
    fingerprint,
    writtenByVersion: clip(textAt(settings, 'meta', 'lastTouchedVersion'), 60),
    redacted: redacted.length <= redactedLimit ? redacted : '',
  }
}

/** Runs on a box. The secrets in a config, in full, to keep them out of other texts; none where it cannot be read. */
export function secretsOf(file: string): Set<string> {
  try {
    const { settings } = loadConfig(file).parsed
    return new Set(concealed(settings, '00'.repeat(32)).secrets)
  } catch {
    return new Set()
  }
}

interface Concealed {
  readonly key: string
  readonly redacted: string
  readonly fingerprint: string
  readonly secrets: ReadonlySet<string>
}

/** A config that stays as it was is remembered as one object: what was made of it goes with it. */
const known = new WeakMap<Settings, Concealed>()

function concealed(settings: Settings, key: string): Concealed {
  const before = known.get(settings)
  if (before?.key === key) return before
  const secrets = new Set<string>()
  const redacted = JSON.stringify(redact(settings, key, secrets))
  const made = { key, redacted, fingerprint: canonicalFingerprint(settings, key), secrets }
  known.set(settings, made)
  return made
}
