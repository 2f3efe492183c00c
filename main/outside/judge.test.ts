import { expect, test } from 'vitest'
import { got, notRead, sampleDoor, sampleGit, sampleInstall, sampleKey } from '../testing/observed-sample.ts'
import {
  agentId,
  beforeMs,
  changedMs,
  changes,
  config,
  keys,
  plist,
  type Said,
  tools,
  users,
  version,
  write,
} from '../testing/outside-lab.ts'
import { assessOutside } from './assess.ts'
import { kept } from './compare.ts'
import type { NewChange } from './judge.ts'

test.each<[string, Said, Said, [string, string, string][]]>([
  ['nothing', {}, {}, []],
  [
    'two settings',
    { agent: config({ gateway: { bind: 'loopback' }, tools: {} }) },
    { agent: config({ gateway: { bind: 'lan' }, tools: { profile: 'full' } }) },
    [['config', 'attention', '2 settings changed: gateway.bind, tools.profile']],
  ],
  [
    "the runtime's own stamps",
    { agent: config({ meta: { at: 1 }, a: 1 }, { fingerprint: 'same' }) },
    { agent: config({ meta: { at: 2 }, a: 1 }, { fingerprint: 'same' }) },
    [],
  ],
  [
    'a config too large to keep',
    { agent: config({}, { fingerprint: 'one', redacted: '' }) },
    { agent: config({}, { fingerprint: 'two', redacted: '' }) },
    [['config', 'attention', 'Its config changed; it is too large to tell what']],
  ],
  [
    'a config that was broken',
    { agent: config({ a: 1 }) },
    { agent: config({}, { parses: false, sha256: 'broken' }) },
    [['config', 'attention', 'Its config was edited and cannot be read as settings now']],
  ],
  [
    'a config nobody could read any more',
    { agent: config({ a: 1 }) },
    { agent: { config: notRead('permission denied') } },
    [],
  ],
  [
    'a person let in by a pairing code',
    {},
    { agent: { doors: got([sampleDoor({ listed: ['+13105550101', '+13105550199'], listedTotal: 2 })]) } },
    [['access', 'red', 'It answers more people: imessage/default']],
  ],
  [
    'a person taken out',
    {},
    { agent: { doors: got([sampleDoor({ listed: [], listedTotal: 0 })]) } },
    [['access', 'attention', 'Who it answers changed: imessage/default']],
  ],
  [
    'a setting that lets everyone in is one change, and red',
    { agent: config({ allowFrom: ['+1'] }) },
    { agent: { ...config({ allowFrom: ['*'] }), doors: got([sampleDoor({ direct: 'everyone' })]) } },
    [['config', 'red', '1 setting changed: allowFrom; it answers more people now']],
  ],
  [
    'a new version that no update wrote down',
    {},
    { agent: version('2026.9.7') },
    [['code', 'attention', 'Its code: version 2026.9.6 → 2026.9.7']],
  ],
  [
    'the own update, with what it rewrote',
    { agent: { ...config({ a: 1, b: 1, c: 1 }), ...plist('v9.6') } },
    {
      agent: {
        ...config({ a: 2, b: 2, c: 2 }),
        ...plist('v9.7'),
        ...version('2026.9.7'),
        configWrites: got([write('openclaw doctor --fix'), write('openclaw update --yes')]),
      },
    },
    [['update', 'listed', 'Updated itself 2026.9.6 → 2026.9.7, and changed 3 settings while doing so']],
  ],
  [
    'an update that was switched off',
    { agent: config({ update: { auto: { enabled: false } } }) },
    {
      agent: {
        ...config({ update: { auto: { enabled: false } } }),
        ...version('2026.9.7'),
        configWrites: got([write('openclaw update --yes')]),
      },
    },
    [['update', 'attention', 'Updated 2026.9.6 → 2026.9.7 although automatic updates are off']],
  ],
  [
    'an update by itself that writes no config',
    { agent: config({ update: { auto: { enabled: true } } }) },
    { agent: { ...config({ update: { auto: { enabled: true } } }), ...version('2026.9.7') } },
    [['update', 'listed', 'Updated itself 2026.9.6 → 2026.9.7']],
  ],
  [
    'an update that opened a door',
    { agent: config({ a: 1 }) },
    {
      agent: {
        ...config({ a: 2 }),
        ...version('2026.9.7'),
        doors: got([sampleDoor({ direct: 'pairing-code' })]),
        configWrites: got([write('openclaw update --yes')]),
      },
    },
    [
      [
        'update',
        'red',
        'Updated itself 2026.9.6 → 2026.9.7, and changed 1 setting while doing so; it answers more people now',
      ],
    ],
  ],
  [
    'an update while somebody else wrote too hides nothing of theirs',
    { agent: config({ a: 1 }) },
    {
      agent: {
        ...config({ a: 2 }),
        ...version('2026.9.7'),
        configWrites: got([write('openclaw config set', ['/Users/kevin']), write('openclaw update --yes')]),
      },
    },
    [
      ['update', 'listed', 'Updated itself 2026.9.6 → 2026.9.7'],
      ['config', 'attention', '1 setting changed: a'],
    ],
  ],
  [
    'a commit that moved',
    {
      agent: {
        install: got(sampleInstall({ kind: 'git', git: got(sampleGit(beforeMs, { commit: 'a'.repeat(40) })) })),
      },
    },
    {
      agent: {
        install: got(sampleInstall({ kind: 'git', git: got(sampleGit(beforeMs, { commit: 'b'.repeat(40) })) })),
      },
    },
    [['code', 'attention', 'Its code: commit aaaaaaaaaaaa → bbbbbbbbbbbb']],
  ],
  [
    'an edited file of the package',
    {},
    { agent: { patchedFiles: got({ by: 'hashes' as const, files: ['dist/run.js'] }) } },
    [['code', 'attention', '1 file of its code edited: dist/run.js']],
  ],
  [
    'a skill',
    {
      agent: {
        ownFiles: got({
          files: [{ path: 'skills/x/SKILL.md', sha256: 'a' }],
          total: 1,
          digest: 'a',
          modifiedAtMs: beforeMs,
        }),
      },
    },
    {
      agent: {
        ownFiles: got({
          files: [{ path: 'skills/x/SKILL.md', sha256: 'b' }],
          total: 1,
          digest: 'b',
          modifiedAtMs: changedMs,
        }),
      },
    },
    [['own-files', 'attention', '1 file of its workspace changed: skills/x/SKILL.md']],
  ],
  [
    'a service file',
    { agent: plist('<a/>', '<b/>') },
    { agent: plist('<a/>', '<c/>') },
    [['service', 'attention', 'Its service file changed']],
  ],
  [
    'a service file that is gone',
    { agent: plist('<a/>') },
    { agent: { unit: got({ file: '', modifiedAtMs: null, ownerUid: -1, text: '' }) } },
    [['service', 'attention', 'Its service file is gone: nothing would start it again']],
  ],
  [
    'a new login key',
    { people: keys('operator') },
    { people: keys('operator', 'kevin@laptop') },
    [['authorized-keys', 'red', '1 new login key: kevin@laptop']],
  ],
  [
    'a login key removed',
    { people: keys('operator', 'old') },
    { people: keys('operator') },
    [['authorized-keys', 'attention', '1 login key removed: old']],
  ],
  [
    'a file of keys nobody may read now',
    { people: keys('operator') },
    {
      people: {
        authorizedKeys: [
          { file: '/Users/dana/.ssh/authorized_keys', user: 'dana', keys: notRead('permission denied') },
        ],
      },
    },
    [],
  ],
  [
    'a file of keys that can be read for the first time',
    {
      people: {
        authorizedKeys: [
          { file: '/Users/lena/.ssh/authorized_keys', user: 'lena', keys: notRead('permission denied') },
        ],
      },
    },
    {
      people: {
        authorizedKeys: [
          {
            file: '/Users/lena/.ssh/authorized_keys',
            user: 'lena',
            keys: got({ list: [sampleKey('x')], total: 1, digest: 'x', modifiedAtMs: null, ownerUid: 502 }),
          },
        ],
      },
    },
    [],
  ],
  [
    'a new user who brings a key along',
    { people: users(['dana', 501, true]) },
    {
      people: {
        ...users(['dana', 501, true], ['kevin', 502]),
        authorizedKeys: [
          ...(keys('operator').authorizedKeys ?? []),
          ...(keys('kevin').authorizedKeys ?? []).map((file) => ({
            ...file,
            file: '/Users/kevin/.ssh/authorized_keys',
            user: 'kevin',
          })),
        ],
      },
    },
    [
      ['authorized-keys', 'red', '1 new login key: kevin'],
      ['users', 'attention', '1 new user: kevin'],
    ],
  ],
  [
    'a user nobody could list for once takes no key along',
    { people: { ...users(['dana', 501, true]), ...keys('operator') } },
    { people: { users: notRead('dscl gave no answer.'), authorizedKeys: [] } },
    [],
  ],
  [
    'a user who can be listed for the first time brings no key along',
    { people: { users: notRead('dscl gave no answer.'), authorizedKeys: [] } },
    { people: { ...users(['dana', 501, true]), ...keys('operator') } },
    [],
  ],
  [
    'another login sees other files',
    { people: keys('operator') },
    { people: keys('other'), machine: { user: 'kim' } },
    [],
  ],
  [
    'a new administrator',
    { people: users(['dana', 501, true]) },
    { people: users(['dana', 501, true], ['kevin', 502, true]) },
    [['users', 'red', '1 new administrator: kevin']],
  ],
  [
    'a user made administrator',
    { people: users(['kevin', 502]) },
    { people: users(['kevin', 502, true]) },
    [['users', 'red', '1 new administrator: kevin']],
  ],
  [
    'a user removed',
    { people: users(['dana', 501], ['kevin', 502]) },
    { people: users(['dana', 501]) },
    [['users', 'attention', '1 user removed: kevin']],
  ],
  ['users nobody can list any more', {}, { people: { users: notRead('dscl gave no answer.') } }, []],
  [
    'a way in from afar',
    {},
    { people: tools(['AnyDesk', 'control']) },
    [['remote-tools', 'red', '1 new way in from afar: AnyDesk']],
  ],
  [
    'a network it joined',
    {},
    { people: tools(['Tailscale', 'network']) },
    [['remote-tools', 'attention', '1 new way in from afar: Tailscale']],
  ],
  [
    'a tool that only started',
    { people: tools(['AnyDesk', 'control']) },
    { people: tools(['AnyDesk', 'control', true]) },
    [],
  ],
  [
    'a tool that is gone',
    { people: tools(['AnyDesk', 'control']) },
    { people: tools() },
    [['remote-tools', 'attention', '1 way in from afar gone: AnyDesk']],
  ],
  [
    'a tool that only ran, when nobody sees what runs',
    {
      people: {
        remoteTools: got({
          tools: [{ name: 'AnyDesk', kind: 'control', path: '', running: true, modifiedAtMs: null }],
          sawProcesses: true,
        }),
      },
    },
    { people: { remoteTools: got({ tools: [], sawProcesses: false }) } },
    [],
  ],
  [
    'a key of its own',
    {},
    {
      people: {
        loginKeys: got([{ name: 'id_ed25519', type: '', fingerprint: '', comment: '', modifiedAtMs: changedMs }]),
      },
    },
    [['login-keys', 'attention', '1 new key of its own: id_ed25519']],
  ],
  ['nobody was asked', { people: keys('operator') }, { people: null }, []],
])('%s', (_, before, after, told) => {
  expect(changes(before, after).map(({ part, weight, sentence }) => [part, weight, sentence])).toEqual(told)
})

test('a secret shows that it changed, and a line says where', () => {
  const [change] = changes(
    { agent: config({ gateway: { auth: { token: '#0123456789ab' } } }) },
    { agent: config({ gateway: { auth: { token: '#ba9876543210' } } }) },
  )
  expect(change?.diff).toEqual([{ path: 'gateway.auth.token', before: 'a secret', after: 'another secret' }])
})

test('what cannot be read for once is kept as it read before', () => {
  const file = { user: 'dana', keys: { list: [sampleKey('x')], total: 1, digest: 'x' } }
  const before = { login: 'dana', everyone: true, files: { a: file } }
  expect(
    kept('authorized-keys', before, { login: 'dana', everyone: true, files: { a: { user: 'dana', keys: null } } }),
  ).toEqual(before)
  expect(kept('authorized-keys', before, { login: 'dana', everyone: false, files: {} })).toEqual(before)
  const tool = { name: 'AnyDesk', kind: 'control', path: '', running: true }
  expect(kept('remote-tools', { sawProcesses: true, tools: [tool] }, { sawProcesses: false, tools: [] }).tools).toEqual(
    [tool],
  )
  const settings = { fingerprint: 'f', settings: { a: 1 }, brokenSha256: '' }
  expect(kept('config', settings, { fingerprint: '', settings: null, brokenSha256: 'b' })).toEqual({
    ...settings,
    brokenSha256: 'b',
  })
})

test('more lines than anybody reads are counted, not kept', () => {
  const many = Object.fromEntries(Array.from({ length: 900 }, (_, at) => [`s${at}`, at]))
  expect(changes({ agent: config({}) }, { agent: config(many) })[0]).toMatchObject({
    moreLines: 700,
    diff: { length: 200 },
  })
})

test('the finding counts settings alone, and tells edited code in the words of a change', () => {
  const opened = changes(
    { agent: config({ allowFrom: ['+1'] }) },
    { agent: { ...config({ allowFrom: ['*'] }), doors: got([sampleDoor({ direct: 'everyone' })]) } },
  )
  const edited = changes({}, { agent: { patchedFiles: got({ by: 'hashes', files: ['dist/reply-queue.mjs'] }) } })
  const troubleOf = (found: NewChange[]) => assessOutside(found as never).trouble
  expect([opened[0]?.diff.length, troubleOf(opened)?.sentence]).toEqual([
    2,
    expect.stringMatching(/^changed without you: 1 setting, /),
  ])
  expect([troubleOf(opened)?.tells, troubleOf(edited)?.tells]).toEqual([[], [{ cause: 'local-patches', agentId }]])
})
