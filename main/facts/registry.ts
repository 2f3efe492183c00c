import * as z from 'zod'
import { untrusted } from '../../shared/untrusted.ts'
import type { Clock } from '../base/clock.ts'
import type { Log } from '../base/log.ts'
import type { KnownVersion } from './version-list.ts'

/**
 * Address of the package `openclaw` at the operator's own npm registry, as WHEELHOUSE_REGISTRY or npm's
 * `npm_config_registry` name it; null when neither does, and then nobody is asked. The console's one HTTP call, at most
 * once a day, switched off by the setting `askRegistry` or by WHEELHOUSE_NO_REGISTRY. Nothing is sent but this path.
 * Format: https://github.com/npm/registry/blob/main/docs/responses/package-metadata.md
 */
function packageUrl(env: NodeJS.ProcessEnv): string | null {
  const base = env.WHEELHOUSE_REGISTRY || env.npm_config_registry
  return base ? `${base.replace(/\/+$/, '')}/openclaw` : null
}

const dayMs = 86_400_000
const askDeadlineMs = 20_000
/** The document lists every version with its manifest; more than this is not believed. */
const maxBytes = 64 * 1024 * 1024

const PackageDocument = z.object({
  'dist-tags': z.record(z.string().max(60), z.string().max(60)),
  time: z.record(z.string().max(60), z.string().max(40)),
  versions: z
    .record(
      z.string().max(60),
      z.object({ engines: z.object({ node: z.string().max(200) }) }).catch({ engines: { node: '' } }),
    )
    .catch({}),
})

export interface RegistryAnswer {
  readonly newest: string
  readonly versions: KnownVersion[]
  /** `engines.node` of the newest one, where it is said. */
  readonly needsNode?: string
}

export interface Registry {
  /** Null when it did not answer, or not what was expected; the reason is in the log. */
  ask(signal: AbortSignal): Promise<RegistryAnswer | null>
}

/** Is it time to ask again? A clock that went back does not make it ask more often. */
export const isDue = (askedAtMs: number | null, nowMs: number): boolean =>
  askedAtMs === null || Math.abs(nowMs - askedAtMs) >= dayMs

/** Reads the registry's document. Pure; null when it is none. */
export function readPackageDocument(document: unknown): RegistryAnswer | null {
  const parsed = PackageDocument.safeParse(document)
  if (!parsed.success) return null
  const newest = parsed.data['dist-tags'].latest
  if (!newest) return null
  const versions = Object.entries(parsed.data.time)
    .filter(([version]) => /^\d/.test(version))
    .map(([version, published]) => {
      const atMs = Date.parse(published)
      return { version: untrusted(version, 60), publishedAtMs: Number.isFinite(atMs) ? atMs : null }
    })
  const needsNode = untrusted(parsed.data.versions[newest]?.engines.node ?? '', 200)
  return { newest: untrusted(newest, 60), versions, ...(needsNode === '' ? {} : { needsNode }) }
}

async function readCapped(response: Response): Promise<string> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength
    if (size > maxBytes) throw new Error(`the registry sent more than ${maxBytes} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

/** @param url for tests: a server of their own. */
export function createRegistry(log: Log, clock: Clock, url: string | null = packageUrl(process.env)): Registry {
  return {
    async ask(signal) {
      if (url === null) return null
      const deadline = new AbortController()
      const stop = clock.after(askDeadlineMs, () => deadline.abort(), true)
      try {
        const response = await fetch(url, {
          signal: AbortSignal.any([signal, deadline.signal]),
          redirect: 'error',
          headers: { accept: 'application/json' },
        })
        if (!response.ok) throw new Error(`the registry answered ${response.status}`)
        const answer = readPackageDocument(JSON.parse(await readCapped(response)))
        if (!answer) log.warn('registry.not-understood', {})
        return answer
      } catch (error) {
        log.warn('registry.no-answer', { why: error instanceof Error ? error.message : String(error) })
        return null
      } finally {
        stop()
      }
    },
  }
}
