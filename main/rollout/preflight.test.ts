import { describe, expect, test } from 'vitest'
import type { AgentId, AgentPlan, BoxId, ManifestLine, Need, PatchPart } from '../../shared/contract/index.ts'
import type { SchemaIndex } from '../runtimes/setting-schema.ts'
import { judgeNeed, type Known } from './judge-need.ts'
import { type Evidence, preflight } from './preflight.ts'

const shape = { types: [], values: [], open: false, title: '', description: '', usual: null }
const schema = (...paths: string[]): SchemaIndex => ({
  version: '2026.9.6',
  settings: Object.fromEntries(
    ['', 'gateway', ...paths].map((path) => [path, { ...shape, types: ['object' as const] }]),
  ),
})
const known = (change: Partial<Known> = {}): Known => ({
  version: '2026.9.6',
  schema: schema('gateway.bind'),
  cannot: [],
  nodeVersion: '24.16.0',
  freeBytes: 40e9,
  lookedFor: () => null,
  ...change,
})

describe('does a machine have what is needed', () => {
  test.each<[Need, Partial<Known>, string, RegExp]>([
    [{ kind: 'runtime', range: '>=2026.9.0' }, {}, 'ok', /2026\.9\.6/],
    [{ kind: 'runtime', range: '>=2026.9.7' }, {}, 'missing', /it has version 2026\.9\.6, not >=2026\.9\.7/],
    [{ kind: 'runtime', range: '>=2026.9.0' }, { version: '2026.9.6-beta.1' }, 'ok', /beta/],
    [{ kind: 'runtime', range: '>=2026.9.0' }, { version: null }, 'cant-tell', /not read/],
    [{ kind: 'runtime', range: 'newest' }, {}, 'cant-tell', /no range/],
    [{ kind: 'node', range: '>=24.16.0' }, {}, 'ok', /24/],
    [{ kind: 'node', range: '>=24.16.0' }, { nodeVersion: '22.19.0' }, 'missing', /Node 22\.19\.0/],
    [{ kind: 'node', range: '>=24.16.0' }, { nodeVersion: null }, 'cant-tell', /Node/],
    [{ kind: 'setting', path: 'raw.openclaw.gateway.bind' }, {}, 'ok', /knows/],
    [{ kind: 'setting', path: 'raw.openclaw.gateway.new' }, {}, 'missing', /no setting gateway\.new/],
    [{ kind: 'setting', path: 'raw.openclaw.gateway.bind' }, { schema: null }, 'cant-tell', /never asked/],
    [{ kind: 'setting', path: 'sections.model.mostPerDay' }, {}, 'ok', /can be given/],
    [
      { kind: 'setting', path: 'sections.model.mostPerDay' },
      { cannot: [{ path: 'sections.model.mostPerDay', words: 'no cost cap in this version' }] },
      'missing',
      /no cost cap/,
    ],
    [
      { kind: 'setting', path: 'sections.model.primary' },
      { cannot: [{ path: 'sections.model.mostPerDay', words: 'x' }] },
      'ok',
      /./,
    ],
    [{ kind: 'setting', path: 'sections.model.primary' }, { cannot: null }, 'cant-tell', /not read/],
    [{ kind: 'disk', bytes: 1e9 }, {}, 'ok', /40\.0 GB/],
    [{ kind: 'disk', bytes: 1e9 }, { freeBytes: 5e8 }, 'missing', /0\.5 GB free, not 1\.0 GB/],
    [{ kind: 'disk', bytes: 1e9 }, { freeBytes: null }, 'cant-tell', /disk/],
    [
      { kind: 'module', name: 'sheets', exports: [] },
      { lookedFor: () => ({ state: 'missing', words: 'there is no module sheets' }) },
      'missing',
      /no module sheets/,
    ],
    // Nobody looked for these: never green.
    [{ kind: 'module', name: 'sheets', exports: [] }, {}, 'cant-tell', /not asked/],
    [{ kind: 'command', name: 'jq' }, {}, 'cant-tell', /not asked/],
    [{ kind: 'plugin', name: 'imap' }, {}, 'cant-tell', /plugin/],
    [{ kind: 'file', path: 'skills/a.mjs' }, {}, 'cant-tell', /not asked/],
  ])('%j, %j', (need, change, state, words) =>
    expect(judgeNeed(need, known(change))).toEqual({ state, words: expect.stringMatching(words) }),
  )
})

const plan = (change: Partial<AgentPlan> = {}): AgentPlan => ({
  agentId: 'a' as AgentId,
  boxId: 'b' as BoxId,
  boxName: 'peak-mini',
  profile: 'default',
  name: 'peak-mini',
  clientName: 'Peak',
  state: 'changes',
  why: '',
  version: '2026.9.6',
  foundAtMs: 1000,
  old: false,
  baseSha256: 'x',
  hash: 'y',
  changes: [],
  operations: [],
  files: [],
  cannot: [],
  refusals: [],
  local: [],
  moreLocal: 0,
  excepts: [],
  timeBomb: false,
  ...change,
})
const machine = (['system.disk', 'system.clock', 'system.restart'] as const).map((key) => ({
  key,
  agentId: null,
  instance: '',
  verdict: 'ok' as const,
  text: 'fine',
}))
const evidence = (change: Partial<Evidence> = {}): Evidence => ({
  plan: plan(),
  staleBeforeMs: 0,
  now: known(),
  before: known(),
  facts: machine,
  folders: [],
  hold: null,
  pause: null,
  wayBack: { proven: true, triedAtMs: 0, words: '' },
  ...change,
})
const fact = (key: Evidence['facts'][number]['key'], verdict: Evidence['facts'][number]['verdict'], instance = '') => ({
  key,
  agentId: null,
  instance,
  verdict,
  text: 'so it is',
})
const updatable = [...machine, fact('version.patches', 'ok'), fact('backup.last', 'ok')]
const overlay: PatchPart = { kind: 'overlay', layer: { kind: 'fleet', key: '' }, set: {}, reset: [] }
const update: PatchPart = { kind: 'update', from: 'package', to: '2026.9.6' }
const folder: PatchPart = { kind: 'folder', folder: 'skills', to: 'a'.repeat(40) }
const line = (need: Need, state: ManifestLine['state'] = 'confirmed'): ManifestLine => ({
  need,
  from: 'run.mjs, line 1',
  state,
  because: '',
})
const setting = line({ kind: 'setting', path: 'raw.openclaw.gateway.new' })

describe('what says against a patch at an agent', () => {
  test('nothing, where all is well', () => expect(preflight([overlay], [], evidence())).toEqual([]))

  test.each<[string, readonly PatchPart[], readonly ManifestLine[], Partial<Evidence>, string, string, string[]]>([
    [
      'a setting it lacks',
      [overlay],
      [setting],
      {},
      'needs/setting raw.openclaw.gateway.new',
      'blocked',
      ['update-first', 'exclude', 'guarded'],
    ],
    [
      'a module nobody looked for',
      [overlay],
      [line({ kind: 'module', name: 'sheets', exports: ['a'] })],
      {},
      'needs/module sheets with a',
      'cant-tell',
      ['exclude', 'accept'],
    ],
    [
      'a rule',
      [overlay],
      [],
      { plan: plan({ state: 'refused', refusals: [{ path: 'x', words: 'a wildcard' }] }) },
      'rules/x',
      'blocked',
      ['exclude'],
    ],
    [
      'what its version cannot be given',
      [overlay],
      [],
      { plan: plan({ cannot: [{ path: 'sections.model.mostPerDay', words: 'no cap' }] }) },
      'version/sections.model.mostPerDay',
      'blocked',
      ['update-first', 'exclude', 'guarded'],
    ],
    [
      'settings nobody read',
      [overlay],
      [],
      { plan: plan({ state: 'unread', why: 'never read' }) },
      'version/unread',
      'blocked',
      ['exclude'],
    ],
    [
      'settings read long ago',
      [overlay],
      [],
      { staleBeforeMs: 2000 },
      'version/stale',
      'cant-tell',
      ['exclude', 'accept'],
    ],
    [
      'a full disk',
      [overlay],
      [],
      { facts: [fact('system.disk', 'bad'), ...machine.slice(1)] },
      'machine/system.disk',
      'blocked',
      ['exclude'],
    ],
    [
      'little disk',
      [overlay],
      [],
      { facts: [fact('system.disk', 'warn'), ...machine.slice(1)] },
      'machine/system.disk',
      'blocked',
      ['exclude', 'accept'],
    ],
    [
      'a clock nobody read',
      [overlay],
      [],
      { facts: machine.filter(({ key }) => key !== 'system.clock') },
      'machine/system.clock',
      'cant-tell',
      ['exclude', 'accept'],
    ],
    [
      'a restart that waits',
      [overlay],
      [],
      { facts: [...machine.slice(0, 2), fact('system.restart', 'warn')] },
      'machine/system.restart',
      'blocked',
      ['exclude', 'accept'],
    ],
    [
      'a change half-way',
      [overlay],
      [],
      { facts: [...machine, fact('change.open', 'warn')] },
      'machine/change.open',
      'blocked',
      ['exclude'],
    ],
    [
      'a hold',
      [overlay],
      [],
      { hold: { untilMs: 5000, reason: 'opening week' } },
      'client/hold',
      'blocked',
      ['exclude'],
    ],
    [
      'a client who is away',
      [overlay],
      [],
      { pause: { untilMs: 5000, reason: 'holiday' } },
      'client/pause',
      'blocked',
      ['exclude', 'accept'],
    ],
    [
      'no way back',
      [overlay],
      [],
      { wayBack: { proven: false, triedAtMs: null, words: 'never tried' } },
      'machine/way-back',
      'blocked',
      ['exclude'],
    ],
    [
      'a drill that failed',
      [overlay],
      [],
      { wayBack: { proven: false, triedAtMs: 1, words: 'It did not answer.' } },
      'machine/drill-failed',
      'blocked',
      ['exclude'],
    ],
    ['no such folder', [folder], [], {}, 'needs/folder skills', 'blocked', ['exclude']],
    [
      'a folder that was edited there',
      [folder],
      [],
      {
        folders: ['skills'],
        facts: [...machine, fact('code.edited', 'warn', 'skills'), fact('code.edited', 'warn', 'other')],
      },
      'machine/code.edited skills',
      'blocked',
      ['exclude'],
    ],
    [
      'an update over local patches',
      [update],
      [],
      { facts: [...machine, fact('version.patches', 'warn'), fact('backup.last', 'ok')] },
      'machine/version.patches',
      'blocked',
      ['exclude', 'accept'],
    ],
    [
      'an update of what npm did not install',
      [update],
      [],
      {
        plan: plan({ version: '2026.9.5' }),
        facts: [...updatable, { ...fact('version.install', 'ok'), text: 'git checkout' }],
      },
      'version/install',
      'blocked',
      ['exclude'],
    ],
    [
      'an update of what was installed nobody knows how',
      [update],
      [],
      { plan: plan({ version: '2026.9.5' }), facts: [...updatable, fact('version.install', 'unknown')] },
      'version/install',
      'cant-tell',
      ['exclude', 'accept'],
    ],
    [
      'an update across eras',
      [update],
      [],
      { plan: plan({ version: '2026.6.11' }), facts: updatable },
      'version/era',
      'blocked',
      ['exclude'],
    ],
    [
      'an update to an older version',
      [update],
      [],
      { plan: plan({ version: '2026.9.7' }), facts: updatable },
      'version/older',
      'cant-tell',
      ['exclude', 'accept'],
    ],
    [
      'an update without a backup, which the run makes itself',
      [update],
      [],
      { facts: [...machine, fact('version.patches', 'ok'), fact('backup.last', 'bad')] },
      'backup/backup.last',
      'blocked',
      ['exclude', 'accept'],
    ],
  ])('%s', (_, parts, needs, change, key, state, exits) =>
    expect(preflight(parts, needs, evidence(change))).toEqual([expect.objectContaining({ key, state, exits })]),
  )

  test('a need that was dropped is not asked for', () =>
    expect(preflight([overlay], [{ ...setting, state: 'dropped' }], evidence())).toEqual([]))

  test('what works today and would not on the version of 14 days ago is asked, and so is a version nobody knows', () => {
    const needs = [line({ kind: 'runtime', range: '>=2026.9.0' })]
    expect(preflight([overlay], needs, evidence({ before: known({ version: '2026.8.1' }) }))).toEqual([
      expect.objectContaining({
        key: 'two-weeks/runtime >=2026.9.0',
        state: 'blocked',
        words: 'As it was 14 days ago (2026.8.1): runtime >=2026.9.0: it has version 2026.8.1, not >=2026.9.0.',
      }),
    ])
    expect(preflight([overlay], needs, evidence({ before: known({ version: null }) }))).toMatchObject([
      { about: 'two-weeks', state: 'cant-tell' },
    ])
  })
})
