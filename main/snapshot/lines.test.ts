import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import type { Observed, ObservedAgent } from '../runtimes/observed.ts'
import { got, sampleAgent, sampleConfig, sampleGit, sampleInstall, sampleObserved } from '../testing/observed-sample.ts'
import { contentOf, type SnapshotContent } from './content.ts'
import { fetchedOf } from './fetch-files.ts'
import type { Fetched } from './files.ts'
import { type CompareWith, compareSnapshots, filesBehind } from './lines.ts'
import { partsOf } from './parts.ts'

const nowMs = Date.parse('2026-11-28T08:00:00Z')
const fleet = { kind: 'fleet' as const, key: '' }
const sha = (text: string): string => createHash('sha256').update(text).digest('hex')
const unread = (why: string) => ({ read: false as const, why, source: 'x' })

/** A snapshot of an agent whose config is written as a machine would send it. */
const config = (redacted: string, change: Parameters<typeof sampleConfig>[1] = {}): Partial<ObservedAgent> => ({
  config: got(sampleConfig(nowMs, { redacted, ...change })),
})
const snap = (agent: Partial<ObservedAgent>, folders: Observed['folders'] = []): SnapshotContent =>
  contentOf(sampleAgent(nowMs, agent), sampleObserved(nowMs, { folders }), (id) => (id === 'f1' ? 'orders' : null))

type Files = Record<string, { text: string; mode?: number }>
const files = (all: Files, total = Object.keys(all).length): Partial<ObservedAgent> => ({
  ownFiles: got({
    files: Object.entries(all)
      .map(([path, { text, mode }]) => ({ path, sha256: sha(text), ...(mode === undefined ? {} : { mode }) }))
      .toSorted((a, b) => (a.path < b.path ? -1 : 1)),
    total,
    digest: '',
    modifiedAtMs: null,
  }),
})
const textOf =
  (all: Files) =>
  (path: string): Fetched => ({ bytes: Buffer.from(all[path]?.text ?? '') })

const compare = (before: SnapshotContent, after: SnapshotContent, parts: Partial<CompareWith> = {}) =>
  compareSnapshots(before, after, { fetched: () => ({ why: 'Not asked for.' }), inSections: () => null, ...parts })
const settings = (before: string, after: string, parts: Partial<CompareWith> = {}) =>
  compare(snap(config(before)), snap(config(after)), parts)
const overlayOf = (compared: ReturnType<typeof compare>) =>
  partsOf(
    compared.lines.filter(({ chosen }) => chosen),
    fleet,
  )

test('nothing changed: no line, nothing left out', () => {
  const same = snap({ ...config('{"gateway":{"bind":"lan"}}'), ...files({ 'AGENTS.md': { text: 'a' } }) })
  expect(compare(same, same)).toEqual({ lines: [], leftOut: [] })
})

test('settings that were added, changed and removed are one overlay part, value by value', () => {
  const compared = settings(
    '{"messages":{"prefix":"a","old":1},"meta":{"at":1}}',
    '{"messages":{"prefix":"b"},"mcp":{"servers":{"crm.v2":{"url":"https://x","on":true}}},"list":[1],"meta":{"at":2}}',
  )
  expect(compared.leftOut).toEqual([])
  expect(compared.lines.map(({ name, before, after, chosen }) => [name, before, after, chosen])).toEqual([
    ['messages.prefix', 'a', 'b', true],
    ['messages.old', '1', null, true],
    ['mcp.servers.crm\\.v2.url', null, 'https://x', true],
    ['mcp.servers.crm\\.v2.on', null, 'true', true],
    ['list', null, '[1]', true],
  ])
  expect(overlayOf(compared)).toEqual([
    {
      kind: 'overlay',
      layer: fleet,
      set: {
        'raw.openclaw.messages.prefix': 'b',
        'raw.openclaw.messages.old': null,
        'raw.openclaw.mcp.servers.crm\\.v2.url': 'https://x',
        'raw.openclaw.mcp.servers.crm\\.v2.on': true,
        'raw.openclaw.list': [1],
      },
      reset: [],
    },
  ])
})

test('a secret is named and never carried: its fingerprint, in a list, as a name, and one that was not masked at all', () => {
  const compared = settings(
    '{"mcp":{"token":"#aaaaaaaaaaaa"}}',
    JSON.stringify({
      mcp: { token: '#bbbbbbbbbbbb', list: ['ok', '#cccccccccccc'], '#dddddddddddd': 1, url: 'https://x' },
      channels: { telegram: { botToken: '123456789:AAH-plain-text-of-a-bot-token-abcdefgh' } },
    }),
  )
  expect(compared.lines.map(({ name }) => name)).toEqual(['mcp.url'])
  expect(compared.leftOut.map(({ name }) => name).toSorted()).toEqual([
    'channels.telegram.botToken',
    'mcp.#dddddddddddd',
    'mcp.list',
    'mcp.token',
  ])
  expect(compared.leftOut.every(({ why }) => why.includes('secret'))).toBe(true)
  expect(JSON.stringify(compared)).not.toMatch(/#[abc]{12}|AAH-plain/)
})

test('hostile names and values: prototype keys, control and direction marks, depth, size, a path that is too long', () => {
  const long = 'x'.repeat(199)
  const compared = settings(
    '{}',
    `{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":2}},"a":{"\\u202Egnp":1,"":2,"${long}":{"${long}":{"${long}":{"${long}":{"${long}":{"${long}":1}}}}}},
      "hidden":"a\\u202Eb","bell":"\\u0007","prompt":"one\\n\\ttwo","huge":"${'y'.repeat(20_001)}","inside":[{"__proto__":1}],"file":{"$include":"/etc/x"},"none":null}`,
  )
  expect(({} as Record<string, unknown>).polluted).toBeUndefined()
  expect(compared.lines.map(({ name, piece }) => [name, 'set' in piece && piece.set])).toEqual([
    ['prompt', { 'raw.openclaw.prompt': 'one\n\ttwo' }],
  ])
  const why = new Map(compared.leftOut.map((left) => [left.name, left.why]))
  expect(why.get('a.⟨202E⟩gnp')).toContain('cannot be the name')
  expect(why.get('hidden')).toContain('cannot be seen')
  expect(why.get('bell')).toContain('cannot be seen')
  expect(why.get('huge')).toContain('too large')
  expect(why.get('inside')).toContain('no setting can have')
  expect(why.get('file.$include')).toContain('cannot be the name')
  expect(why.get('none')).toContain('null')
  expect([...why.keys()].some((name) => name.startsWith('constructor'))).toBe(true)
  expect([...why.values()]).toContain('Its name is too long.')
  expect(compared.leftOut.every(({ name }) => name.length <= 300)).toBe(true)
})

test('a config nested without end is not compared, and ends nothing', () => {
  const deep = `{"a":${'['.repeat(50_000)}${']'.repeat(50_000)}}`
  expect(settings('{}', deep)).toEqual({
    lines: [],
    leftOut: [{ name: 'settings', why: 'Not compared: it is nested deeper than any config.' }],
  })
  expect(settings('{}', '[1]').leftOut[0]?.why).toContain('no settings')
  expect(settings('{}', '{').leftOut[0]?.why).toContain('no JSON')
  expect(compare(snap({ config: unread('no \u202E right') }), snap(config('{}'))).leftOut[0]?.why).toBe(
    'Not compared: no ⟨202E⟩ right.',
  )
})

test('more differences than a patch is made of are counted, not dropped in silence', () => {
  const many = Object.fromEntries(Array.from({ length: 250 }, (_, at) => [`k${at}`, at]))
  const compared = settings('{}', JSON.stringify(many))
  expect(compared.lines).toHaveLength(200)
  expect(compared.leftOut).toEqual([{ name: 'settings', why: '50 more differ: more than one patch is made of.' }])
})

test('what a section decides is said in its words, or left out with the reason', () => {
  const compared = settings('{}', '{"agents":{"defaults":{"model":"m"}},"channels":{"telegram":{"allowFrom":["1"]}}}', {
    inSections: ([first]) =>
      first === 'agents' ? { set: { 'sections.model.primary': 'm' } } : { why: 'Who is answered is never taken over.' },
  })
  expect(compared.lines).toMatchObject([
    {
      name: 'agents.defaults.model',
      declares: 'sections.model.primary',
      piece: { set: { 'sections.model.primary': 'm' } },
    },
  ])
  expect(compared.leftOut).toEqual([
    { name: 'channels.telegram.allowFrom', why: 'Who is answered is never taken over.' },
  ])
})

test('a value that names a place of the machine stands there, and is not in the patch by itself', () => {
  const compared = settings('{}', '{"logging":{"file":"/Users/dana/x.log"},"a":"~/b","c":["C:\\\\x"]}')
  expect(compared.lines.map(({ chosen, note }) => [chosen, note !== ''])).toEqual(Array(3).fill([false, true]))
  const removed = settings('{"mcp":{"token":"#aaaaaaaaaaaa"}}', '{}')
  expect(removed.lines).toMatchObject([{ name: 'mcp', before: '{"token":"a secret"}', after: null, chosen: false }])
})

test('files: new, changed, other mode, gone; each with its content', () => {
  const before = {
    'AGENTS.md': { text: 'one' },
    'skills/a/run.mjs': { text: 'r', mode: 0o644 },
    'TOOLS.md': { text: 't' },
  }
  const after = {
    'AGENTS.md': { text: 'two', mode: 0o600 },
    'skills/a/run.mjs': { text: 'r', mode: 0o775 },
    'skills/a/SKILL.md': { text: 'skill', mode: 0o664 },
  }
  const compared = compare(snap(files(before)), snap(files(after)), { fetched: textOf(after) })
  expect(compared.leftOut).toEqual([])
  expect(partsOf(compared.lines, fleet)).toEqual([
    {
      kind: 'files',
      files: [
        { path: 'AGENTS.md', sha256: sha('two'), bytes: 3, mode: '0600', back: 'restore' },
        { path: 'TOOLS.md', sha256: null, bytes: 0, mode: '0644', back: 'restore' },
        { path: 'skills/a/SKILL.md', sha256: sha('skill'), bytes: 5, mode: '0644', back: 'restore' },
        { path: 'skills/a/run.mjs', sha256: sha('r'), bytes: 1, mode: '0755', back: 'restore' },
      ],
    },
  ])
})

test('files that a machine names to get out of the workspace, or could not read, are left out by name', () => {
  const odd = [
    '../../.ssh/authorized_keys',
    '/etc/passwd',
    'skills/a/../../../x',
    'skills/__proto__/x.md',
    'MEMORY.md',
    'managed skills/a/SKILL.md',
    'skills/a/.env',
    'skills/a/node_modules/x.js',
    'skills/a\\b/x.md',
    'skills/a/\u202Egnp.md',
    'skills/a/openclaw.json',
  ]
  const after = Object.fromEntries(odd.map((path) => [path, { text: path }]))
  const asked: string[] = []
  const compared = compare(snap(files({})), snap(files(after)), {
    fetched: (path) => {
      asked.push(path)
      return { bytes: Buffer.from(path) }
    },
  })
  expect({ lines: compared.lines, asked }).toEqual({ lines: [], asked: [] })
  expect(compared.leftOut).toHaveLength(odd.length)
  expect(compared.leftOut.map(({ name }) => name)).toContain('skills/a/⟨202E⟩gnp.md')

  const unreadable: Partial<ObservedAgent> = {
    ownFiles: got({
      files: [
        { path: 'AGENTS.md', sha256: '3000000 bytes' },
        { path: 'SOUL.md', sha256: 'not readable' },
      ],
      total: 2,
      digest: '',
      modifiedAtMs: null,
    }),
  }
  expect(compare(snap(files({})), snap(unreadable)).leftOut.map(({ why }) => why)).toEqual([
    'It is too large to be carried.',
    'It was not read on the machine, so nobody knows what it says.',
  ])
})

test('of a list that was cut, a file that may only not have been told is neither new nor gone', () => {
  const [a, c] = [{ text: 'a' }, { text: 'c' }]
  const cut = snap(files({ 'skills/a/x.md': a }, 2))
  const whole = snap(files({ 'skills/a/x.md': a, 'skills/c/x.md': c }))
  expect(compare(cut, whole)).toEqual({
    lines: [],
    leftOut: [{ name: 'files', why: '1 were not told by the machine, so nobody compared them.' }],
  })
  expect(filesBehind(whole, cut)).toEqual([])
})

test('one patch carries no more files than one change may', () => {
  const after = Object.fromEntries(
    Array.from({ length: 12 }, (_, at) => [`skills/a/${at + 10}.md`, { text: `${at}`.padEnd(190_000, 'x') }]),
  )
  const compared = compare(snap(files({})), snap(files(after)), { fetched: textOf(after) })
  expect(compared.lines).toHaveLength(10)
  expect(compared.leftOut.map(({ why }) => why)).toEqual(
    Array(2).fill('One patch carries at most 200 files of 2 MB together.'),
  )
})

test('only bytes with the hash of the snapshot are the content of a file', () => {
  const answer = (value: object) =>
    fetchedOf(
      {
        read: true,
        source: 'x',
        value: { kind: 'text', sha256: sha('hello'), size: 5, text: 'hello', ...value } as never,
      },
      sha('hello'),
    )
  expect(answer({})).toEqual({ bytes: Buffer.from('hello') })
  const refused = [
    { text: 'hel#0123456789ab' },
    { sha256: sha('other'), text: 'other' },
    { kind: 'binary', text: null },
    { kind: 'large', sha256: '', text: null },
    { kind: 'none', sha256: '', text: null },
  ].map(answer)
  expect(refused.map((one) => 'why' in one && one.why)).toEqual([
    'A secret, or who somebody is, stands in it and was masked on the machine, so its content is not here.',
    'It was changed while it was read: compare again.',
    'It is no text.',
    'It is larger than 200 kB.',
    'It is gone by now: compare again.',
  ])
  expect(fetchedOf({ read: false, why: 'no\u0007', source: 'x' }, sha('x'))).toEqual({
    why: 'It was not read: no⟨0007⟩',
  })
})

test('the runtime: a newer version of the package, an older one, a commit, one that nobody else has, a made-up one', () => {
  const at = (change: Parameters<typeof sampleInstall>[0]) => snap({ install: got(sampleInstall(change)) })
  const checkout = (commit: string, ahead = 0) =>
    at({ kind: 'git', git: got(sampleGit(nowMs, { commit, ahead, dirtyFiles: 2, newFiles: 1 })) })
  const [one, other] = ['a'.repeat(40), 'b'.repeat(40)]
  const newer = compare(at({ version: '2026.9.5' }), at({ version: '2026.9.6' }))
  expect(newer.lines).toMatchObject([{ kind: 'update', before: '2026.9.5', after: '2026.9.6', chosen: true }])
  expect(partsOf(newer.lines, fleet)).toEqual([{ kind: 'update', from: 'package', to: '2026.9.6' }])
  expect(compare(at({ version: '2026.9.6' }), at({ version: '2026.9.5' })).lines[0]).toMatchObject({ chosen: false })
  expect(compare(checkout(one), checkout(other)).lines).toMatchObject([
    { note: '3 changed files beside its commit are not carried.', piece: { part: { from: 'git', to: other } } },
  ])
  expect(compare(checkout(one), checkout(other, 2)).leftOut[0]?.why).toContain('push first')
  expect(compare(at({}), at({ version: '; rm -rf \u202E' }))).toMatchObject({
    lines: [],
    leftOut: [{ name: 'runtime', why: '; rm -rf ⟨202E⟩ is no version that a patch can name.' }],
  })
  expect(compare(at({}), snap({ install: unread('gone') })).leftOut[0]?.why).toBe('Not compared: gone.')
})

test('a tracked folder comes with its commit, and takes the files below it along', () => {
  const [one, other] = ['a'.repeat(40), 'b'.repeat(40)]
  const folder = (commit: string, change: Parameters<typeof sampleGit>[1] = {}) => [
    {
      id: 'f1',
      root: '/Users/dana/.openclaw/workspace/skills/orders',
      git: got(sampleGit(nowMs, { commit, ...change })),
    },
    { id: 'nobody asked', root: '/', git: got(sampleGit(nowMs, { commit })) },
  ]
  const after = { 'skills/orders/run.mjs': { text: 'r' }, 'skills/other/run.mjs': { text: 'r' } }
  const compared = compare(snap(files({}), folder(one)), snap(files(after), folder(other)), { fetched: textOf(after) })
  expect(compared.lines.map(({ lineId, chosen }) => [lineId, chosen])).toEqual([
    ['file skills/orders/run.mjs', false],
    ['file skills/other/run.mjs', true],
    ['folder orders', true],
  ])
  expect(partsOf(compared.lines.slice(2), fleet)).toEqual([{ kind: 'folder', folder: 'orders', to: other }])
  expect(compare(snap({}, folder(one)), snap({}, folder(other, { ahead: 1 }))).leftOut[0]?.why).toContain('push first')
  expect(compare(snap({}), snap({}, folder(other))).leftOut[0]?.why).toContain('not tracked')
  expect(compare(snap({}, folder(one)), snap({}, folder('--upload-pack=x'))).leftOut[0]?.why).toContain(
    'cannot be named',
  )
})
