import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import type { BoxId } from '../../../shared/contract/index.ts'
import { Sections } from '../../../shared/sections.ts'
import { systemClock } from '../../base/clock.ts'
import { silentLog } from '../../base/log.ts'
import { createOnbox } from '../../onbox/onbox.ts'
import { fakeSettings } from '../../testing/fake-provider.ts'
import { localSsh } from '../../testing/local-ssh.ts'
import {
  installOpenclaw,
  makeOpenclawHome,
  type OpenclawVersion,
  openclaw,
  openclawEnv,
  openclawJson,
  treeState,
} from '../../testing/openclaw.ts'
import { applyOperations } from '../operations.ts'
import { judgeSetting, type SchemaIndex } from '../setting-schema.ts'
import { type CompileRequest, compileSections } from './compile.ts'
import { findDoors } from './doors.ts'
import type { Settings } from './settings.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'wh-compile-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const person = (handle: string) => [{ name: 'Ana', handle }]
/** One overlay with every guided section, and every channel that can be said. */
const sections = Sections.parse({
  channels: {
    'telegram/default': { enabled: true, kind: 'clients-own' },
    'telegram/front': {
      kind: 'public',
      safeguards: { sessionPerSender: true, toolsDenied: true, groupsOff: true, mostPerHour: 60, firstApprovals: 100 },
    },
    'imessage/default': { enabled: true },
    'whatsapp/default': { enabled: false, kind: 'clients-own' },
    'signal/default': { enabled: false, kind: 'clients-own' },
    'sms/default': { enabled: false, kind: 'clients-own' },
    'slack/default': { enabled: false, kind: 'team', people: person('U012ABCDEF') },
    'discord/default': { enabled: false, kind: 'team', people: person('123456789012345678') },
    'googlechat/default': { enabled: false, kind: 'team', people: person('users/123456') },
    'msteams/default': { enabled: false, kind: 'team', people: person('0f0f0f0f-0000-4000-8000-000000000001') },
  },
  model: { primary: 'fake/m1', fallbacks: ['fake/m1'], mostPerDay: 5 },
  tools: {
    commands: 'ask',
    files: 'workspace',
    elevated: 'off',
    judged: { send_payment: { movesMoney: true }, browser: { use: 'off' } },
  },
  heartbeat: { everyMinutes: 30, from: '08:00', to: '18:00', mayWrite: false },
  logging: { level: 'info', mostMegabytes: 50, audit: true, messageAudit: 'direct' },
  retention: { conversationDays: 90, archiveDays: 90, automationDays: 30 },
  escalation: { humanNumber: '+13105550142', fallbackSentence: 'I need help with that.' },
  flags: { bookings: { on: true, firstApprovals: 100 }, refunds: {} },
  updates: { automatic: false, checkAtStart: false, version: '2026.9.6' },
  files: { 'SOUL.md': { sha256: 'a'.repeat(64) } },
})
const client: CompileRequest['client'] = {
  name: 'Bright Roofing',
  timeZone: 'America/Los_Angeles',
  humanFallback: '',
  handles: [
    { kind: 'phone', value: '+13105550142', label: '', trust: 'typed' },
    { kind: 'telegram', value: '111222333', label: '', trust: 'typed' },
  ],
}

interface Lab {
  readonly found: Settings
  readonly schema: SchemaIndex
  valid(settings: Settings): Promise<unknown>
}

async function openLab(version: OpenclawVersion): Promise<Lab> {
  const install = await installOpenclaw(version)
  const home = path.join(folder, version)
  mkdirSync(home)
  await makeOpenclawHome(home, fakeSettings('http://127.0.0.1:1', ['999']))
  const file = path.join(home, '.openclaw', 'openclaw.json')
  const made = JSON.parse(readFileSync(file, 'utf8')) as Settings
  const own =
    version === '2026.9.6' ? { entries: { main: { model: 'fake/m1' } } } : { list: [{ id: 'main', model: 'fake/m1' }] }
  const telegram = {
    accounts: { front: { botToken: '123457:AAFakeTokenForTestsOnly0000000000000', dmPolicy: 'pairing' } },
  }
  const found = merged(made, { agents: own, channels: { telegram } })
  writeFileSync(file, JSON.stringify(found))
  // So that there is a database of its state, which an open leaves traces beside.
  await openclaw(install, home, ['sessions', '--json'])
  const before = treeState(home)
  const schema = await schemaOf(home, install.entry)
  expect(treeState(home)).toEqual(before)
  return {
    found,
    schema,
    valid(settings) {
      writeFileSync(file, JSON.stringify(settings))
      return openclawJson(install, home, ['config', 'validate', '--json'])
    },
  }
}

/** As the console asks the box. */
async function schemaOf(home: string, entry: string): Promise<SchemaIndex> {
  const inventory = { box: () => ({ name: 'box', launcher: 'node' }) as never, setLauncher: () => {} }
  const ssh = localSsh({ env: openclawEnv(home) })
  const boxProgramsDir = path.resolve('out/box')
  const onbox = createOnbox({ ssh, inventory, clock: systemClock, log: silentLog, boxProgramsDir })
  try {
    const request = { stateDir: path.join(home, '.openclaw'), entries: [entry] }
    const answer = await onbox.schema('box' as BoxId, request, { deadlineMs: 90_000 })
    if (!answer.read) throw new Error(answer.why)
    return answer.value
  } finally {
    onbox.close()
  }
}

const merged = (under: Settings, over: Settings): Settings => {
  const both = { ...under }
  for (const [name, value] of Object.entries(over)) {
    const before = both[name]
    const isDeep = typeof before === 'object' && before !== null && !Array.isArray(value)
    both[name] = isDeep ? merged(before as Settings, value as Settings) : value
  }
  return both
}

describe.each(['2026.9.6', '2026.6.11'] as const)('an overlay with every section on OpenClaw %s', (version) => {
  it('is a config that its own binary takes, and what it lacks is said before', async () => {
    const lab = await openLab(version)
    const request = { sections, client, version, platform: 'linux', found: lab.found }
    const raw = { 'logging.audit.messages': 'all' }
    const compiled = compileSections({ ...request, raw, schema: lab.schema })
    // What the eras are known to lack is all that the version's own schema says it lacks.
    expect(compiled.operations).toEqual(compileSections({ ...request, raw: {}, schema: null }).operations)

    const after = applyOperations(lab.found, compiled.operations)
    expect(await lab.valid(after)).toMatchObject({ valid: true })
    for (const operation of compiled.operations)
      if ('set' in operation) expect(judgeSetting(lab.schema, operation.path, operation.set)).toEqual([])
    const doors = findDoors(after, version, { entries: [], unread: '' }).filter(({ enabled }) => enabled)
    expect(doors.map(({ channel, account, direct, listed }) => [channel, account, direct, listed])).toEqual([
      ['telegram', 'front', 'everyone', []],
      ['telegram', 'default', 'listed', ['111222333']],
      ['imessage', 'default', 'listed', ['+13105550142']],
    ])

    const lacks = compiled.cannot.filter(({ because }) => because === 'version').map(({ path }) => path)
    if (version === '2026.9.6') return expect(lacks).toEqual([])
    expect(lacks).toEqual([
      'sections.logging.audit',
      'sections.logging.messageAudit',
      'sections.updates.version',
      'raw.openclaw.logging.audit.messages',
    ])
    const withheld = applyOperations(after, [{ path: ['logging', 'audit', 'messages'], set: 'all' }])
    expect(await lab.valid(withheld)).toMatchObject({ valid: false })
  }, 240_000)
})
