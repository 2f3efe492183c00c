import { expect, it } from 'vitest'
import { Sections } from '../../shared/sections.ts'
import { compileSections } from '../runtimes/openclaw/compile.ts'
import { indexSchema } from '../runtimes/openclaw/index-schema.ts'
import { madeUpSchema } from './made-up-schema.ts'

const sections = Sections.parse({
  channels: { 'telegram/default': { enabled: true, kind: 'clients-own' }, 'imessage/default': { enabled: true } },
  model: { primary: 'fake/m1', fallbacks: ['fake/m2'] },
  tools: { commands: 'ask', files: 'workspace', elevated: 'off', judged: { browser: { use: 'off' } } },
  heartbeat: { everyMinutes: 30, from: '08:00', to: '18:00', mayWrite: false },
  logging: { level: 'info', mostMegabytes: 50, audit: true, messageAudit: 'direct' },
  retention: { conversationDays: 90, archiveDays: 90, automationDays: 30 },
  flags: { bookings: { on: true } },
  updates: { automatic: false, checkAtStart: false },
})
const handle = (kind: 'phone' | 'telegram', value: string) => ({ kind, value, label: '', trust: 'typed' as const })
const client = {
  name: 'Bright Roofing',
  timeZone: 'America/Los_Angeles',
  humanFallback: '',
  handles: [handle('phone', '+13105550142'), handle('telegram', '111222333')],
}

it.each([
  ['2026.9.6', []],
  ['2026.6.11', ['sections.logging.audit', 'sections.logging.messageAudit']],
])('a made-up %s knows what the guided sections come to there', (version, lacks) => {
  const schema = indexSchema(JSON.parse(madeUpSchema(version)), version)
  const request = { sections, raw: {}, client, version, platform: 'darwin', found: {} }
  const compiled = compileSections({ ...request, schema })
  expect(compiled.cannot.map(({ path }) => path)).toEqual(lacks)
  expect(compiled.operations).toEqual(compileSections({ ...request, schema: null }).operations)
})
