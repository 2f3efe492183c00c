import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { LayerContent, LayerRef } from '../../shared/contract/index.ts'
import { sha256Of } from '../runtimes/runtimes.ts'
import { content, faultOf, fleet, overlayLab } from '../testing/overlay-lab.ts'
import { readContents, writeContents } from './folder-contents.ts'

/** Two consoles that know the same machines and clients by other ids. */
function console_() {
  const opened = overlayLab()
  const { clientId } = opened.inventory.addClient({ name: 'Bright Roofing', niche: 'Roofing' }).client
  const { boxId } = opened.inventory.addBox({ name: 'bright-mini', host: 'h', clientId }).box
  const layers: LayerRef[] = [
    fleet,
    { kind: 'niche', key: 'roofing' },
    { kind: 'client', key: clientId },
    { kind: 'box', key: boxId },
  ]
  return { ...opened, layers }
}

type Console = ReturnType<typeof console_>
let here: Console
let there: Console
beforeEach(() => {
  here = console_()
  there = console_()
})
afterEach(() => {
  here.temp[Symbol.dispose]()
  there.temp[Symbol.dispose]()
})

const put = ({ overlay }: Console, layer: LayerRef, path: string, bytes: Buffer, executable = false) =>
  overlay.putFile({
    layer,
    baseRevision: overlay.layer({ layer }).revision,
    path,
    content: bytes.toString('base64'),
    executable,
    because: 'for the test',
  })
const folderOf = ({ overlay }: Console) => ({ files: overlay.exportFiles(), ...overlay.exportContents() })
const taken = ({ overlay }: Console, folder: ReturnType<typeof folderOf>) =>
  overlay.importFiles({ ...folder, bases: overlay.previewImport(folder).layers, because: 'from git' })
const contentsOf = ({ overlay, layers }: Console): LayerContent[] =>
  layers.map((layer) => overlay.layer({ layer }).content)

/** A sequence that is the same each time: what fails once fails again. */
function dice(seed: number) {
  let state = seed
  return (sides: number): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
    return (state >>> 8) % sides
  }
}
const names = [
  'SOUL.md',
  'AGENTS.md',
  'TOOLS.md',
  'skills/orders/SKILL.md',
  'skills/Orders/skill.md',
  'skills/orders/run.yaml',
  'skills/con/aux.txt',
  'skills/orders/a b.files/x',
  'skills/orders/deep/er/tool.py',
]

test.each(Array.from({ length: 25 }, (_, seed) => seed))(
  'a folder loses nothing of any layers and files: %i',
  (seed) => {
    const roll = dice(seed + 1)
    for (let each = 0; each < 8; each++) {
      const bytes = Buffer.from(Array.from({ length: roll(40) }, () => (roll(4) === 0 ? roll(256) : 97 + roll(26))))
      put(
        here,
        here.layers[roll(4)] ?? fleet,
        names[roll(names.length)] ?? 'SOUL.md',
        Buffer.concat([bytes, Buffer.from([each])]),
        roll(2) === 0,
      )
    }
    const folder = folderOf(here)
    expect(folder.missing).toEqual([])
    const paths = folder.contents.map(({ path }) => path.toLowerCase())
    expect(new Set(paths).size).toBe(paths.length)
    expect(there.overlay.previewImport(folder).problems).toEqual([])
    taken(there, folder)
    expect(contentsOf(there)).toEqual(contentsOf(here))
    for (const { sections } of contentsOf(here))
      for (const { sha256 = '' } of Object.values(sections.files ?? {}))
        expect(there.overlay.fileContent(sha256)).toEqual(here.overlay.fileContent(sha256))
    expect(folderOf(there)).toEqual(folder)
  },
)

describe('a folder', () => {
  test('brings contents that were missing, where no value is different; they are kept', () => {
    put(here, fleet, 'SOUL.md', Buffer.from('Be kind.\n'))
    const folder = folderOf(here)
    taken(there, { ...folder, contents: [] })
    expect(folderOf(there).missing).toEqual(['fleet.yaml: SOUL.md'])
    expect(there.overlay.previewImport(folder)).toMatchObject({ newContents: 1, problems: [] })
    expect(taken(there, folder)).toMatchObject({
      changed: 0,
      sentence: 'No value is different; the content of 1 file is kept now.',
    })
    expect(folderOf(there)).toEqual(folder)
  })

  test('with one bad content is refused as a whole', () => {
    put(here, fleet, 'SOUL.md', Buffer.from('Be kind.\n'))
    const folder = folderOf(here)
    const [one] = folder.contents
    const contents = [{ ...one!, base64: Buffer.from('Be unkind.\n').toString('base64') }]
    expect(there.overlay.previewImport({ ...folder, contents }).problems).toMatchObject([
      {
        file: 'fleet.files/SOUL.md',
        reason: expect.stringContaining(sha256Of(Buffer.from('Be unkind.\n'))),
      },
    ])
    expect(faultOf(() => taken(there, { ...folder, contents }))).toMatchObject({ code: 'invalid-input' })
    expect(there.overlay.layer({ layer: fleet }).revision).toBe(0)
    expect(there.overlay.fileContent(sha256Of(Buffer.from('Be unkind.\n')))).toBeNull()
  })
})

const layer = (files: Record<string, string>, path = 'fleet.yaml') => ({
  path,
  content: content({
    sections: {
      files: Object.fromEntries(
        Object.entries(files).map(([name, text]) => [name, { sha256: sha256Of(Buffer.from(text)) }]),
      ),
    },
  }),
})
const given = (path: string, text: string) => ({
  path,
  base64: Buffer.from(text).toString('base64'),
  executable: false,
})

describe('what a folder may not bring', () => {
  test.each([
    ['/etc/fleet.files/SOUL.md', 'leads out'],
    ['../fleet.files/SOUL.md', 'leads out'],
    ['fleet.files/../../SOUL.md', 'leads out'],
    ['fleet.files//SOUL.md', 'leads out'],
    ['fleet.files\\SOUL.md', 'sign that no file'],
    ['C:/fleet.files/SOUL.md', 'sign that no file'],
    ['fleet.files/SOUL\u202e.md', 'sign that no file'],
    ['fleet.files/con', 'Windows takes no such name'],
    ['fleet.files/SOUL.md.', 'Windows takes no such name'],
    ['SOUL.md', 'stands in a folder as fleet.files'],
    ['other.files/SOUL.md', 'no layer file beside'],
  ])('%s is refused', (path, reason) => {
    const { read, problems } = readContents([given(path, 'Be kind.')], [layer({ 'SOUL.md': 'Be kind.' })])
    expect(read).toEqual([])
    expect(problems).toEqual([{ file: path, line: null, reason: expect.stringContaining(reason) }])
  })

  test('two names that are the same on another computer', () => {
    const both = [given('fleet.files/SOUL.md', 'one'), given('fleet.files/soul.md', 'two')]
    const { problems } = readContents(both, [layer({ 'SOUL.md': 'one', 'AGENTS.md': 'two' })])
    expect(problems).toEqual([
      {
        file: 'fleet.files/soul.md',
        line: null,
        reason: 'Where small and large letters are the same, it is fleet.files/SOUL.md.',
      },
    ])
  })

  test('a secret in plain text, a place that carries none, and what is too large', () => {
    const secret = 'token=ghp_abcdefghijklmnopqrstuvwxyz0123456789\n'
    const large = 'x'.repeat(256_001)
    const layers = [layer({ 'SOUL.md': secret, 'openclaw.json': '{}', 'TOOLS.md': large })]
    const contents = [
      given('fleet.files/SOUL.md', secret),
      given('fleet.files/openclaw.json', '{}'),
      given('fleet.files/TOOLS.md', large),
    ]
    const { read, problems } = readContents(contents, layers)
    expect(read).toEqual([])
    expect(problems.map(({ reason }) => reason)).toEqual([
      expect.stringContaining('Line 1 holds a secret'),
      expect.stringContaining('at most 256 kB'),
      expect.stringContaining('Only AGENTS.md'),
    ])
  })
})

test('names that one computer takes for the same, for a device or for a folder are told apart on the way out', () => {
  const text = {
    'skills/a/SKILL.md': '1',
    'skills/A/skill.md': '2',
    'skills/a/con.txt': '3',
    'skills/a/x': '4',
    'skills/a/x/y': '5',
  }
  const { contents } = writeContents([layer(text)], (sha256) =>
    Buffer.from(Object.values(text).find((each) => sha256Of(Buffer.from(each)) === sha256) ?? ''),
  )
  expect(contents.map(({ path }) => path)).toEqual([
    'fleet.files/skills-2/a/SKILL.md',
    'fleet.files/skills-2/a/x/y',
    'fleet.files/skills/A/skill.md',
    'fleet.files/skills/a/_con.txt',
    'fleet.files/skills/a/x',
  ])
  expect(readContents(contents, [layer(text)])).toMatchObject({ problems: [], read: { length: 5 } })
})
