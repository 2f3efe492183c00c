import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { systemClock } from '../base/clock.ts'
import { silentLog } from '../base/log.ts'
import type { Secret } from '../base/secret.ts'
import { createOnbox } from '../onbox/onbox.ts'
import type { Vault } from '../ssh/vault.ts'
import { startSshFault } from '../testing/fault-server.ts'
import { sshLab } from '../testing/ssh-lab.ts'
import { makeKey, type SshdBox, startSshdBox } from '../testing/sshd-box.ts'
import { createOnboarding, type OnboardingParts } from './onboarding.ts'

const boxProgramsDir = path.resolve('out/box')
let dir: string
let box: SshdBox
beforeAll(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'wheelhouse-enrol-'))
  await makeKey(path.join(dir, 'locked'), { passphrase: 'open sesame' })
  box = await startSshdBox({
    env: { PATH: process.env.PATH! },
    authorizedKeys: [await readFile(path.join(dir, 'locked.pub'), 'utf8')],
  })
})
afterAll(async () => {
  await box.stop()
  await rm(dir, { recursive: true, force: true })
})

/** A keychain that holds what it is given. */
function openVault(): Vault & { kept: Map<string, Secret> } {
  const kept = new Map<string, Secret>()
  return {
    kept,
    available: true,
    why: '',
    get: async (name) => kept.get(name) ?? null,
    set: async (name, secret) => void kept.set(name, secret),
    remove: async (name) => void kept.delete(name),
  }
}

function setUp(options: Partial<OnboardingParts> = {}) {
  const vault = openVault()
  const lab = sshLab({ vault })
  const onbox = createOnbox({
    ssh: lab.ssh,
    inventory: lab.inventory,
    clock: systemClock,
    log: silentLog,
    boxProgramsDir,
  })
  const probed: string[] = []
  const onboarding = createOnboarding({
    ...lab,
    onbox,
    vault,
    log: silentLog,
    actor: 'operator',
    deadlineMs: () => 20_000,
    sweepOne: async (boxId, signal) => {
      const request = {
        fingerprintKey: lab.inventory.fingerprintKey(boxId),
        testHandles: [],
        validate: false,
        ownCommandMs: 20_000,
        stateDirs: [],
        entries: [],
        folders: [],
      }
      const { machine } = await onbox.probe(boxId, request, { deadlineMs: 20_000, signal })
      probed.push(machine.home)
    },
    ...options,
  })
  return {
    ...lab,
    onboarding,
    vault,
    probed,
    kinds: () => lab.ledger.entries({ limit: 1 }).map(({ kind }) => kind),
    [Symbol.dispose]() {
      onbox.close()
      lab[Symbol.dispose]()
    },
  }
}

test('from an accepted key to the first facts, each step with what it found', async () => {
  using lab = setUp()
  const there = await lab.enrol(box)
  const seen: string[] = []
  lab.changes.subscribe((topics) => {
    if (topics.includes('trust'))
      seen.push(
        lab.onboarding
          .enrolProgress(there.boxId)
          .map(({ state }) => state)
          .join(' '),
      )
  })
  const { steps, enrolled } = await lab.onboarding.enrol({ boxId: there.boxId })
  expect(steps.map(({ step, state }) => `${step} ${state}`)).toEqual([
    'reach ok',
    'host-key ok',
    'login ok',
    'node ok',
    'probe ok',
  ])
  expect(enrolled).toBe(true)
  expect(steps.find(({ step }) => step === 'host-key')!.detail).toBe(
    `${lab.ssh.trust(there.boxId).pin!.fingerprint}, accepted by a test.`,
  )
  expect(steps.find(({ step }) => step === 'node')!.detail).toMatch(/^Node \d+\.\d+\.\d+, started as \S/)
  expect(lab.inventory.box(there.boxId).launcher).not.toBeNull()
  expect(lab.probed).toEqual([box.home])
  expect(lab.onboarding.enrolProgress(there.boxId)).toEqual(steps)
  expect(seen).toContain('ok ok working waiting waiting')
  expect(lab.kinds()).toEqual(['box.enrolled'])
})

test('without an accepted key it stops there, naming the fingerprint; nothing was sent', async () => {
  using lab = setUp()
  const there = lab.add({ ...box, auth: { kind: 'key', path: box.keyPath } })
  const { steps, enrolled } = await lab.onboarding.enrol({ boxId: there.boxId })
  expect(steps.map(({ state }) => state)).toEqual(['ok', 'failed', 'waiting', 'waiting', 'waiting'])
  expect(steps[1]!.detail).toContain((await lab.ssh.offeredKey(there.boxId, { deadlineMs: 20_000 })).fingerprint)
  expect(enrolled).toBe(false)
  expect(lab.kinds()).toEqual(['box.enrolment-failed'])
})

test("a key that changed since is the host key's failure, not the login's", async () => {
  const changing = await startSshdBox()
  using lab = setUp()
  const there = await lab.enrol(changing)
  await changing.rotateHostKey()
  const { steps } = await lab.onboarding.enrol({ boxId: there.boxId })
  expect(steps.map(({ state }) => state)).toEqual(['ok', 'failed', 'waiting', 'waiting', 'waiting'])
  expect(steps[1]!.detail).toContain('another key than the one you trusted')
  await changing.stop()
})

test('a passphrase opens the key once, and is kept when that is wished', async () => {
  using lab = setUp()
  const keyPath = path.join(dir, 'locked')
  const there = await lab.enrol({ ...box, keyPath })
  const stopped = await lab.onboarding.enrol({ boxId: there.boxId })
  expect(stopped.steps.find(({ step }) => step === 'login')).toMatchObject({
    state: 'failed',
    detail: expect.stringContaining('locked by a passphrase'),
  })
  const wrong = await lab.onboarding.enrol({ boxId: there.boxId, passphrase: 'guess', rememberPassphrase: true })
  expect(wrong.enrolled).toBe(false)
  expect(lab.vault.kept.size).toBe(0)
  const { steps, enrolled } = await lab.onboarding.enrol({
    boxId: there.boxId,
    passphrase: 'open sesame',
    rememberPassphrase: true,
  })
  expect(enrolled).toBe(true)
  expect(JSON.stringify(steps)).not.toContain('sesame')
  expect([...lab.vault.kept].map(([name, secret]) => [name, secret.reveal()])).toEqual([
    [`passphrase:${keyPath}`, 'open sesame'],
  ])
})

test('a password that is refused names what was tried', async () => {
  const server = await startSshFault({ onLogin: (attempt) => attempt.reject(['password']) })
  using lab = setUp()
  const there = await lab.enrol({ ...box, port: server.port }, { auth: { kind: 'password' } })
  const { steps } = await lab.onboarding.enrol({ boxId: there.boxId, password: 'wrong' })
  const login = steps.find(({ step }) => step === 'login')!
  expect(login).toMatchObject({ state: 'failed', detail: expect.stringContaining('Offered: password.') })
  expect(JSON.stringify(steps)).not.toContain('wrong')
  await server.stop()
})

test('a jump host alone needs no Node; the box behind it names its way', async () => {
  using lab = setUp()
  const gate = await lab.enrol(box, { name: 'Gate', jumpOnly: true })
  const alone = await lab.onboarding.enrol({ boxId: gate.boxId })
  expect(alone).toMatchObject({ enrolled: true, steps: [{ step: 'reach' }, { step: 'host-key' }, { step: 'login' }] })
  const there = await lab.enrol(box, { hops: [gate.boxId] })
  const { steps, enrolled } = await lab.onboarding.enrol({ boxId: there.boxId })
  expect(enrolled).toBe(true)
  expect(steps[0]).toMatchObject({ step: 'hops', state: 'ok', detail: 'Through Gate.' })
})

test('a machine on which nothing runs fails at Node, after the login', async () => {
  const bare = await startSshdBox({ config: ['ForceCommand /bin/false'] })
  using lab = setUp()
  const there = await lab.enrol(bare)
  const { steps } = await lab.onboarding.enrol({ boxId: there.boxId })
  expect(steps.map(({ state }) => state)).toEqual(['ok', 'ok', 'ok', 'failed', 'waiting'])
  expect(lab.inventory.box(there.boxId).launcher).toBeNull()
  await bare.stop()
})

test('cancelled in the middle it ends at once, and the next run begins anew', async () => {
  const server = await startSshFault({ onLogin: () => stop.abort() })
  const stop = new AbortController()
  using lab = setUp()
  const there = await lab.enrol({ ...box, port: server.port })
  await expect(lab.onboarding.enrol({ boxId: there.boxId }, stop.signal)).rejects.toMatchObject({
    fault: { code: 'cancelled' },
  })
  await server.stop()
  const again = await lab.onboarding.enrol({ boxId: there.boxId })
  expect(again.steps[0]).toMatchObject({ step: 'reach', state: 'failed' })
})

test.each(['cancel', 'close'] as const)('%s ends an enrolment that waits, whoever called it', async (how) => {
  const server = await startSshFault({ onLogin: () => {} })
  using lab = setUp()
  const there = await lab.enrol({ ...box, port: server.port })
  const hanging = lab.onboarding.enrol({ boxId: there.boxId })
  const ended = expect(hanging).rejects.toMatchObject({ fault: { code: 'cancelled' } })
  await expect
    .poll(() => lab.onboarding.enrolProgress(there.boxId).find(({ step }) => step === 'login')?.state)
    .toBe('working')
  await (how === 'cancel' ? lab.onboarding.cancel(there.boxId) : lab.onboarding.close())
  await ended
  await server.stop()
})

test('a second call joins the running enrolment', async () => {
  using lab = setUp()
  const there = await lab.enrol(box)
  const [first, second] = await Promise.all([
    lab.onboarding.enrol({ boxId: there.boxId }),
    lab.onboarding.enrol({ boxId: there.boxId }),
  ])
  expect(second).toBe(first)
  expect(lab.probed).toHaveLength(1)
})

test('a call that brings a secret takes the place of one that waits in vain', async () => {
  const server = await startSshFault({
    onLogin: (attempt) => attempt.method === 'password' && attempt.reject(['password']),
  })
  using lab = setUp()
  const there = await lab.enrol({ ...box, port: server.port }, { auth: { kind: 'password' } })
  const hanging = lab.onboarding.enrol({ boxId: there.boxId })
  const cancelled = expect(hanging).rejects.toMatchObject({ fault: { code: 'cancelled' } })
  await expect
    .poll(() => lab.onboarding.enrolProgress(there.boxId).find(({ step }) => step === 'login')?.state)
    .toBe('working')
  const other = lab.onboarding.enrol({ boxId: there.boxId, password: 'x' })
  await cancelled
  lab.ssh.drop()
  await server.stop()
  expect((await other).enrolled).toBe(false)
})
