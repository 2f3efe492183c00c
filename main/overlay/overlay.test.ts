import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { AgentId, BoxId, ClientId, LayerContent, LayerRef } from '../../shared/contract/index.ts'
import { content, faultOf, fleet, overlayLab } from '../testing/overlay-lab.ts'

const model = (primary: string): LayerContent => content({ sections: { model: { primary } } })

/** Two clients of one niche, a machine each with one agent. */
function lab() {
  const opened = overlayLab()
  const { inventory } = opened
  const add = (name: string, box: string): { clientId: ClientId; boxId: BoxId; agentId: AgentId } => {
    const { clientId } = inventory.addClient({ name, niche: 'Roofing' }).client
    const { boxId } = inventory.addBox({ name: box, host: box, clientId }).box
    return { clientId, boxId, agentId: inventory.seenAgent(boxId, { profile: 'default', stateDir: `/home/${box}` }) }
  }
  return {
    ...opened,
    bright: add('Bright Roofing', 'bright-mini'),
    tall: add('Tall: Roofs', 'tall-pc'),
  }
}

let at: ReturnType<typeof lab>
beforeEach(() => {
  at = lab()
})
afterEach(() => at.temp[Symbol.dispose]())

const save = (layer: LayerRef, baseRevision: number, wanted: LayerContent, because = 'for the test') =>
  at.overlay.save({ layer, baseRevision, content: wanted, because })
const diary = () => at.temp.ledger.entries({ limit: 10 }).map(({ kind, sentence }) => ({ kind, sentence }))

describe('revisions', () => {
  test('each save is one more, with who, when, why and what; restoring is a new one', () => {
    expect(save(fleet, 0, model('a/one'), 'a first model')).toMatchObject({ revision: 1 })
    save(fleet, 1, model('a/two'), 'it is cheaper')
    expect(at.overlay.restore({ layer: fleet, baseRevision: 2, revision: 1, because: 'it was worse' })).toMatchObject({
      revision: 3,
      sentence: 'Fleet is saved as revision 3: revision 1 restored, 1 value changed. No machine was changed.',
    })
    expect(at.overlay.history({ layer: fleet, limit: 10 })).toMatchObject([
      {
        revision: 3,
        how: 'restored',
        ofRevision: 1,
        because: 'it was worse',
        by: 'operator',
        diff: [{ before: 'a/two', after: 'a/one' }],
      },
      { revision: 2, how: 'saved', diff: [{ path: 'sections.model.primary', before: 'a/one', after: 'a/two' }] },
      { revision: 1, atMs: at.clock.nowMs(), because: 'a first model', diff: [{ before: null, after: 'a/one' }] },
    ])
    expect(at.overlay.revision({ layer: fleet, revision: 2 }).content).toEqual(model('a/two'))
    expect(diary()[0]).toEqual({
      kind: 'layer.restored',
      sentence:
        'Layer Fleet, revision 3: revision 1 restored, 1 value changed (sections.model.primary). Because: it was worse',
    })
  })

  test('what two windows edit is refused for the second, and nothing of it is kept', () => {
    save(fleet, 0, model('a/one'), 'the first window')
    expect(faultOf(() => save(fleet, 0, model('a/two')))).toMatchObject({
      code: 'changed-meanwhile',
      what: 'Layer Fleet',
      detail: expect.stringContaining('“the first window”'),
    })
    expect(at.overlay.layer({ layer: fleet })).toMatchObject({ revision: 1, content: model('a/one') })
  })

  test('undo puts back what was, as a revision of its own, unless somebody saved since', () => {
    const { undoId } = save(fleet, 0, model('a/one'))
    at.inventory.undo({ undoId })
    expect(at.overlay.layer({ layer: fleet })).toMatchObject({ revision: 2, content: content() })
    const second = save(fleet, 2, model('a/two'))
    save(fleet, 3, model('a/three'))
    expect(faultOf(() => at.inventory.undo({ undoId: second.undoId }))).toMatchObject({ code: 'changed-meanwhile' })
    expect(at.overlay.layer({ layer: fleet }).content).toEqual(model('a/three'))
  })

  test('nothing different is no revision', () =>
    expect(faultOf(() => save(fleet, 0, content()))).toMatchObject({ code: 'invalid-input', field: 'Fleet' }))

  test('a row that somebody edited into nonsense is said, and not merged', () => {
    save(fleet, 0, model('a/one'))
    at.temp.store.db.prepare(`update overlay_revision set content_json = '{"sections":{"channels":"*"}}'`).run()
    expect(at.overlay.layers()[0]).toMatchObject({
      values: 0,
      problem: expect.stringContaining('Revision 1 cannot be read'),
    })
    expect(at.overlay.merged({ agentId: at.bright.agentId }).provenance).toEqual({})
  })
})

describe('the layers of an agent', () => {
  test('a narrower one counts, and each value knows where it is from', () => {
    save(fleet, 0, content({ sections: { model: { primary: 'a/one', mostPerDay: 5 } } }))
    save({ kind: 'niche', key: ' ROOFING ' }, 0, model('a/niche'))
    save({ kind: 'client', key: at.bright.clientId }, 0, model('a/bright'))
    const { content: merged, provenance, layers } = at.overlay.merged({ agentId: at.bright.agentId })
    expect(merged.sections.model).toEqual({ primary: 'a/bright', mostPerDay: 5 })
    expect(provenance).toEqual({
      'sections.model.mostPerDay': fleet,
      'sections.model.primary': { kind: 'client', key: at.bright.clientId },
    })
    // Its system is not known before it was read.
    expect(layers.map(({ label }) => label)).toEqual([
      'Fleet',
      'Niche Roofing',
      'Bright Roofing',
      'bright-mini',
      'bright-mini/default',
    ])
    expect(at.overlay.merged({ agentId: at.tall.agentId }).content.sections.model?.primary).toBe('a/niche')
  })

  test('a layer says whom it reaches and what the wider ones say', () => {
    save(fleet, 0, model('a/one'))
    expect(at.overlay.layer({ layer: { kind: 'niche', key: 'roofing' } })).toMatchObject({
      revision: 0,
      label: 'Niche Roofing',
      inherited: { content: { sections: { model: { primary: 'a/one' } } } },
      wider: [{ label: 'Fleet' }],
      reach: {
        sentence: 'Reaches 2 agents on 2 machines of 2 clients.',
        agents: [{ name: 'bright-mini' }, { name: 'tall-pc' }],
      },
    })
    expect(at.overlay.layer({ layer: { kind: 'box', key: at.tall.boxId } }).reach.sentence).toBe(
      'Reaches 1 agent: tall-pc of Tall: Roofs.',
    )
  })

  test('reset leaves a value to the wider layers again', () => {
    save(fleet, 0, model('a/one'))
    const box: LayerRef = { kind: 'box', key: at.tall.boxId }
    save(box, 0, {
      ...model('a/tall'),
      raw: { openclaw: { 'logging.level': 'debug', gateway: { port: 1, bind: 'loopback' } } },
    })
    at.overlay.reset({
      layer: box,
      baseRevision: 1,
      paths: ['sections.model.primary', 'raw.openclaw.gateway.port'],
      because: 'no need',
    })
    expect(at.overlay.layer({ layer: box }).content).toEqual(
      content({ raw: { openclaw: { 'logging.level': 'debug', gateway: { bind: 'loopback' } } } }),
    )
    expect(at.overlay.merged({ agentId: at.tall.agentId }).content.sections.model?.primary).toBe('a/one')
  })

  test('an exception needs an end, ends by itself and is shown', () => {
    save(fleet, 0, model('a/one'))
    const layer: LayerRef = { kind: 'box', key: at.tall.boxId }
    const untilMs = at.clock.nowMs() + 3_600_000
    const except = { path: 'sections.model.primary', untilMs, because: 'they try another' }
    expect(
      faultOf(() => at.overlay.except({ layer, baseRevision: 0, except: { ...except, untilMs: at.clock.nowMs() } })),
    ).toMatchObject({ code: 'invalid-input', detail: expect.stringContaining('ends in the future') })
    at.overlay.except({ layer, baseRevision: 0, except })
    expect(at.overlay.merged({ agentId: at.tall.agentId })).toMatchObject({
      content: { sections: {} },
      excepts: [{ ...except, layer, hides: ['sections.model.primary'] }],
    })
    expect(at.overlay.layer({ layer }).excepts).toBe(1)
    at.clock.advance(3_600_000)
    expect(at.overlay.merged({ agentId: at.tall.agentId }).content.sections.model?.primary).toBe('a/one')
    expect(at.overlay.layer({ layer }).excepts).toBe(0)
    // What has ended stands in the way of no other change.
    save(layer, 1, { ...content({ excepts: [except] }), sections: { logging: { level: 'warn' } } })
  })

  test.each([
    'sections.channels',
    'sections.channels.telegram/default.people',
    'raw.openclaw.channels.telegram',
    'raw.openclaw.tools.exec',
    'sections',
    'raw.openclaw',
    'elsewhere.x',
  ])('no exception is made for %s', (path) =>
    expect(
      at.overlay.check({
        layer: fleet,
        content: content({ excepts: [{ path, untilMs: at.clock.nowMs() + 1, because: 'why' }] }),
      }),
    ).toHaveLength(1),
  )
})

test.each([
  [{ 'a..b': 1 }, /no path/],
  [{ '__proto__.a': 1 }, /cannot be the name/],
  [{ a: JSON.parse('{"b":[{"constructor":1}]}') }, /cannot be the name/],
  [{ a: 1, 'a.b': 2 }, /stands inside a/],
  [{ a: { b: 1 }, 'a.b': 2 }, /says it twice/],
  [{ a: 'x'.repeat(200_001) }, /at most 200 kB/],
])('raw settings that are none: %#', (openclaw: LayerContent['raw']['openclaw'], words) =>
  expect(at.overlay.check({ layer: fleet, content: content({ raw: { openclaw } }) })[0]?.words).toMatch(words),
)

describe('a folder of YAML', () => {
  const everything = (): LayerContent =>
    content({
      sections: { model: { primary: 'a/one' }, escalation: { fallbackSentence: 'I will ask: one moment #1' } },
      raw: {
        openclaw: { 'models.providers.a\\.b': { headers: null, list: [1, { x: 'off' }, []] }, 'gateway.port': 1 },
      },
      excepts: [
        { path: 'raw.openclaw.logging.level', untilMs: at.clock.nowMs() + 86_400_000, because: 'until it is found' },
      ],
    })
  const layers = (): LayerRef[] => [
    fleet,
    { kind: 'os', key: 'macos' },
    { kind: 'niche', key: 'roofing' },
    { kind: 'client', key: at.tall.clientId },
    { kind: 'box', key: at.bright.boxId },
    { kind: 'agent', key: at.bright.agentId },
  ]
  const imported = (files: { path: string; text: string }[]) => {
    const { layers: found } = at.overlay.previewImport({ files })
    return at.overlay.importFiles({ files, bases: found, because: 'from git' })
  }

  test('loses nothing on its way out and in, in a stable spelling', () => {
    for (const layer of layers()) save(layer, 0, everything())
    const files = at.overlay.exportFiles()
    expect(files.map(({ path }) => path)).toEqual([
      'agent/bright-mini.default.yaml',
      'box/bright-mini.yaml',
      'client/tall-roofs.yaml',
      'fleet.yaml',
      'niche/roofing.yaml',
      'os/macos.yaml',
    ])
    for (const layer of layers()) save(layer, 1, model('b/other'))
    expect(imported(files)).toMatchObject({ changed: 6, sentence: '6 layers imported. No machine was changed.' })
    for (const layer of layers()) {
      expect(at.overlay.layer({ layer })).toMatchObject({ revision: 3, content: everything() })
      expect(at.overlay.history({ layer, limit: 1 })).toMatchObject([{ how: 'imported', because: 'from git' }])
    }
    expect(at.overlay.exportFiles()).toEqual(files)
  })

  test('one bad file is named with line and reason, and nothing of the others is imported', () => {
    save(fleet, 0, everything())
    const [good] = at.overlay.exportFiles()
    const files = [
      { ...good!, text: good!.text.replace('a/one', 'a/two') },
      { path: 'os/linux.yaml', text: 'layer: os\nname: linux\nsections:\n  model:\n    primry: a/one\n' },
      { path: 'os/other.yaml', text: 'layer: os\nname: beos\n' },
      { path: 'box/gone.yaml', text: 'layer: box\nname: gone\n' },
      { path: 'client/a.yaml', text: 'layer: client\nname: tall: roofs\n' },
      { path: 'client/b.yaml', text: 'layer: client\nname: "TALL: roofs"\nraw:\n  openclaw:\n    a: 1\n    a.b: 2\n' },
      { path: 'x.yaml', text: 'layer: fleet\nsections:\n  channels:\n    telegram/default:\n      people: ["*"]\n' },
    ]
    const { problems } = at.overlay.previewImport({ files })
    expect(problems.map(({ file, line }) => `${file}:${line}`).toSorted()).toEqual([
      'box/gone.yaml:2',
      'client/a.yaml:2',
      'client/b.yaml:6',
      'os/linux.yaml:5',
      'os/other.yaml:2',
      'x.yaml:5',
    ])
    expect(problems.find(({ file }) => file === 'os/linux.yaml')?.reason).toContain('“primry”')
    expect(faultOf(() => imported(files))).toMatchObject({
      code: 'invalid-input',
      detail: expect.stringContaining('Nothing was imported.'),
    })
    expect(at.overlay.layer({ layer: fleet })).toMatchObject({ revision: 1, content: everything() })
  })

  test('two files about one layer are one too many, and an import of what was saved meanwhile is refused', () => {
    save(fleet, 0, model('a/one'))
    const [file] = at.overlay.exportFiles()
    expect(at.overlay.previewImport({ files: [file!, { ...file!, path: 'again.yaml' }] }).problems).toMatchObject([
      { file: 'fleet.yaml', reason: 'again.yaml is about the same layer.' },
    ])
    const changed = [{ ...file!, text: file!.text.replace('a/one', 'a/two') }]
    const { layers: bases } = at.overlay.previewImport({ files: changed })
    save(fleet, 1, model('a/three'))
    expect(faultOf(() => at.overlay.importFiles({ files: changed, bases, because: 'late' }))).toMatchObject({
      code: 'changed-meanwhile',
    })
  })
})

describe('what fixed rules refuse', () => {
  const own = { kind: 'phone' as const, value: '+13105550101', label: 'Dana', trust: 'typed' as const }
  const team = (handle: string) =>
    content({ sections: { channels: { 'telegram/default': { kind: 'team', people: [{ name: 'Kevin', handle }] } } } })
  const open = content({ raw: { openclaw: { 'channels.telegram': { allowFrom: ['*'] } } } })
  const secret = content({
    raw: { openclaw: { 'channels.telegram.botToken': '123456789:AAF-abcdefghijklmnopqrstuvwxyz012345' } },
  })
  const publicAccount = (safeguards: object): LayerContent =>
    content({
      sections: {
        channels: {
          'telegram/default': {
            kind: 'public',
            safeguards: {
              sessionPerSender: true,
              toolsDenied: true,
              groupsOff: true,
              mostPerHour: 60,
              firstApprovals: 100,
              ...safeguards,
            },
          },
        },
        escalation: { humanNumber: '+13105550199', fallbackSentence: 'I will ask.' },
      },
    })

  test.each([
    ['a wildcard in raw settings', open],
    ['a wildcard among people', team(' \u200b* ')],
    ['a full-width wildcard', team('\uff0a')],
    ['a secret in plain text', secret],
  ])('%s is neither saved, restored nor imported', (_, refused) => {
    expect(faultOf(() => save(fleet, 0, refused))).toMatchObject({ code: 'rule-broken' })
    expect(at.overlay.check({ layer: fleet, content: refused })).not.toEqual([])
    save(fleet, 0, model('a/one'))
    save(fleet, 1, model('a/two'))
    // Somebody edits the store by hand.
    const files = at.overlay.exportFiles()
    at.temp.store.db
      .prepare('update overlay_revision set content_json = ? where revision = 1')
      .run(JSON.stringify(refused))
    expect(
      faultOf(() => at.overlay.restore({ layer: fleet, baseRevision: 2, revision: 1, because: 'back' })),
    ).toMatchObject({
      code: 'rule-broken',
    })
    at.temp.store.db
      .prepare('update overlay_revision set content_json = ? where revision = 2')
      .run(JSON.stringify(refused))
    const bad = at.overlay.exportFiles()
    at.temp.store.db
      .prepare('update overlay_revision set content_json = ? where revision = 2')
      .run(JSON.stringify(model('a/two')))
    expect(files).not.toEqual(bad)
    const { problems } = at.overlay.previewImport({ files: bad })
    expect(problems).toMatchObject([{ file: 'fleet.yaml', line: expect.any(Number) }])
    expect(problems[0]?.line).toBeGreaterThan(2)
    expect(at.overlay.layer({ layer: fleet })).toMatchObject({ revision: 2, content: model('a/two') })
  })

  test('a public account is saved with all its safeguards, and with none of them taken away', () => {
    at.inventory.editClient({ clientId: at.bright.clientId, fields: { handles: [own] } })
    const layer: LayerRef = { kind: 'client', key: at.bright.clientId }
    save(layer, 0, publicAccount({}))
    for (const without of ['sessionPerSender', 'toolsDenied', 'groupsOff', 'mostPerHour', 'firstApprovals'])
      expect(
        faultOf(() => save(layer, 1, publicAccount({ [without]: undefined }))),
        without,
      ).toMatchObject({ code: 'rule-broken' })
    expect(
      faultOf(() =>
        at.overlay.reset({ layer, baseRevision: 1, paths: ['sections.escalation.fallbackSentence'], because: 'why' }),
      ),
    ).toMatchObject({ code: 'rule-broken' })
    // A layer further in may not take one away either.
    expect(
      faultOf(() =>
        save(
          { kind: 'box', key: at.bright.boxId },
          0,
          content({ sections: { channels: { 'telegram/default': { safeguards: { groupsOff: false } } } } }),
        ),
      ),
    ).toMatchObject({ code: 'rule-broken', problems: [{ place: expect.stringContaining('bright-mini') }] })
    expect(at.overlay.layer({ layer }).revision).toBe(1)
  })
})

test('content that is kept is declared by nobody until a layer names its hash; a secret is not kept', () => {
  const base64 = (text: string) => Buffer.from(text).toString('base64')
  const { sha256, size } = at.overlay.keepFile({ path: 'SOUL.md', content: base64('Be kind.\n') })
  expect(size).toBe(9)
  expect(at.overlay.fileContent(sha256)?.toString()).toBe('Be kind.\n')
  expect(at.overlay.layer({ layer: fleet }).revision).toBe(0)
  save(fleet, 0, content({ sections: { files: { 'SOUL.md': { sha256 } } } }))
  expect(at.overlay.files({ layer: fleet })).toMatchObject([{ path: 'SOUL.md', sha256, size: 9 }])
  for (const [path, text] of [
    ['SOUL.md', 'api_key: sk-abcdefghijklmnopqrstuvwxyz'],
    ['openclaw.json', '{}'],
  ] as const)
    expect(faultOf(() => at.overlay.keepFile({ path, content: base64(text) }))).toMatchObject({ field: path })
})
