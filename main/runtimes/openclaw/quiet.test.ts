import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { sampleDoor } from '../../testing/observed-sample.ts'
import { readPermissions, refusalIn } from './read-permissions.ts'
import { readUpdate } from './read-update.ts'

let home: string
let stateDir: string
beforeEach(() => {
  home = mkdtempSync(path.join(tmpdir(), 'wh-quiet-'))
  stateDir = path.join(home, '.openclaw')
  mkdirSync(path.join(stateDir, 'state'), { recursive: true })
})
afterEach(() => rmSync(home, { recursive: true, force: true }))

function state(version: number, statements: string): void {
  const database = new DatabaseSync(path.join(stateDir, 'state/openclaw.sqlite'))
  database.exec(`${statements}; pragma user_version = ${version};`)
  database.close()
}
/** The columns that are read, of the table as 2026.9.6 makes it. */
const table =
  'create table update_runs (run_id text primary key not null, created_at_ms integer not null, updated_at_ms integer not null, phase text not null, status text not null, reason text) strict'
const root = () => path.join(home, 'lib/node_modules/openclaw')

describe('updates of the runtime itself', () => {
  test('the newest run is read, with its phase and its last sign', () => {
    state(
      18,
      `${table}; insert into update_runs values ('a', 1, 2, 'finished', 'succeeded', null), ('b', 10, 20, 'staging', 'running', null)`,
    )
    expect(readUpdate(stateDir, root())).toEqual({
      keepsRuns: true,
      run: { status: 'running', phase: 'staging', startedAtMs: 10, updatedAtMs: 20, reason: '' },
      leftSinceMs: null,
    })
  })

  test.each([
    [18, true],
    [1, false],
  ])('schema %i without the table: none yet is %s', (version, keepsRuns) => {
    state(version, 'create table schema_meta (x text) strict')
    expect(readUpdate(stateDir, root())).toEqual({ keepsRuns, run: null, leftSinceMs: null })
  })

  test.each(['.openclaw.update-stage-Xy12', '.openclaw-update-stage-Xy12'])(
    '%s beside the install was left',
    (name) => {
      const folder = path.join(home, 'lib/node_modules', name)
      mkdirSync(folder, { recursive: true })
      utimesSync(folder, 1000, 1000)
      expect(readUpdate(stateDir, root()).leftSinceMs).toBe(1_000_000)
    },
  )
})

describe('leave of the system', () => {
  const imessage = [sampleDoor()]
  const log = (name: string, text: string) => {
    const file = path.join(home, name)
    mkdirSync(path.dirname(file), { recursive: true })
    writeFileSync(file, text)
  }
  const line = (time: string, message: string) => `${JSON.stringify({ time, message })}\n`

  test('only macOS guards, and only iMessage', () => {
    expect(readPermissions('linux', home, stateDir, imessage, '')).toEqual([])
    expect(readPermissions('darwin', home, stateDir, [sampleDoor({ channel: 'telegram' })], '')).toEqual([])
    expect(readPermissions('darwin', home, stateDir, [sampleDoor({ enabled: false })], '')).toEqual([])
  })

  test('the last refusal of the agent’s own log is told, and nothing else of it', () => {
    log(
      'Library/Logs/openclaw/gateway.log',
      line('2026-11-14T02:00:00.000Z', 'permissionDenied(path: chat.db, underlying: authorization denied (code: 23))') +
        line('2026-11-15T02:00:00.000Z', 'Not authorized to send Apple events to Messages. (-1743)') +
        line('2026-11-15T03:00:00.000Z', 'a message of a person'),
    )
    const [found] = readPermissions('darwin', home, stateDir, imessage, '')
    expect(found).toEqual({
      channel: 'imessage',
      account: 'default',
      refusedAtMs: Date.UTC(2026, 10, 15, 2),
      what: 'Automation of Messages',
      detail: 'there is no message store of this login',
    })
  })

  test('a log that tells of none says nothing', () => {
    log('own/agent.log', line('2026-11-15T03:00:00.000Z', 'imessage: watching'))
    expect(readPermissions('darwin', home, stateDir, imessage, path.join(home, 'own/agent.log'))).toMatchObject([
      { refusedAtMs: null },
    ])
  })

  test.each([
    ['Error: unable to open database file', 'Full Disk Access'],
    ["EPERM: operation not permitted, open '/Users/x/Library/Messages/chat.db'", 'Full Disk Access'],
    ['Not authorized to send Apple events to Messages. (-1743)', 'Automation of Messages'],
    ['everything is fine', undefined],
  ])('%s', (text, what) => expect(refusalIn(text)?.what).toBe(what))
})
