import type { ObservedAgent } from '../observed.ts'
import { clip } from '../reading.ts'
import { maskText } from '../secret-text.ts'
import { fingerprintOf } from './redact.ts'
import { isSettings } from './settings.ts'

/** Names, paths and hashes: they have to be exact, and hold no words of a program. */
const exact = new Set([
  'redacted',
  'stateDir',
  'configPath',
  'root',
  'source',
  'sha256',
  'fingerprint',
  'hashBefore',
  'hashAfter',
  'commit',
  'builtCommit',
  'remote',
  'upstreamCommit',
  'baseCommit',
  'profile',
  'channel',
  'account',
  'listed',
  'handle',
  'mark',
  'ending',
  'day',
  'homes',
  'file',
  'path',
  'digest',
])

/**
 * Runs on a box. An agent's observations without the secrets that a program may have put into its words: errors of
 * the model's provider and of the config check quote them.
 *
 * @param secrets of this agent's config, in full.
 */
export function maskAgent(agent: ObservedAgent, secrets: Iterable<string>, key: string): ObservedAgent {
  const known = [...secrets].sort((a, b) => b.length - a.length)
  const walk = (at: unknown): unknown => {
    if (typeof at === 'string')
      return clip(
        maskText(at, known, (secret) => fingerprintOf(key, secret)),
        Math.max(at.length, 13),
      )
    if (Array.isArray(at)) return at.map(walk)
    if (!isSettings(at)) return at
    return Object.fromEntries(Object.entries(at).map(([name, value]) => [name, exact.has(name) ? value : walk(value)]))
  }
  return walk(agent) as ObservedAgent
}
