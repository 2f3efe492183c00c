import { readdirSync } from 'node:fs'
import path from 'node:path'
import type { ObservedAgent } from '../observed.ts'
import { clip, readPlainFile, readTail, Unreadable, why } from '../reading.ts'
import { remembered } from '../remember.ts'
import { fromDatabase, type ReadDatabase, type Row } from '../sqlite.ts'
import type { PairingStore } from './door-settings.ts'
import { backupFolder, keptBackups } from './kept-backups.ts'

type ValueOf<K extends keyof ObservedAgent> = Extract<ObservedAgent[K], { read: true }>['value']

export const stateDatabase = (stateDir: string): string => path.join(stateDir, 'state', 'openclaw.sqlite')

const needs = (database: ReadDatabase, table: string): void => {
  if (!database.hasTable(table))
    throw new Unreadable(`This version keeps no ${table} (schema ${database.userVersion}).`)
}

/** Starts and ends of the gateway, newest first. An end that was never written is an unclean stop, unless it still runs. */
export function readBoots(stateDir: string, runningPid: number | null): ValueOf<'boots'> {
  const rows = fromDatabase('boots', stateDatabase(stateDir), (database) => {
    needs(database, 'gateway_boot_lifecycle')
    return database.all(
      'select pid, started_at_ms, completed_at_ms, outcome, reason from gateway_boot_lifecycle order by started_at_ms desc limit 20',
    )
  })
  return rows.map((row, at) => {
    const stillRuns = at === 0 && row.outcome === null && row.pid === runningPid
    return {
      startedAtMs: Number(row.started_at_ms),
      endedAtMs: row.completed_at_ms === null ? null : Number(row.completed_at_ms),
      clean: stillRuns ? null : row.outcome === 'clean_stop' || row.outcome === 'planned_restart',
      reason: clip(row.reason ?? row.outcome ?? (stillRuns ? '' : 'ended without saying so')),
    }
  })
}

/** Who wrote the config: the runtime's own audit, in the database or, before it moved there, in `logs/config-audit.jsonl`. */
export function readConfigWrites(stateDir: string): ValueOf<'configWrites'> {
  const records = [...auditRows(stateDir), ...auditLines(stateDir)].filter((record) =>
    String(record.event ?? '').startsWith('config.'),
  )
  return records
    .map((record) => ({
      atMs: Date.parse(String(record.ts)),
      by: clip(authorOf(record)),
      homes: homesOf(record),
      hashBefore: clip(record.previousHash ?? '', 64),
      hashAfter: clip(record.nextHash ?? '', 64),
    }))
    .filter(({ atMs }) => Number.isFinite(atMs))
    .sort((a, b) => b.atMs - a.atMs)
    .slice(0, 20)
}

function auditRows(stateDir: string): Row[] {
  return fromDatabase('config writes', stateDatabase(stateDir), (database) => {
    if (!database.hasTable('diagnostic_events')) return []
    return database
      .all("select payload_json from diagnostic_events where scope = 'config-audit' order by created_at desc limit 40")
      .flatMap((row) => parsed(row.payload_json))
  })
}

function auditLines(stateDir: string): Row[] {
  const file = path.join(stateDir, 'logs', 'config-audit.jsonl')
  try {
    return remembered(`config writes ${file}`, (watch) => {
      watch(file)
      return readTail(file, 200_000).split('\n').slice(-60).flatMap(parsed)
    })
  } catch {
    return []
  }
}

function parsed(text: unknown): Row[] {
  try {
    const value: unknown = JSON.parse(String(text))
    return typeof value === 'object' && value !== null ? [value as Row] : []
  } catch {
    return []
  }
}

/** The command that wrote: its two verbs and the names of its flags, never a value; that may be a secret. An edit from outside has no command. */
export function authorOf(record: Row): string {
  if (record.event === 'config.external') return record.valid === false ? 'edited by hand, not valid' : 'edited by hand'
  const argv = Array.isArray(record.argv) ? record.argv.map(String) : []
  const rest = argv.slice(2)
  const end = rest.findIndex((word) => !/^[a-z][a-z-]{0,30}$/.test(word))
  const verbs = rest.slice(0, Math.min(2, end < 0 ? rest.length : end))
  const flags = rest.filter((word) => /^--[a-z-]{1,40}$/.test(word))
  const command = ['openclaw', ...verbs, ...flags.slice(0, 3)].join(' ')
  const origin = typeof record.origin === 'string' && record.origin !== 'cli' ? ` (${record.origin})` : ''
  return argv.length > 0 ? `${command}${origin}` : String(record.source ?? 'unknown')
}

/** Home folders that a record names: the folder its command ran in, and the program. Nothing below them, and no argument. */
export function homesOf(record: Row): string[] {
  const argv = Array.isArray(record.argv) ? record.argv.map(String).slice(0, 2) : []
  const homes = [String(record.cwd ?? ''), ...argv].flatMap(
    (place) => /^(?:\/Users|\/home|[A-Za-z]:[\\/]Users)[\\/][^\\/]{1,100}/.exec(place)?.[0] ?? [],
  )
  return [...new Set(homes)].slice(0, 3).map((home) => clip(home))
}

/** State schemas before this one have the table of backups and never fill it (seen on 2026.6.11, schema 1). */
const firstSchemaWithBackups = 2

/** The newest backup: of those the runtime wrote down and those this console made; no time: none ever. */
export function readLastBackup(stateDir: string, home: string): ValueOf<'lastBackup'> {
  const [own] = keptBackups(backupFolder(home, stateDir))
  let written: ValueOf<'lastBackup'> = { atMs: null, ok: false }
  try {
    written = readWrittenBackup(stateDir)
  } catch (error) {
    if (own === undefined) throw error
  }
  return own !== undefined && own.madeAtMs >= (written.atMs ?? 0) ? { atMs: own.madeAtMs, ok: true } : written
}

function readWrittenBackup(stateDir: string): ValueOf<'lastBackup'> {
  const [row] = fromDatabase('backup', stateDatabase(stateDir), (database) => {
    needs(database, 'backup_runs')
    if (database.userVersion < firstSchemaWithBackups)
      throw new Unreadable('This version does not write down its backups.')
    return database.all('select created_at, status from backup_runs order by created_at desc limit 1')
  })
  if (row === undefined) return { atMs: null, ok: false }
  return { atMs: Number(row.created_at), ok: /^(ok|success|succeeded|completed|verified)$/i.test(String(row.status)) }
}

/** The hash of the config file that the running gateway took last, and when; null when the version does not say. */
export function readLoadedConfig(stateDir: string, configPath: string): { sha256: string; atMs: number } | null {
  return fromDatabase(`loaded ${configPath}`, stateDatabase(stateDir), (database) => {
    const found: { sha256: string; atMs: number }[] = []
    if (database.hasTable('diagnostic_events')) {
      for (const row of database.all(
        "select payload_json, created_at from diagnostic_events where scope = 'config-snapshot' and event_key = 'latest'",
      )) {
        const [snapshot] = parsed(row.payload_json)
        if (snapshot?.configPath === configPath && typeof snapshot.rawHash === 'string')
          found.push({ sha256: snapshot.rawHash, atMs: Number(row.created_at) })
      }
    }
    if (database.hasTable('config_health_entries')) {
      for (const row of database.all(
        'select last_promoted_good_json from config_health_entries where config_path = ?',
        configPath,
      )) {
        const [good] = parsed(row.last_promoted_good_json)
        if (typeof good?.hash === 'string') found.push({ sha256: good.hash, atMs: Date.parse(String(good.observedAt)) })
      }
    }
    return found.filter(({ atMs }) => Number.isFinite(atMs)).sort((a, b) => b.atMs - a.atMs)[0] ?? null
  })
}

/** Everyone let in by a pairing code: the database of newer versions and the files of older ones. */
export function readPairing(stateDir: string): PairingStore {
  const { entries, tooLarge } = pairingFiles(path.join(stateDir, 'credentials'))
  try {
    const rows = fromDatabase('pairing', stateDatabase(stateDir), (database) =>
      database.hasTable('channel_pairing_allow_entries')
        ? database.all('select channel_key, account_id, entry from channel_pairing_allow_entries limit 5000')
        : [],
    )
    for (const row of rows)
      entries.push({
        channel: String(row.channel_key),
        account: String(row.account_id) || 'default',
        handle: String(row.entry),
      })
    return { entries, unread: tooLarge }
  } catch (error) {
    const reason = why(error)
    return { entries, unread: reason === 'There is no such database.' ? tooLarge : reason }
  }
}

/** A list of people; one of this size is no list a person made. */
const largestPairing = 2_000_000

/** `CHANNEL-allowFrom.json` for the unnamed account, `CHANNEL-ACCOUNT-allowFrom.json` for others. */
function pairingFiles(folder: string): { entries: PairingStore['entries'][number][]; tooLarge: string } {
  let names: string[]
  let tooLarge = ''
  try {
    names = readdirSync(folder)
  } catch {
    return { entries: [], tooLarge }
  }
  const entries = names.flatMap((name) => {
    const [, channel, account = 'default'] = /^([a-z]+)(?:-(.+))?-allowFrom\.json$/.exec(name) ?? []
    if (channel === undefined) return []
    try {
      return handlesIn(path.join(folder, name)).map((handle) => ({ channel, account, handle }))
    } catch (error) {
      if (error instanceof Unreadable) tooLarge = `${name}: ${error.message}`
      return []
    }
  })
  return { entries, tooLarge }
}

const handlesIn = (file: string): readonly string[] =>
  remembered(`pairing ${file}`, (watch) => {
    watch(file)
    const { allowFrom } = JSON.parse(readPlainFile(file, largestPairing).bytes.toString()) as { allowFrom?: unknown }
    return Array.isArray(allowFrom) ? allowFrom.slice(0, 1000).map(String) : []
  })
