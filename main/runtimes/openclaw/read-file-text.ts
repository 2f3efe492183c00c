import { createHash } from 'node:crypto'
import { lstatSync } from 'node:fs'
import { homedir } from 'node:os'
import path from 'node:path'
import { whyNotCarried } from '../carried-files.ts'
import { type FileText, type FileTextRequest, mostTextBytes } from '../file-text.ts'
import { homeOf, reading, readPlainFile, Unreadable } from '../reading.ts'
import { redactText, textOfBytes } from '../text-of-bytes.ts'
import { findAgents } from './find-agents.ts'
import { loadConfig } from './read-config.ts'
import { workspaceOf } from './read-own-files.ts'

type Looked = Extract<FileText, { read: true }>['value']

/** Runs on a box. What a file of the workspace says now, redacted here; nothing is written, and no link followed. */
export const readFileText = (request: FileTextRequest): Promise<FileText> =>
  reading('its workspace', () => look(request))

function look({ stateDir, path: name, fingerprintKey }: FileTextRequest): Looked {
  const why = whyNotCarried(name)
  if (why !== '') throw new Unreadable(why)
  const home = homeOf(process.env, homedir)
  const agent = findAgents(home, process.env, [stateDir]).find((known) => known.stateDir === stateDir)
  if (agent === undefined) throw new Unreadable('There is no such agent on this machine any more.')
  const { settings, problem } = loadConfig(agent.configPath).parsed
  if (problem !== '') throw new Unreadable(`Its config cannot be read, so its workspace is not known: ${problem}`)
  const size = sizeWithoutLinks(workspaceOf(home, stateDir, settings), name.split('/'))
  if (size === null) return { kind: 'none', sha256: '', size: 0, text: null }
  if (size > mostTextBytes) return { kind: 'large', sha256: '', size, text: null }
  const { bytes } = readPlainFile(path.join(workspaceOf(home, stateDir, settings), name), mostTextBytes)
  const text = textOfBytes(bytes)
  return {
    kind: text === null ? 'binary' : 'text',
    sha256: createHash('sha256').update(bytes).digest('hex'),
    size: bytes.length,
    text: text === null ? null : redactText(text, fingerprintKey),
  }
}

/** Bytes of a plain file below a folder; null: there is none. What a link leads to is not this agent's. */
function sizeWithoutLinks(folder: string, names: readonly string[]): number | null {
  let at = folder
  let size = 0
  for (const [depth, name] of names.entries()) {
    at = path.join(at, name)
    const stat = lstatSync(at, { throwIfNoEntry: false })
    if (stat === undefined) return null
    const isLast = depth === names.length - 1
    if (stat.isSymbolicLink()) throw new Unreadable('A link stands in its place, which is not followed.')
    if (isLast ? !stat.isFile() : !stat.isDirectory()) throw new Unreadable('It is no plain file.')
    size = stat.size
  }
  return size
}
