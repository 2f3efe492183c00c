import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, expect, test } from 'vitest'
import { imapUse, readIntegrations } from './read-integrations.ts'

const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

function stateDir(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'wheelhouse-integrations-'))
  folders.push(folder)
  return folder
}

const nowMs = Date.now()
const minutesAgo = (minutes: number) => nowMs - minutes * 60_000

const call = (id: string, name: string, args: Record<string, unknown>) =>
  JSON.stringify({
    type: 'message',
    message: { role: 'assistant', content: [{ type: 'toolCall', id, name, arguments: args }] },
  })
const result = (
  id: string,
  atMs: number,
  more: Record<string, unknown>,
  text = 'Lunch with Sam at noon, secret: hunter2',
) =>
  JSON.stringify({
    type: 'message',
    timestamp: new Date(atMs).toISOString(),
    message: { role: 'toolResult', toolCallId: id, content: [{ type: 'text', text }], timestamp: atMs, ...more },
  })

const lines = [
  call('1', 'exec', { command: 'gog calendar events primary' }),
  result('1', minutesAgo(90), { isError: false, details: { status: 'completed', exitCode: 0 } }),
  call('2', 'exec', { command: 'gog calendar events primary' }),
  result('2', minutesAgo(30), { isError: false, details: { status: 'failed', exitCode: 1 } }, 'invalid_grant'),
  call('3', 'exec', { command: 'gog calendar create "Lunch with Sam"' }),
  result('3', minutesAgo(20), { isError: true }, '401 unauthorized'),
  call('4', 'hubspot_search', { query: 'Sam' }),
  result('4', minutesAgo(10), { isError: false }),
  call('5', 'exec', { command: 'gog gmail search Sam' }),
  call('6', 'exec', { command: 'gog gmail search Sam; khal list' }),
  result(
    '6',
    minutesAgo(5),
    { isError: false, details: { status: 'failed', exitCode: 127 } },
    'khal: command not found',
  ),
]

function older(folder: string): void {
  const sessions = path.join(folder, 'agents/main/sessions')
  mkdirSync(sessions, { recursive: true })
  writeFileSync(path.join(sessions, 'one.jsonl'), `${lines.join('\n')}\n{broken\n`)
}

function newer(folder: string): void {
  mkdirSync(path.join(folder, 'agents/main/agent'), { recursive: true })
  mkdirSync(path.join(folder, 'state'))
  const transcripts = new DatabaseSync(path.join(folder, 'agents/main/agent/openclaw-agent.sqlite'))
  transcripts.exec('create table transcript_events (session_id text, seq integer, event_json text, created_at integer)')
  const put = transcripts.prepare('insert into transcript_events values (?, ?, ?, ?)')
  for (const [seq, line] of lines.entries()) put.run('s', seq, line, minutesAgo(100))
  transcripts.close()
  const state = new DatabaseSync(path.join(folder, 'state/openclaw.sqlite'))
  state.exec(
    'create table audit_events (occurred_at integer, kind text, action text, status text, error_code text, tool_name text, session_key text)',
  )
  const audit = state.prepare('insert into audit_events values (?, ?, ?, ?, ?, ?, ?)')
  audit.run(
    minutesAgo(15),
    'tool_action',
    'tool.action.finished',
    'succeeded',
    null,
    'hubspot_search',
    'agent:main:main',
  )
  audit.run(minutesAgo(15), 'tool_action', 'tool.action.finished', 'succeeded', null, 'exec', 'agent:main:main')
  audit.run(minutesAgo(14), 'tool_action', 'tool.action.finished', 'blocked', null, 'hubspot_delete', 'agent:main:main')
  audit.run(minutesAgo(12), 'agent_run', 'agent.run.finished', 'failed', '429', null, 'agent:main:hook:gmail:ingress')
  audit.run(minutesAgo(12), 'agent_run', 'agent.run.finished', 'succeeded', null, null, 'agent:main:main')
  state.close()
}

const told = (folder: string, settings = {}) =>
  readIntegrations(folder, settings).map(({ kind, name, workedAtMs, failuresSince, failure, cannotTell }) => ({
    is: `${kind}/${name}`,
    worked: workedAtMs === null ? null : Math.round((nowMs - workedAtMs) / 60_000),
    failed: failuresSince,
    failure,
    cannotTell,
  }))

test('session files of the older era: every tool is told by its transcript', () => {
  const folder = stateDir()
  older(folder)
  expect(told(folder)).toEqual([
    { is: 'calendar/gog', worked: 90, failed: 2, failure: 'its login was refused', cannotTell: '' },
    { is: 'crm/hubspot', worked: 10, failed: 0, failure: '', cannotTell: '' },
    { is: 'calendar/khal', worked: null, failed: 1, failure: 'its program is not there', cannotTell: '' },
  ])
})

test('databases of the newer era: tools from the audit, programs from the transcripts, each counted once', () => {
  const folder = stateDir()
  newer(folder)
  expect(told(folder)).toEqual([
    { is: 'email/gmail', worked: null, failed: 1, failure: 'it was asked too often', cannotTell: '' },
    { is: 'crm/hubspot', worked: 15, failed: 0, failure: '', cannotTell: '' },
    { is: 'calendar/gog', worked: 90, failed: 2, failure: 'its login was refused', cannotTell: '' },
    { is: 'calendar/khal', worked: null, failed: 1, failure: 'its program is not there', cannotTell: '' },
  ])
})

test('nothing of what was asked or answered leaves', () => {
  for (const make of [older, newer]) {
    const folder = stateDir()
    make(folder)
    expect(JSON.stringify(readIntegrations(folder, {}))).not.toMatch(/Sam|hunter2|Lunch|noon/)
  }
})

test('what is set up and never used is unknown, with the reason', () => {
  const folder = stateDir()
  mkdirSync(path.join(folder, 'workspace/skills/pipedrive'), { recursive: true })
  const settings = { mcp: { servers: { notion: {} } } }
  expect(told(folder, settings)).toEqual([
    {
      is: 'other/notion',
      worked: null,
      failed: 0,
      failure: '',
      cannotTell: 'this version keeps no record of what its tools did',
    },
    {
      is: 'crm/pipedrive',
      worked: null,
      failed: 0,
      failure: '',
      cannotTell: 'this version keeps no record of what its tools did',
    },
  ])
  newer(folder)
  expect(told(folder, settings).find(({ is }) => is === 'crm/pipedrive')?.cannotTell).toBe(
    'no use of it is on record in 40 days',
  )
})

test('the mailbox watcher is told by its lines in the log', () => {
  const folder = stateDir()
  const file = path.join(folder, 'gateway.log')
  const logged = (minutes: number, message: string) =>
    JSON.stringify({
      0: '{"subsystem":"plugins"}',
      1: message,
      time: new Date(minutesAgo(minutes)).toISOString(),
      message,
    })
  writeFileSync(
    file,
    [
      logged(60, 'imap: account=personal mode=push mailbox=INBOX'),
      logged(50, 'imap: account=personal connection failed=getaddrinfo ENOTFOUND imap.example.com'),
      logged(40, 'imap: account=personal needs reauthentication after 5 authentication failures; update its password'),
      logged(30, 'imap: account=office uid=7 domain=example.org gate=verified run=abc'),
      logged(20, 'imap: account=office uid=8 domain=example.org gate=sender-not-allowed'),
    ].join('\n'),
  )
  const accounts = { personal: {}, office: {} }
  const settings = { logging: { file }, plugins: { entries: { imap: { config: { accounts } } } } }
  expect(told(folder, settings)).toEqual([
    { is: 'email/imap personal', worked: 60, failed: 2, failure: 'its login was refused', cannotTell: '' },
    { is: 'email/imap office', worked: 30, failed: 0, failure: '', cannotTell: '' },
  ])
  expect(imapUse('imap: account=x mode=push')).toEqual([])
})
