import { expect, it, test } from 'vitest'
import { failureWords, named, ofCommand, ofTool, setUpIn, summarizeUses, type Use } from './integrations.ts'

it.each([
  ['imap', 'email imap'],
  ['@acme/hubspot-tools', 'crm hubspot'],
  ['followupboss', 'crm followupboss'],
  ['google_calendar', 'calendar calendar'],
  ['googleCalendarList', 'calendar calendar'],
  ['stripe', 'other stripe'],
  ['imessage', ''],
  ['mailbox', ''],
  ['memory-core', ''],
  ['__proto__', ''],
])('%s is %s', (name, wanted) => {
  const found = named(name)
  expect(found ? `${found.kind} ${found.name}` : '').toBe(wanted)
})

it('names a tool by its server', () => {
  expect(ofTool('mcp__acme-hubspot__search')).toEqual({ kind: 'crm', name: 'acme-hubspot' })
  expect(ofTool('mcp__acme__create_calendar_event')).toEqual({ kind: 'calendar', name: 'acme' })
  expect(ofTool('mcp__acme__ping')).toBeNull()
  expect(ofTool('read')).toBeNull()
})

it.each([
  ['gog calendar events primary --from today', ['calendar/gog']],
  ['GOG_ACCOUNT=a@b.c /opt/homebrew/bin/gog gmail search "x" | head', ['email/gog']],
  ['cd /tmp && khal list; hubspot contacts', ['calendar/khal', 'crm/hubspot']],
  ['gog calendar list\ngog calendar list', ['calendar/gog']],
  ['echo gog calendar', []],
  ['constructor x', []],
  ['', []],
])('reads off a command whose programs it starts: %s', (command, wanted) => {
  expect(ofCommand(command).map(({ kind, name }) => `${kind}/${name}`)).toEqual(wanted)
})

it.each([
  ['imap: account=x needs reauthentication after 5 authentication failures', 'its login was refused'],
  ['getaddrinfo ENOTFOUND imap.example.com', 'the name of its server was not found'],
  ['HTTP 429 Too Many Requests', 'it was asked too often'],
  ['sh: gog: command not found', 'its program is not there'],
  ['Dear Dana, the offer for 12 Oak Street', 'it failed'],
])('says why in our own words: %s', (text, words) => expect(failureWords(text)).toBe(words))

it('reads what is set up off the config', () => {
  const settings = {
    plugins: {
      entries: {
        imap: { enabled: true, config: { accounts: { personal: { password: 'hunter2' }, office: {} } } },
        imessage: { enabled: true },
        hubspot: { enabled: false },
      },
    },
    skills: { entries: { gog: {}, 'apple-notes': {} } },
    mcp: { servers: { followupboss: {}, weather: {} } },
    hooks: { enabled: true, presets: ['gmail'] },
  }
  expect(setUpIn(settings).map(({ kind, name }) => `${kind}/${name}`)).toEqual([
    'email/imap personal',
    'email/imap office',
    'calendar/gog',
    'crm/followupboss',
    'other/weather',
    'email/gmail',
  ])
  expect(setUpIn({ hooks: { enabled: false, presets: ['gmail'] }, plugins: [], skills: 'x' })).toEqual([])
})

const use = (atMs: number, ok: boolean, name = 'gog'): Use => ({
  kind: 'calendar',
  name,
  atMs,
  ok,
  failure: ok ? '' : 'it failed',
})

test('each with its last proof, its last failure, and how often it failed since', () => {
  const setUp = [{ kind: 'crm', name: 'hubspot', because: 'mcp.servers.hubspot' } as const]
  const uses = [use(4, false), use(1, true), use(3, true), use(5, false), use(2, false)]
  expect(summarizeUses(setUp, uses, 'nothing is kept')).toEqual([
    {
      kind: 'crm',
      name: 'hubspot',
      because: 'mcp.servers.hubspot',
      workedAtMs: null,
      failedAtMs: null,
      failure: '',
      failuresSince: 0,
      cannotTell: 'nothing is kept',
    },
    {
      kind: 'calendar',
      name: 'gog',
      because: 'its uses',
      workedAtMs: 3,
      failedAtMs: 5,
      failure: 'it failed',
      failuresSince: 2,
      cannotTell: '',
    },
  ])
})
