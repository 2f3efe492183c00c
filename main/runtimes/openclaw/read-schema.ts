import type { Read } from '../observed.ts'
import { reading, Unreadable } from '../reading.ts'
import type { SchemaIndex, SchemaRequest } from '../setting-schema.ts'
import { findKnownAgent } from './find-known-agent.ts'
import { indexSchema } from './index-schema.ts'
import { runOwn } from './run-own.ts'

const waitMs = 60_000
/** The schemas seen have 2.4 MB. */
const mostBytes = 8_000_000

/**
 * Runs on a box. Every setting that the box's own OpenClaw knows, by its own `openclaw config schema`, made small here.
 */
export const readOpenclawSchema = (request: SchemaRequest): Promise<Read<SchemaIndex>> =>
  reading('openclaw config schema', () => askSchema(request))

async function askSchema({ stateDir, entries }: SchemaRequest): Promise<SchemaIndex> {
  const { agent, install, version, node } = await findKnownAgent({ stateDir, entries })
  const binary = { agent, entry: install?.entry ?? '', node, version }
  const ran = await runOwn(binary, ['config', 'schema'], { timeoutMs: waitMs, mostBytes, emptyState: true })
  if (typeof ran === 'string') throw new Unreadable(ran)
  if (ran.exitCode === null && ran.stderr === 'ENOENT') throw new Unreadable('The Node of its service is not there.')
  if (ran.exitCode !== 0)
    throw new Unreadable(
      ran.exitCode === null
        ? `openclaw config schema did not end within ${waitMs / 1000} s, or said more than ${mostBytes / 1_000_000} MB.`
        : `OpenClaw ${version} did not answer openclaw config schema (${ran.exitCode}); it is known from 2026.4 on.`,
    )
  const index = indexSchema(parsed(ran.stdout), version)
  if (Object.keys(index.settings).length < 2) throw new Unreadable('openclaw config schema answered no schema.')
  return index
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text.slice(text.indexOf('{')))
  } catch {
    throw new Unreadable('openclaw config schema answered no JSON.')
  }
}
