import { expect, test } from 'vitest'
import { Fault, type FaultCode } from './contract/index.ts'
import { faultText } from './fault-text.ts'

const boxName = 'Peak Realty'
/** One of each, as an operator meets it. */
const one: { [Code in FaultCode]: Extract<Fault, { code: Code }> } = {
  'name-not-found': { code: 'name-not-found', boxName, host: 'peak.example' },
  refused: { code: 'refused', boxName, host: 'peak.example', port: 22 },
  'timed-out': { code: 'timed-out', boxName, phase: 'banner', afterMs: 20_000 },
  'network-unreachable': { code: 'network-unreachable', boxName, host: '192.0.2.7' },
  'connection-lost': { code: 'connection-lost', boxName, detail: 'read ECONNRESET' },
  'not-ssh': { code: 'not-ssh', boxName, detail: 'HTTP/1.1 400 Bad Request' },
  'no-common-algorithm': { code: 'no-common-algorithm', boxName, detail: 'no matching key exchange algorithm' },
  'key-not-trusted': { code: 'key-not-trusted', boxName, offered: 'SHA256:abc' },
  'key-changed': { code: 'key-changed', boxName, pinned: 'SHA256:abc', offered: 'SHA256:def' },
  'auth-refused': {
    code: 'auth-refused',
    boxName,
    user: 'dana',
    offered: ['id_ed25519 (SHA256:abc)', 'password'],
    accepted: ['publickey'],
  },
  'key-file-unreadable': { code: 'key-file-unreadable', boxName, path: '~/.ssh/id_ed25519', why: 'passphrase-needed' },
  'agent-unavailable': { code: 'agent-unavailable', boxName, detail: 'it holds no keys' },
  'hop-failed': {
    code: 'hop-failed',
    boxName,
    hopName: 'Gate',
    cause: 'Gate is there but takes no SSH connection on port 22.',
  },
  'too-many-sessions': { code: 'too-many-sessions', boxName },
  'no-terminal': { code: 'no-terminal', boxName, detail: 'Unable to request a pseudo-terminal' },
  'no-node': { code: 'no-node', boxName, tried: ['node', '/usr/bin/node'] },
  'node-too-old': { code: 'node-too-old', boxName, found: '12.22.12', needed: '18' },
  'program-crashed': { code: 'program-crashed', boxName, exitCode: 1, signal: null, lastLines: 'out of memory' },
  'answer-not-understood': { code: 'answer-not-understood', boxName, detail: 'machine.home: expected text' },
  'answer-too-large': { code: 'answer-too-large', boxName, limitBytes: 8_000_000 },
  'rule-broken': {
    code: 'rule-broken',
    problems: [{ ruleId: 'no-wildcard', place: 'raw.channels', sentence: '"*" stands for everyone.' }],
  },
  cancelled: { code: 'cancelled', what: 'sweep' },
  'not-found': { code: 'not-found', what: 'machine' },
  'already-exists': { code: 'already-exists', what: 'machine', name: boxName },
  'invalid-input': { code: 'invalid-input', field: 'Port', detail: 'A number from 1 to 65535.' },
  'invalid-regex': { code: 'invalid-regex', at: 4, detail: 'nothing to repeat' },
  'changed-meanwhile': { code: 'changed-meanwhile', what: 'Layer Fleet', detail: 'revision 4 of today 08:05' },
  'in-use': { code: 'in-use', what: 'machine', by: 'Till' },
  'read-only': { code: 'read-only', detail: 'it was started with --read-only' },
  'no-way-back': { code: 'no-way-back', boxName, why: 'The drill was never run.' },
  'on-hold': { code: 'on-hold', clientName: 'Peak Realty', until: 'Friday 18:00', reason: 'audit' },
  'plan-stale': { code: 'plan-stale', boxName, why: 'its config changed since' },
  guarded: { code: 'guarded', what: 'warmer-tone', why: 'Nobody said yet who asked for it.', untilMs: null },
  'locked-by-other': { code: 'locked-by-other', holder: 'the window, process 4711' },
  'disk-full': { code: 'disk-full', path: '/home/dana/.wheelhouse' },
  'data-folder-unusable': { code: 'data-folder-unusable', path: '/mnt/stick/fleet', why: 'its disk can only be read' },
  'store-newer': { code: 'store-newer', found: 9, known: 6 },
  'store-damaged': { code: 'store-damaged', setAside: 'wheelhouse.damaged.db', newestBackup: null },
  internal: { code: 'internal', reference: 'k3j9' },
}

test.each(Object.values(one))('$code is said plainly, with a next step', (fault) => {
  const { sentence, nextStep } = faultText(Fault.parse(fault))
  for (const text of [sentence, nextStep]) {
    expect(text).toMatch(/^[A-Z"~/].*\S[.:?]?/)
    expect(text).not.toMatch(/please|oops|successful|something went wrong|undefined|null|NaN|!|\bbox\b/i)
    if (fault.code !== 'read-only') expect(text).not.toContain(fault.code)
  }
  expect(nextStep).toMatch(/\.$/)
  if ('boxName' in fault && fault.code !== 'key-changed') expect(sentence + nextStep).toContain(boxName)
})

test('a changed key is said in the words the operator was promised', () => {
  expect(faultText(one['key-changed']).sentence).toBe(
    'This machine shows another key than the one you trusted. Nothing is sent until someone there reads you its fingerprint.',
  )
})

test('a refused login names what was offered and what the machine takes', () => {
  expect(faultText(one['auth-refused']).sentence).toBe(
    'Peak Realty does not let “dana” in. Offered: id_ed25519 (SHA256:abc) and password. It takes: publickey.',
  )
  expect(faultText({ ...one['auth-refused'], offered: [], accepted: [] }).sentence).toBe(
    'Peak Realty does not let “dana” in. Nothing was offered.',
  )
})

test('each phase of a silence has its own words', () => {
  const phases = ['connect', 'banner', 'handshake', 'auth', 'channel', 'answer'] as const
  const sentences = phases.map((phase) => faultText({ ...one['timed-out'], phase }).sentence)
  expect(new Set(sentences).size).toBe(phases.length)
  expect(sentences[1]).toBe('Peak Realty did not answer within 20 s: it took the connection and said nothing.')
  expect(faultText({ ...one['timed-out'], afterMs: 1540 }).sentence).toContain('within 1.5 s')
})

test('a damaged file that was only read is not said to have been moved', () => {
  expect(faultText({ code: 'store-damaged', setAside: null, newestBackup: '/data/backups/a.db' })).toEqual({
    sentence: 'The data file is damaged. It was opened for reading only, so it stands where it was, unchanged.',
    nextStep: 'Start Wheelhouse without read-only: it sets the file aside and offers the backup /data/backups/a.db.',
  })
})
