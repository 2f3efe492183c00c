import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { LayerRef, PatchContent, PatchFolderFile, PatchId, PatchPart } from '../../shared/contract/index.ts'
import { faultInTheEnd as faultOf, overlayLab } from '../testing/overlay-lab.ts'
import { sha256Of } from './hash.ts'
import { createPatches } from './patch.ts'

function lab() {
  const { temp, clock, inventory, overlay } = overlayLab({ staleBeforeMs: () => 0 })
  const { clientId } = inventory.addClient({ name: 'Bright Roofing', niche: 'Roofing' }).client
  const patches = createPatches({
    store: temp.store,
    inventory,
    overlay,
    schemas: { known: () => [], ofVersion: () => null },
    nodeFor: () => '>=24.16.0',
    clock,
    actor: 'operator',
  })
  return { temp, clock, inventory, overlay, patches, client: { kind: 'client', key: clientId } satisfies LayerRef }
}

let at: ReturnType<typeof lab>
beforeEach(() => {
  at = lab()
})
afterEach(() => at.temp[Symbol.dispose]())

const base64 = (text: string) => Buffer.from(text).toString('base64')
const filePart = (files: Record<string, string>): PatchPart => ({
  kind: 'files',
  files: Object.entries(files).map(([path, text]) => ({
    path,
    sha256: sha256Of(Buffer.from(text)),
    bytes: Buffer.byteLength(text),
    mode: '0755',
    back: 'restore',
  })),
})
const code = 'import { send } from "sheets"\nsend()\n'
const files: PatchFolderFile[] = [{ path: 'skills/orders/run.mjs', base64: base64(code) }]
const content = (change: Partial<PatchContent> = {}): PatchContent => ({
  name: 'orders-fallback',
  why: { text: 'Orders were lost when the sheet was full.', link: 'https://tracker.example/12' },
  author: 'kit',
  class: 'fix',
  parts: [filePart({ 'skills/orders/run.mjs': code })],
  needs: [],
  verify: [{ kind: 'exchange', withinMinutes: 30 }],
  capability: null,
  ...change,
})
const save = (wanted = content(), patchId: PatchId | null = null, baseRevision = 0) =>
  at.patches.save({ patchId, baseRevision, content: wanted, files, because: 'for the test' })
const diary = () => at.temp.ledger.entries({ limit: 3 }).map(({ kind, sentence }) => ({ kind, sentence }))

describe('revisions', () => {
  test('what the parts need is in the manifest whether or not anybody named it, and a person confirms it', async () => {
    const { patch } = await save()
    expect(patch).toMatchObject({
      revision: 1,
      by: 'operator',
      open: 1,
      content: {
        needs: [{ need: { kind: 'module', name: 'sheets', exports: ['send'] }, state: 'proposed' }],
        verify: [{ kind: 'ready' }, { kind: 'channels' }, { kind: 'rules' }, { kind: 'exchange' }],
      },
      partWords: ['1 file written in the workspace: skills/orders/run.mjs.'],
    })
    expect(diary()[0]).toEqual({
      kind: 'patch.saved',
      sentence: 'Patch orders-fallback, revision 1: fix, 1 part, 1 need. Because: for the test',
    })
    const { patch: confirmed } = await at.patches.confirm({ patchId: patch.patchId, baseRevision: 1 })
    expect(confirmed).toMatchObject({ revision: 2, how: 'confirmed', open: 0 })
    expect(confirmed.hash).not.toBe(patch.hash)
    expect(at.patches.list()).toMatchObject([{ name: 'orders-fallback', revision: 2, class: 'fix', open: 0, needs: 1 }])
    const { patch: again } = await at.patches.restore({
      patchId: patch.patchId,
      baseRevision: 2,
      revision: 1,
      because: 'look again',
    })
    expect(again).toMatchObject({ revision: 3, hash: patch.hash })
    expect(at.patches.history(patch).map(({ revision }) => revision)).toEqual([3, 2, 1])
  })

  test('a new one is gone when it is taken back; a later one is as before', async () => {
    const first = await save()
    const { patchId } = first.patch
    const second = await save(content({ author: 'ann' }), patchId, 1)
    at.inventory.undo(second)
    expect((await at.patches.get({ patchId })).content.author).toBe('kit')
    expect(await faultOf(() => at.inventory.undo(first))).toMatchObject({ code: 'changed-meanwhile' })
    const other = await save(content({ name: 'other' }))
    at.inventory.undo(other)
    expect(at.patches.list().map(({ name }) => name)).toEqual(['orders-fallback'])
    expect(await save(content({ name: 'other' }))).toMatchObject({ patch: { revision: 1 } })
  })

  test('the second of two windows, a taken name and what changes nothing are refused', async () => {
    const { patch } = await save()
    const { patchId } = patch
    expect(await faultOf(() => save(content({ author: 'ann' }), patchId, 0))).toMatchObject({
      code: 'changed-meanwhile',
    })
    expect(await faultOf(() => save())).toMatchObject({ code: 'already-exists', name: 'orders-fallback' })
    expect(await faultOf(() => save(content(), patchId, 1))).toMatchObject({
      detail: expect.stringContaining('Nothing is different'),
    })
  })

  test('a row that somebody edited is said, and is no patch any more', async () => {
    const { patch } = await save()
    const { db } = at.temp.store
    db.prepare(`update patch_revision set content_json = replace(content_json, '"fix"', '"neutral"')`).run()
    expect(at.patches.list()).toMatchObject([{ class: null, problem: expect.stringContaining('its hash is another') }])
    expect(await faultOf(() => at.patches.get(patch))).toMatchObject({ code: 'invalid-input' })
  })

  test('bytes of a file that somebody exchanged are not handed out', async () => {
    const { patch } = await save()
    at.temp.store.db.prepare(`update patch_file set content = x'00'`).run()
    expect(await faultOf(() => at.patches.exportFiles(patch))).toMatchObject({
      detail: expect.stringContaining('not in the store'),
    })
  })
})

describe('what is no patch', () => {
  const command = (run: string): PatchPart => ({
    kind: 'command',
    run,
    undo: { kind: 'none', typed: 'cannot be undone' },
    deadlineS: 60,
  })
  const overlay = (set: Record<string, string>, reset: string[] = []): PatchPart => ({
    kind: 'overlay',
    layer: { kind: 'fleet', key: '' },
    set,
    reset,
  })
  test.each<[string, Partial<PatchContent>, RegExp, RegExp]>([
    [
      'a class below what it touches',
      { parts: [overlay({ 'sections.model.primary': 'a/one' })] },
      /class/,
      /at least behavioural/,
    ],
    ['no change at all', { parts: [overlay({})] }, /parts\.0/, /changes nothing/],
    [
      'a path that leads nowhere',
      { parts: [overlay({ model: 'x' })], class: 'behavioural' },
      /parts\.0\.model/,
      /named by its path/,
    ],
    [
      'a name no section has',
      { parts: [overlay({ 'sections.modl.primary': 'x' })], class: 'behavioural' },
      /sections/,
      /modl|Unrecognized/,
    ],
    [
      'a wildcard',
      { parts: [overlay({ 'raw.openclaw.channels.telegram.allowFrom': '*' })], class: 'security' },
      /parts\.0/,
      /./,
    ],
    [
      'a secret in a command',
      { parts: [command('curl -H "Authorization: Bearer abcdefghijklmnop"')] },
      /parts\.0\.run/,
      /secret/,
    ],
    [
      'a flag nobody declares',
      { capability: { flag: 'orders', checklist: [], tests: [] } },
      /capability/,
      /sections\.flags\.orders/,
    ],
    [
      'a need dropped without a reason',
      { needs: [{ need: { kind: 'command', name: 'jq' }, from: 'me', state: 'dropped', because: '' }] },
      /needs\.0/,
      /reason/,
    ],
  ])('%s', async (_, change, field, detail) =>
    expect(await faultOf(() => save(content(change)))).toMatchObject({
      code: 'invalid-input',
      field: expect.stringMatching(field),
      detail: expect.stringMatching(detail),
    }),
  )

  test.each([
    ['openclaw.json', 'Config'],
    ['config.json5', 'Config'],
    ['credentials/whatsapp/creds.json', 'Config'],
    ['a/OpenClaw.JSON.bak', 'Config'],
    ['skills./x.mjs', 'Windows'],
  ])('a file at %s', async (path, words) => {
    const part = filePart({ [path]: 'x' })
    expect(
      await faultOf(() =>
        at.patches.save({
          patchId: null,
          baseRevision: 0,
          content: content({ parts: [part], class: 'behavioural' }),
          files: [{ path, base64: base64('x') }],
          because: 'x',
        }),
      ),
    ).toMatchObject({ detail: expect.stringContaining(words) })
  })

  test('a file with a secret, one without content, and one twice in another spelling', async () => {
    const secret = 'const key = "sk-abcdefghijklmnopqrst"'
    const { problems } = await at.patches.propose({
      parts: [filePart({ 'a.mjs': `\n${secret}`, 'A.mjs': 'x', 'b.mjs': 'nobody has it' })],
      files: [
        { path: 'a.mjs', base64: base64(`\n${secret}`) },
        { path: 'A.mjs', base64: base64('x') },
      ],
    })
    expect(problems.map(({ words }) => words)).toEqual([
      expect.stringContaining('Line 2 holds what looks like a secret'),
      expect.stringContaining('twice'),
      expect.stringContaining('not here'),
    ])
  })

  test('a variable in a command is no secret', async () =>
    expect(
      await at.patches.propose({
        parts: [command('tool --token=$TOKEN')],
        files: [],
      }),
    ).toMatchObject({ problems: [] }))
})

describe('as a folder', () => {
  const text = (of: readonly PatchFolderFile[], path = 'patch.yaml') =>
    Buffer.from(of.find((one) => one.path === path)?.base64 ?? '', 'base64').toString('utf8')
  const whole = (): PatchContent =>
    content({
      class: 'behavioural',
      parts: [
        {
          kind: 'overlay',
          layer: { kind: 'niche', key: 'Roofing' },
          set: { 'sections.flags.orders.on': false, 'raw.openclaw.models.a\\.b': { c: [1, null] } },
          reset: ['sections.heartbeat'],
        },
        { kind: 'overlay', layer: at.client, set: { 'sections.logging.level': 'info' }, reset: [] },
        {
          kind: 'files',
          files: [
            ...(filePart({ 'skills/orders/run.mjs': code }) as Extract<PatchPart, { kind: 'files' }>).files,
            { path: 'skills/old.md', sha256: null, bytes: 0, mode: '0644', back: 'keep' },
          ],
        },
        { kind: 'update', from: 'package', to: '2026.9.6' },
        { kind: 'update', from: 'git', to: 'refs/tags/v2026.9.6' },
        { kind: 'folder', folder: 'skills', to: 'a'.repeat(40) },
        { kind: 'command', run: 'brew "x: y" # z', undo: { kind: 'run', run: 'brew undo' }, deadlineS: 90 },
        { kind: 'command', run: 'rm -r old', undo: { kind: 'none', typed: 'cannot be undone' }, deadlineS: 60 },
      ],
      needs: [
        { need: { kind: 'plugin', name: 'imap' }, from: 'by hand', state: 'confirmed', because: '' },
        { need: { kind: 'command', name: 'rm' }, from: 'by hand', state: 'dropped', because: 'every machine has it' },
      ],
      verify: [
        { kind: 'log', words: 'orders: ready', is: 'there', withinMinutes: 5 },
        { kind: 'command', run: 'openclaw doctor' },
      ],
      capability: {
        flag: 'orders',
        checklist: ['Look at one order'],
        tests: [{ kind: 'exchange', withinMinutes: 10 }],
      },
    })

  test('out and in again loses nothing, here and in another console', async () => {
    const { patch } = await save(whole())
    const out = at.patches.exportFiles(patch)
    expect(out.map(({ path }) => path)).toEqual(['patch.yaml', 'files/skills/orders/run.mjs'])
    expect(text(out, 'files/skills/orders/run.mjs')).toBe(code)
    expect(text(out)).not.toContain(at.client.key)
    expect(await at.patches.previewImport({ files: out })).toMatchObject({ baseRevision: 1, same: true, problems: [] })
    const other = lab()
    try {
      const { patch: there } = await other.patches.importFiles({ files: out, baseRevision: 0, because: 'from ours' })
      expect(text(other.patches.exportFiles(there))).toBe(text(out))
      expect(there.content.parts[1]).toMatchObject({ layer: other.client })
    } finally {
      other.temp[Symbol.dispose]()
    }
  })

  test('an edited text becomes a revision; a script that was edited says so until its hash is right or gone', async () => {
    const { patch } = await save()
    const out = at.patches.exportFiles(patch)
    const edited = (change: (yaml: string) => string, script = code): PatchFolderFile[] => [
      { path: 'patch.yaml', base64: base64(change(text(out))) },
      { path: 'files/skills/orders/run.mjs', base64: base64(script) },
    ]
    const confirmed = edited((yaml) => yaml.replace(/( +)from: .*/, '$&\n$1confirmed: true'))
    expect(await at.patches.importFiles({ files: confirmed, baseRevision: 1, because: 'x' })).toMatchObject({
      patch: { revision: 2, how: 'imported', open: 0 },
    })
    const script = edited((yaml) => yaml, 'export {}\n')
    expect(await at.patches.previewImport({ files: script })).toMatchObject({
      problems: [
        { file: 'patch.yaml', line: expect.any(Number), reason: expect.stringContaining('another file than this') },
      ],
    })
    const without = edited((yaml) => yaml.replace(/ +sha256: .*\n/, ''), 'export {}\n')
    expect(await at.patches.previewImport({ files: without })).toMatchObject({ problems: [], same: false })
  })

  test.each<[string, (yaml: string) => string, RegExp]>([
    ['an unknown name', (yaml) => yaml.replace('author:', 'autor:'), /“autor”: there is no such name/],
    ['an anchor', (yaml) => yaml.replace('class: fix', 'class: &x fix'), /Anchors/],
    ['no kind of part', (yaml) => yaml.replace('- files:', '- fils:'), /A part is/],
    [
      'a client that is not here',
      (yaml) =>
        `${yaml}`.replace(
          '- files:',
          '- overlay: {layer: client, name: Nobody, set: {sections.logging.level: info}}\n  - files:',
        ),
      /no client named “Nobody”/,
    ],
    [
      'a branch',
      (yaml) => yaml.replace('- files:', '- folder: skills\n    to: main\n  - files:'),
      /whole commit, or a tag/,
    ],
    [
      'a command without its way back',
      (yaml) => yaml.replace('- files:', '- command: x\n  - files:'),
      /cannot be undone/,
    ],
    [
      '“cannot be undone” in other words',
      (yaml) => yaml.replace('- files:', '- command: x\n    cannotBeUndone: yes\n  - files:'),
      /cannot be undone/,
    ],
    [
      'a way out of the workspace',
      (yaml) => yaml.replace('path: skills/orders', 'path: ../orders'),
      /inside the workspace/,
    ],
    ['a need of no kind', (yaml) => yaml.replace('module: sheets', 'modul: sheets'), /A need is one of/],
  ])('%s is refused with its line', async (_, change, reason) => {
    const { patch } = await save()
    const out = at.patches.exportFiles(patch)
    const yaml = change(text(out))
    expect(yaml).not.toBe(text(out))
    const edited = out.map((file) => (file.path === 'patch.yaml' ? { ...file, base64: base64(yaml) } : file))
    const { problems } = await at.patches.previewImport({ files: edited })
    expect(problems[0]).toMatchObject({
      file: 'patch.yaml',
      line: expect.any(Number),
      reason: expect.stringMatching(reason),
    })
    expect(await faultOf(() => at.patches.importFiles({ files: edited, baseRevision: 1, because: 'x' }))).toMatchObject(
      { code: 'invalid-input' },
    )
    expect(at.patches.list()).toMatchObject([{ revision: 1 }])
  })

  test('a file that no part names, and one beside the folder of files', async () => {
    const { patch } = await save()
    const more = ['files/forgotten.md', 'notes.txt'].map((path) => ({ path, base64: base64('x') }))
    const { problems } = await at.patches.previewImport({ files: [...at.patches.exportFiles(patch), ...more] })
    expect(problems.map(({ file }) => file)).toEqual(['files/forgotten.md', 'notes.txt'])
  })
})
