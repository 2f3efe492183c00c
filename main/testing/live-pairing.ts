import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { OpenclawVersion } from './openclaw.ts'

/**
 * Lets a person in at these accounts of Telegram as an approved pairing code does, in the store of that version, beside
 * nobody else; and forgets the codes that wait there, of which an account hands out three.
 */
export function letIn(version: OpenclawVersion, stateDir: string, accounts: readonly string[], person: number): void {
  if (version === '2026.6.11') letInByFile(path.join(stateDir, 'credentials'), accounts, person)
  else letInByRow(path.join(stateDir, 'state', 'openclaw.sqlite'), accounts, person)
}

function letInByFile(folder: string, accounts: readonly string[], person: number): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  rmSync(path.join(folder, 'telegram-pairing.json'), { force: true })
  for (const account of accounts)
    writeFileSync(
      path.join(folder, `telegram-${account}-allowFrom.json`),
      JSON.stringify({ version: 1, allowFrom: [String(person)] }),
      { mode: 0o600 },
    )
}

function letInByRow(file: string, accounts: readonly string[], person: number): void {
  const database = new DatabaseSync(file, { timeout: 20_000 })
  try {
    database.exec('delete from channel_pairing_requests; delete from channel_pairing_allow_entries')
    const insert = database.prepare(
      "insert into channel_pairing_allow_entries (channel_key, account_id, entry, sort_order, updated_at) values ('telegram', ?, ?, 0, ?)",
    )
    for (const account of accounts) insert.run(account, String(person), Date.now())
  } finally {
    database.close()
  }
}
