import { expect, test } from 'vitest'
import { Sections } from '../../../shared/sections.ts'
import { applyOperations, dottedPath, pathOfDotted, smallestOperations } from '../operations.ts'
import { compileSections } from './compile.ts'
import { durationMs } from './durations.ts'
import { type FoundSetting, saidInSections } from './said-in-sections.ts'
import { mergeSettings, type Settings } from './settings.ts'

const operationsOf = (sections: Sections, found: Settings, version: string) =>
  smallestOperations(
    found,
    compileSections({ sections, raw: {}, client: null, version, platform: 'darwin', found, schema: null }).operations,
  )

/** Values that differ in everything a single setting says, and the places where that is. */
const samples: readonly Sections[] = [
  {
    model: { primary: 'a/one', fallbacks: ['a/two'] },
    heartbeat: { everyMinutes: 30, from: '08:00', to: '18:00', mayWrite: true },
    logging: { level: 'info', file: '/var/log/claw', mostMegabytes: 50, audit: true, messageAudit: 'direct' },
    retention: { conversationDays: 90, archiveDays: 30, automationDays: 7 },
    updates: { automatic: false, checkAtStart: false },
    tools: { commands: 'off', files: 'workspace', elevated: 'off', judged: { web_search: { use: 'free' } } },
    flags: { quotes: { on: true } },
    channels: { 'telegram/default': { enabled: true } },
  },
  {
    model: { primary: 'b/other', fallbacks: [] },
    heartbeat: { everyMinutes: 240, from: '09:30', to: '24:00', mayWrite: false },
    logging: { level: 'debug', file: '/tmp/claw', mostMegabytes: 5, audit: false, messageAudit: 'all' },
    retention: { conversationDays: 365, archiveDays: 1, automationDays: 70 },
    updates: { automatic: true, checkAtStart: true },
    tools: { commands: 'listed', files: 'everywhere', elevated: 'off', judged: { web_search: { use: 'off' } } },
    flags: { quotes: { on: false } },
    channels: { 'telegram/default': { enabled: false } },
  },
  { tools: { commands: 'ask', judged: { quotes: { use: 'off' } } }, logging: { messageAudit: 'off', level: 'error' } },
]

/** The sections with what was said laid in. */
function laidIn(sections: Sections, set: Readonly<Record<string, unknown>>): Sections {
  const all = Object.entries(set).reduce<unknown>((under, [at, value]) => {
    const path = (pathOfDotted(at) ?? []).slice(1)
    return mergeSettings(
      under,
      path.reduceRight<unknown>((inner, name) => ({ [name]: inner }), value),
    )
  }, sections)
  return Sections.parse(all)
}

test.each(['2026.9.6', '2026.6.11'])('what %s was given by one overlay is said back against another', (version) => {
  const said = new Set<string>()
  for (const there of samples)
    for (const declared of samples) {
      const found = applyOperations({}, operationsOf(there, {}, version))
      for (const { path, from } of operationsOf(declared, found, version)) {
        const reverse = saidInSections({ declared: from, path, found, version, sections: declared })
        if ('why' in reverse) continue
        const after = operationsOf(laidIn(declared, reverse.set), found, version).map((each) => dottedPath(each.path))
        expect(after).not.toContain(dottedPath(path))
        for (const at of Object.keys(reverse.set)) said.add(at.replace('sections.', ''))
      }
    }
  const audit = version === '2026.9.6' ? ['logging.audit', 'logging.messageAudit'] : []
  expect([...said].sort()).toEqual(
    [
      ...audit,
      'channels.telegram/default.enabled',
      'flags.quotes.on',
      'heartbeat.everyMinutes',
      'heartbeat.from',
      'heartbeat.mayWrite',
      'heartbeat.to',
      'logging.file',
      'logging.level',
      'logging.mostMegabytes',
      'model.fallbacks',
      'model.primary',
      'retention.archiveDays',
      'retention.automationDays',
      'retention.conversationDays',
      'tools.commands',
      'tools.files',
      'tools.judged.quotes.use',
      'tools.judged.web_search.use',
      'updates.automatic',
      'updates.checkAtStart',
    ].sort(),
  )
})

test.each<[string, Partial<FoundSetting> & Pick<FoundSetting, 'declared' | 'path'>, string]>([
  [
    'one that follows from several words',
    { declared: 'sections.retention.conversationDays', path: ['session', 'maintenance', 'mode'] },
    'It follows from retention.conversationDays, which says more than this one setting.',
  ],
  [
    'what no word says',
    {
      declared: 'sections.tools.commands',
      path: ['tools', 'exec', 'mode'],
      found: { tools: { exec: { mode: 'full' } } },
    },
    'full has no word of tools.commands: it says off, listed or ask.',
  ],
  [
    'no whole days',
    {
      declared: 'sections.retention.automationDays',
      path: ['cron', 'sessionRetention'],
      found: { cron: { sessionRetention: '36h' } },
    },
    '36h has no word of retention.automationDays: it says whole days.',
  ],
  [
    'nothing',
    { declared: 'sections.logging.level', path: ['logging', 'level'] },
    'Nothing stands there, and logging.level cannot say that nothing may.',
  ],
])('%s is refused with the reason', (_, setting, why) => {
  expect(saidInSections({ found: {}, version: '2026.9.6', sections: {}, ...setting })).toEqual({ why })
})

test.each([
  ['30m', 1_800_000],
  ['1h30m', 5_400_000],
  ['1.5H', 5_400_000],
  ['90d', 7_776_000_000],
  ['0m', 0],
  ['90', null],
  ['m', null],
  ['1h 30m', null],
  [90, null],
])('%s is a duration of %s ms', (text, ms) => {
  expect(durationMs(text)).toBe(ms)
})

test('another spelling of the same duration is no change', () => {
  const found = { agents: { defaults: { heartbeat: { every: '1h30m' } } }, cron: { sessionRetention: '48h' } }
  const same = { heartbeat: { everyMinutes: 90 }, retention: { automationDays: 2 } }
  expect(operationsOf(same, found, '2026.9.6')).toEqual([])
  expect(operationsOf({ heartbeat: { everyMinutes: 91 } }, found, '2026.9.6')).toMatchObject([{ set: '91m' }])
})
