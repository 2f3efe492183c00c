import { readdirSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { ObservedIntegration } from '../observed.ts'
import { isForeign, readTail } from '../reading.ts'
import { remembered } from '../remember.ts'
import { fromDatabase, type ReadDatabase } from '../sqlite.ts'
import { failureWords, ofTool, type SetUp, setUpIn, skillNamed, summarizeUses, type Use } from './integrations.ts'
import { stateDatabase } from './read-state.ts'
import { type Settings, textAt } from './settings.ts'
import { createToolUses } from './tool-uses.ts'

const windowMs = 40 * 86_400_000
const mostRows = 5_000
const mostBytesPerFile = 4_000_000
const mostFiles = 40
const mostIntegrations = 40

/**
 * Runs on a box. E-mail, calendar, CRM and the like: what is set up, when each last worked and last failed. Names,
 * moments and success only; what was asked and answered is looked at here and stays here.
 */
export function readIntegrations(stateDir: string, settings: Settings): ObservedIntegration[] {
  const sinceMs = Date.now() - windowMs
  const audited = auditUses(stateDir)
  const transcripts = transcriptUses(stateDir, sinceMs, audited !== null)
  const setUp = [...setUpIn(settings), ...ownSkills(stateDir, settings)]
  const uses = [...(audited ?? []), ...transcripts, ...logUses(stateDir, settings, setUp)]
  const cannotTell =
    audited === null && transcripts.length === 0
      ? 'this version keeps no record of what its tools did'
      : 'no use of it is on record in 40 days'
  return summarizeUses(
    setUp,
    uses.filter(({ atMs }) => atMs >= sinceMs),
    cannotTell,
  ).slice(0, mostIntegrations)
}

const namesIn = (folder: string): string[] => {
  try {
    return readdirSync(folder).slice(0, 200)
  } catch {
    return []
  }
}

/** Skills that the operator put into the workspace or beside the config; a folder each. */
function ownSkills(stateDir: string, settings: Settings): SetUp[] {
  const workspace = textAt(settings, 'agents', 'defaults', 'workspace') || path.join(stateDir, 'workspace')
  return [path.join(workspace, 'skills'), path.join(stateDir, 'skills')].flatMap((folder) =>
    namesIn(folder).flatMap((name) => skillNamed(name, `skill ${name.slice(0, 60)}`)),
  )
}

/** What an e-mail that came in through Gmail's hook begins. */
const gmailHook = { kind: 'email', name: 'gmail' } as const

/** Tool runs by name, and runs that an incoming e-mail began. Null: this version keeps no such table. */
function auditUses(stateDir: string): Use[] | null {
  try {
    return fromDatabase('integrations', stateDatabase(stateDir), (database) => {
      if (!database.hasColumn('audit_events', 'tool_name')) return null
      const rows = database.all(
        `select occurred_at, kind, tool_name, session_key, status, error_code from audit_events
          where action in ('tool.action.finished', 'agent.run.finished') and (tool_name is not null or session_key like '%:hook:gmail%')
          order by occurred_at desc limit ?`,
        mostRows,
      )
      return rows.flatMap((row): Use[] => {
        const found = row.tool_name === null ? gmailHook : ofTool(String(row.tool_name))
        const ok = row.status === 'succeeded'
        // Cancelled and blocked is neither: nobody found out whether it would have worked.
        if (found === null || !(ok || row.status === 'failed')) return []
        const failure = ok ? '' : failureWords(String(row.error_code ?? ''))
        return [{ ...found, atMs: Number(row.occurred_at), ok, failure }]
      })
    })
  } catch {
    return null
  }
}

/** Uses that only a transcript tells: programs started by a shell tool, and in versions without an audit every tool. */
function transcriptUses(stateDir: string, sinceMs: number, shellOnly: boolean): Use[] {
  const folders = namesIn(path.join(stateDir, 'agents')).map((name) => path.join(stateDir, 'agents', name))
  const databases = folders.map((folder) => path.join(folder, 'agent', 'openclaw-agent.sqlite')).filter(isFile)
  const fromTables = databases.flatMap((file) => tableUses(file, sinceMs, shellOnly))
  if (databases.length > 0) return fromTables
  return folders
    .flatMap((folder) => sessionFiles(path.join(folder, 'sessions'), sinceMs))
    .sort((a, b) => b.modifiedAtMs - a.modifiedAtMs)
    .slice(0, mostFiles)
    .flatMap(({ file }) =>
      remembered(`tools ${file} ${shellOnly}`, (watch) => {
        watch(file)
        const tools = createToolUses(shellOnly)
        for (const line of readTail(file, mostBytesPerFile).split('\n'))
          if (/"tool(Call|Result)"/.test(line)) tools.take(line)
        return tools.uses()
      }),
    )
}

function tableUses(file: string, sinceMs: number, shellOnly: boolean): Use[] {
  const read = (database: ReadDatabase): Use[] => {
    if (!database.hasTable('transcript_events')) return []
    const rows = database.all(
      `select event_json from transcript_events
        where created_at >= ? and event_json is not null and length(event_json) < 400000
          and (event_json like '%"toolCall"%' or event_json like '%"toolResult"%')
        order by created_at desc, seq desc limit ?`,
      sinceMs,
      mostRows,
    )
    const tools = createToolUses(shellOnly)
    for (const row of rows.reverse()) tools.take(String(row.event_json))
    return tools.uses()
  }
  try {
    return fromDatabase(`tools ${shellOnly}`, file, read)
  } catch {
    return []
  }
}

const isFile = (file: string): boolean => {
  try {
    return statSync(file).isFile()
  } catch {
    return false
  }
}

function sessionFiles(folder: string, sinceMs: number): { file: string; modifiedAtMs: number }[] {
  return namesIn(folder)
    .filter((name) => name.endsWith('.jsonl') && !name.endsWith('.trajectory.jsonl'))
    .map((name) => ({ file: path.join(folder, name), modifiedAtMs: statSync(path.join(folder, name)).mtimeMs }))
    .filter(({ modifiedAtMs }) => modifiedAtMs >= sinceMs)
}

/** What the IMAP trigger writes into the runtime's log: it opened the mailbox, or could not. Logs are kept for a day. */
function logUses(stateDir: string, settings: Settings, setUp: readonly SetUp[]): Use[] {
  if (!setUp.some(({ name }) => name.startsWith('imap'))) return []
  return logFiles(stateDir, settings).flatMap((file) =>
    remembered(`imap ${file}`, (watch) => {
      watch(file)
      try {
        if (isForeign(file)) return []
        return readTail(file, mostBytesPerFile).split('\n').flatMap(imapUse)
      } catch {
        return []
      }
    }),
  )
}

function logFiles(stateDir: string, settings: Settings): string[] {
  const own = textAt(settings, 'logging', 'file')
  if (own !== '') return [own]
  const suffix = process.getuid === undefined ? '' : `-${process.getuid()}`
  const folders = [...new Set([tmpdir(), '/tmp', path.join(stateDir, 'tmp')])].flatMap((temp) => [
    path.join(temp, 'openclaw'),
    path.join(temp, `openclaw${suffix}`),
  ])
  return [...new Set(folders)].flatMap((folder) =>
    namesIn(folder)
      .filter((name) => /^openclaw-[\w-]*\d{4}-\d\d-\d\d\.log$/.test(name))
      .sort()
      .slice(-2)
      .map((name) => path.join(folder, name)),
  )
}

/** One line of the log as OpenClaw 2026.9 writes it; its own words are not kept, only what they mean. */
export function imapUse(line: string): Use[] {
  if (!line.includes('imap: account=')) return []
  const time = /"time":"([^"]+)"/.exec(line)?.[1] ?? /"date":"([^"]+)"/.exec(line)?.[1] ?? ''
  const atMs = Date.parse(time)
  const [, account = '', rest = ''] = /imap: account=(\S{1,60}) ((?:[^"\\]|\\.)*)/.exec(line) ?? []
  if (!Number.isFinite(atMs) || account === '') return []
  const use = { kind: 'email', name: `imap ${account}`, atMs } as const
  if (/^mode=(push|poll)\b|^uid=\d+ .*\brun=/.test(rest)) return [{ ...use, ok: true, failure: '' }]
  if (/^(connection (failed|error)|sweep failed|needs reauthentication)/.test(rest))
    return [{ ...use, ok: false, failure: failureWords(rest) }]
  return []
}
