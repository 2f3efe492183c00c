import { beforeAll, describe, expect, test } from 'vitest'
import type { PatchPart, Proposal } from '../../shared/contract/index.ts'
import { isAtLeast } from '../runtimes/runtimes.ts'
import { classOf, isAtLeastClass } from './class-of.ts'
import { commandsIn } from './command-words.ts'
import { sha256Of } from './hash.ts'
import { type ProposeParts, propose } from './propose.ts'
import { loadParser } from './read-code.ts'

let parse: ProposeParts['parse']
beforeAll(async () => {
  parse = await loadParser()
})

/** What files of a patch need, by their text. */
function proposalOf(files: Record<string, string>, more: readonly PatchPart[] = []): Proposal {
  const contents = new Map(Object.values(files).map((text) => [sha256Of(Buffer.from(text)), Buffer.from(text)]))
  const part: PatchPart = {
    kind: 'files',
    files: Object.entries(files).map(([path, text]) => ({
      path,
      sha256: sha256Of(Buffer.from(text)),
      bytes: Buffer.byteLength(text),
      mode: '0644',
      back: 'restore',
    })),
  }
  return propose([...(part.files.length > 0 ? [part] : []), ...more], {
    contentOf: (sha256) => contents.get(sha256) ?? null,
    parse,
    nodeFor: (version) => (version === '2026.9.6' ? '>=24.16.0' : null),
    knownIn: (setting) =>
      setting.join('.') === 'gateway.new'
        ? { has: ['2026.9.6', '2026.9.5'], lacks: ['2026.6.11'] }
        : { has: ['2026.9.6', '2026.6.11'], lacks: [] },
    isAtLeast,
  })
}
const needsOf = (...asked: Parameters<typeof proposalOf>) => proposalOf(...asked).needs.map(({ need }) => need)

describe('what code asks for', () => {
  test.each<[string, unknown[]]>([
    ['import x, { a as b } from "sheets"', [{ kind: 'module', name: 'sheets', exports: ['a', 'default'] }]],
    ['import * as x from "@acme/sheets/deep"', [{ kind: 'module', name: '@acme/sheets/deep', exports: [] }]],
    [
      'export { a } from "sheets"; export * from "more"',
      [
        { kind: 'module', name: 'sheets', exports: ['a'] },
        { kind: 'module', name: 'more', exports: [] },
      ],
    ],
    ['const { one, two: x } = require("sheets")', [{ kind: 'module', name: 'sheets', exports: ['one', 'two'] }]],
    ['const { one } = await import("sheets")', [{ kind: 'module', name: 'sheets', exports: ['one'] }]],
    ['if (x) { import("late").then(run) }', [{ kind: 'module', name: 'late', exports: [] }]],
    // Every Node has these.
    ['import fs from "node:fs/promises"; import path from "path"', []],
    ['import { DatabaseSync } from "node:sqlite"', [{ kind: 'node', range: '>=22.5.0' }]],
    ['import "./lib/other.mjs"', [{ kind: 'file', path: 'skills/orders/lib/other.mjs' }]],
    ['import { execFile as go } from "node:child_process"; go("imsg", [])', [{ kind: 'command', name: 'imsg' }]],
    [
      'const cp = require("child_process"); cp.exec("jq . x | grep y && cd z")',
      [
        { kind: 'command', name: 'jq' },
        { kind: 'command', name: 'grep' },
      ],
    ],
    // Neither is a program that is started.
    ['regex.exec("imsg"); db.exec("select 1")', []],
    ['// import "nothing"\nconst text = `import "nothing"`', []],
  ])('%s', (code, needs) => expect(needsOf({ 'skills/orders/run.mjs': code })).toEqual(needs))

  test('types are no need, in TypeScript', () =>
    expect(
      needsOf({
        'skills/a/run.ts': 'import type { A } from "a"; import { type B, c } from "b"; export type D = A & B; c()',
      }),
    ).toEqual([{ kind: 'module', name: 'b', exports: ['c'] }]))

  test('each line says what said so; one module is one line with all names that are taken of it', () =>
    expect(
      proposalOf({
        'skills/a/one.mjs': '\nimport { a } from "sheets"',
        'skills/a/two.mjs': 'import { b } from "sheets"',
      }).needs,
    ).toEqual([
      { need: { kind: 'module', name: 'sheets', exports: ['a', 'b'] }, from: 'skills/a/one.mjs, line 2, and 1 more' },
    ]))

  test('what the patch brings itself is no need', () =>
    expect(needsOf({ 'skills/a/run.mjs': 'import "./lib"', 'skills/a/lib/index.js': 'export default 1' })).toEqual([]))

  test.each([
    ['skills/a/run.mjs', 'import { from "x"', /no code that can be read/],
    ['skills/a/run.mjs', 'const name = "x"\nrequire(name)', /made up as it runs on line 2/],
    ['skills/a/run.mjs', 'import "../../../etc.mjs"', /outside of the workspace/],
    ['skills/a/run.mjs', 'import "https://a.example/x.mjs"', /not looked for/],
    ['skills/a/run.sh', 'jq .', /Only JavaScript/],
    ['skills/a/SKILL.md', '---\nname: a\nname: b\n---\n', /head cannot be read, line 3/],
    ['skills/a/SKILL.md', '---\nmetadata: {openclaw: {requires: {env: [API_KEY]}}}\n---\n', /variable API_KEY/],
  ])('%s that cannot be read whole is named: %j', (path, text, why) => {
    const { unread } = proposalOf({ [path]: text })
    expect(unread).toEqual([{ path, why: expect.stringMatching(why) }])
  })

  test('a skill says itself what it requires', () =>
    expect(
      needsOf({
        'skills/a/SKILL.md':
          '---\nname: a\nmetadata: {"openclaw": {"requires": {"bins": ["uv", "ffmpeg"], "config": ["browser.enabled"]}}}\n---\nText.',
      }),
    ).toEqual([
      { kind: 'command', name: 'uv' },
      { kind: 'command', name: 'ffmpeg' },
      { kind: 'setting', path: 'raw.openclaw.browser.enabled' },
    ]))
})

describe('what other parts ask for', () => {
  const overlay = (set: Record<string, string>): PatchPart => ({
    kind: 'overlay',
    layer: { kind: 'fleet', key: '' },
    set,
    reset: [],
  })
  test('a setting that not every known version has names the oldest from which all have it', () =>
    expect(proposalOf({}, [overlay({ 'raw.openclaw.gateway.new': 'x' })]).needs).toEqual([
      { need: { kind: 'setting', path: 'raw.openclaw.gateway.new' }, from: expect.any(String) },
      { need: { kind: 'runtime', range: '>=2026.9.5' }, from: expect.stringContaining('not in 2026.6.11') },
    ]))
  test('settings of a plugin need the plugin', () =>
    expect(needsOf({}, [overlay({ 'raw.openclaw.plugins.entries.imap.enabled': 'x' })])).toContainEqual({
      kind: 'plugin',
      name: 'imap',
    }))
  test('an update needs the Node of that version, and says where nobody knows it', () => {
    expect(needsOf({}, [{ kind: 'update', from: 'package', to: '2026.9.6' }])).toEqual([
      { kind: 'node', range: '>=24.16.0' },
      { kind: 'disk', bytes: 1e9 },
    ])
    expect(proposalOf({}, [{ kind: 'update', from: 'package', to: '2026.9.9' }]).unread).toHaveLength(1)
  })
  test('a command and its way back need their programs', () =>
    expect(
      needsOf({}, [
        {
          kind: 'command',
          run: 'FOO=1 sudo -n launchctl stop x; cd /tmp',
          undo: { kind: 'run', run: 'brew services list' },
          deadlineS: 60,
        },
      ]),
    ).toEqual([
      { kind: 'command', name: 'sudo' },
      { kind: 'command', name: 'launchctl' },
      { kind: 'command', name: 'brew' },
    ]))
})

test.each([
  ['jq . <a >b 2>&1', ['jq']],
  ['if test -f x; then grep "a; b" x; fi', ['grep']],
  ["echo 'rm x' | tee -a y", ['tee']],
  ['$HOME/bin/x && "quoted name"', []],
  ['nice -n 5 tar czf a b', ['nice', 'tar']],
  ['sudo -u dana -n launchctl list', ['sudo', 'launchctl']],
  ['(cd a && make)', ['make']],
])('programs in %s', (line, names) => expect(commandsIn(line)).toEqual(names))

describe('the class of a patch is the least that what it touches allows', () => {
  const fleet = { kind: 'fleet', key: '' } as const
  const setting = (path: string): PatchPart => ({ kind: 'overlay', layer: fleet, set: { [path]: 1 }, reset: [] })
  const file = (path: string): PatchPart => ({
    kind: 'files',
    files: [{ path, sha256: null, bytes: 0, mode: '0644', back: 'restore' }],
  })
  test.each<[PatchPart, string]>([
    [setting('sections.logging.level'), 'neutral'],
    [setting('sections.model.primary'), 'behavioural'],
    [setting('sections.heartbeat.everyMinutes'), 'behavioural'],
    [setting('sections.channels.telegram/default.people'), 'security'],
    [setting('sections.channels.telegram/default.enabled'), 'behavioural'],
    [setting('sections.channels.telegram/default'), 'behavioural'],
    [setting('raw.openclaw.gateway.bind'), 'security'],
    [setting('raw.openclaw.channels.telegram.allowFrom'), 'security'],
    [setting('raw.openclaw.channels.telegram.accounts.b.dmPolicy'), 'security'],
    [setting('raw.openclaw.channels.telegram.systemPrompt'), 'behavioural'],
    [setting('raw.openclaw.somethingNobodyKnows'), 'behavioural'],
    [file('SOUL.md'), 'behavioural'],
    [file('skills/a/run.mjs'), 'fix'],
    [{ kind: 'update', from: 'package', to: '2026.9.6' }, 'fix'],
    [{ kind: 'command', run: 'x', undo: { kind: 'none', typed: 'cannot be undone' }, deadlineS: 1 }, 'fix'],
  ])('%j', (part, least) => expect(classOf([part]).class).toBe(least))
  test('of several the most careful; what resets a value counts as what sets it', () => {
    const reset: PatchPart = { kind: 'overlay', layer: fleet, set: {}, reset: ['sections.model'] }
    expect(classOf([setting('sections.logging.level'), reset])).toEqual({
      class: 'behavioural',
      because: ['sections.model decides how the agent behaves'],
    })
  })
  test('it is raised, never lowered', () =>
    expect([
      isAtLeastClass('behavioural', 'fix'),
      isAtLeastClass('fix', 'fix'),
      isAtLeastClass('security', 'behavioural'),
    ]).toEqual([true, true, false]))
})
