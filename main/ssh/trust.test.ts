import { execFile } from 'node:child_process'
import { appendFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { sshLab } from '../testing/ssh-lab.ts'
import { type SshdBox, startSshdBox } from '../testing/sshd-box.ts'
import { createTrustHandlers } from './handlers.ts'

const run = promisify(execFile)
const deadlineMs = 20_000
let box: SshdBox
let dir: string
beforeAll(async () => {
  box = await startSshdBox()
  dir = await mkdtemp(path.join(tmpdir(), 'wheelhouse-trust-'))
})
afterAll(async () => {
  await box.stop()
  await rm(dir, { recursive: true, force: true })
})

const handlersOf = (lab: ReturnType<typeof sshLab>) =>
  createTrustHandlers({
    ssh: lab.ssh,
    inventory: lab.inventory,
    store: lab.store,
    homeDir: dir,
    deadlineMs: () => deadlineMs,
  })
const kinds = (lab: ReturnType<typeof sshLab>) =>
  lab.ledger
    .entries({ limit: 20 })
    .map((entry) => entry.kind)
    .filter((kind) => kind.startsWith('host-key.'))

test('the fingerprint shown is the one ssh-keygen prints', async () => {
  using lab = sshLab()
  const { boxId } = lab.add(box)
  const offered = await lab.ssh.offeredKey(boxId, { deadlineMs })
  await writeFile(path.join(dir, 'host.pub'), `ssh-ed25519 ${await box.hostKey()} x\n`)
  const { stdout } = await run('ssh-keygen', ['-l', '-f', path.join(dir, 'host.pub')])
  expect(offered).toEqual({
    boxId,
    algorithm: 'ssh-ed25519',
    key: await box.hostKey(),
    fingerprint: stdout.split(' ')[1],
  })
})

test('a person accepts the key they compared, once; the diary says so', async () => {
  using lab = sshLab()
  const handlers = handlersOf(lab)
  const { boxId } = lab.add(box)
  const { fingerprint } = await handlers.offeredKey({ boxId })
  const pin = await handlers.accept({ boxId, fingerprint })
  expect(pin).toMatchObject({ fingerprint, source: 'you, in this window' })
  expect(handlers.state({ boxId })).toEqual({ boxId, pin, changedTo: null })
  expect(kinds(lab)).toEqual(['host-key.accepted'])
})

test('another key than the compared one is refused and not pinned', async () => {
  using lab = sshLab()
  const handlers = handlersOf(lab)
  const { boxId } = lab.add(box)
  await expect(handlers.accept({ boxId, fingerprint: 'SHA256:nothing' })).rejects.toMatchObject({
    fault: { code: 'key-changed', pinned: 'SHA256:nothing' },
  })
  expect(handlers.state({ boxId }).pin).toBeNull()
})

test('a changed key stops everything for the box, for ever, until it is forgotten and accepted anew', async () => {
  const changing = await startSshdBox()
  using lab = sshLab()
  const handlers = handlersOf(lab)
  const there = await lab.enrol(changing)
  const { boxId } = there
  const before = lab.ssh.trust(boxId).pin!.fingerprint
  await changing.rotateHostKey()
  const refused = { fault: { code: 'key-changed', boxName: there.name, pinned: before } }
  await expect(lab.ssh.open(boxId, { deadlineMs })).rejects.toMatchObject(refused)
  await expect.poll(() => changing.sessions()).toEqual([])
  const { changedTo } = handlers.state({ boxId })
  expect(changedTo!.key).toBe(await changing.hostKey())
  await expect(lab.ssh.open(boxId, { deadlineMs })).rejects.toMatchObject({
    fault: { ...refused.fault, offered: changedTo!.fingerprint },
  })
  await expect(handlers.accept({ boxId, fingerprint: changedTo!.fingerprint })).rejects.toMatchObject(refused)
  expect(kinds(lab)).toEqual(['host-key.changed', 'host-key.accepted'])

  handlers.forget({ boxId })
  await expect(lab.ssh.open(boxId, { deadlineMs })).rejects.toMatchObject({
    fault: { code: 'key-not-trusted', offered: changedTo!.fingerprint },
  })
  await handlers.accept({ boxId, fingerprint: changedTo!.fingerprint })
  expect(await lab.run(there, 'echo back')).toMatchObject({ stdout: 'back\n' })
  expect(kinds(lab)).toEqual(['host-key.accepted', 'host-key.forgotten', 'host-key.changed', 'host-key.accepted'])
  await changing.stop()
})

test('forgetting a key closes the connections that stood on it', async () => {
  using lab = sshLab()
  const there = await lab.enrol(box)
  const connection = await lab.ssh.open(there.boxId, { deadlineMs })
  lab.ssh.forget(there.boxId)
  await expect.poll(() => connection.closed).toBe(true)
})

test('a box with several host keys is held to the pinned one', async () => {
  await run('ssh-keygen', ['-q', '-t', 'ecdsa', '-N', '', '-f', path.join(dir, 'ecdsa')])
  const two = await startSshdBox({ config: [`HostKey ${path.join(dir, 'ecdsa')}`] })
  using lab = sshLab()
  const there = lab.add({ ...two, auth: { kind: 'key', path: two.keyPath } })
  const text = (await run('ssh-keyscan', ['-t', 'ecdsa', '-p', String(two.port), two.host])).stdout
  const handlers = handlersOf(lab)
  const [ecdsa] = await handlers.knownHosts({ text })
  expect(ecdsa).toMatchObject({ boxId: there.boxId, algorithm: 'ecdsa-sha2-nistp256' })
  handlers.acceptKnownHosts({ picks: [ecdsa!] })
  expect(await lab.run(there, 'echo in')).toMatchObject({ stdout: 'in\n' })
  await two.stop()
})

test('known_hosts is read when asked, hashed lines too, and a pin from it says which line', async () => {
  await mkdir(path.join(dir, '.ssh'), { recursive: true })
  const file = path.join(dir, '.ssh', 'known_hosts')
  const key = `ssh-ed25519 ${await box.hostKey()}`
  await writeFile(
    file,
    [
      '# mine',
      `elsewhere.example ${key}`,
      `[${box.host}]:${box.port} ${key}`,
      `@revoked [${box.host}]:${box.port} ${key}`,
      '',
    ].join('\n'),
  )
  await run('ssh-keygen', ['-H', '-f', file])
  await appendFile(file, 'broken\n')
  using lab = sshLab()
  const handlers = handlersOf(lab)
  const there = lab.add({ ...box, auth: { kind: 'key', path: box.keyPath } })
  const found = await handlers.knownHosts({ text: null })
  expect(found).toEqual([
    {
      boxId: there.boxId,
      boxName: there.name,
      fingerprint: expect.any(String),
      algorithm: 'ssh-ed25519',
      key: await box.hostKey(),
      line: 3,
    },
  ])
  expect(handlers.state(there).pin).toBeNull()
  expect(handlers.acceptKnownHosts({ picks: found })).toEqual({ pinned: 1 })
  expect(handlers.state(there).pin).toMatchObject({ source: 'your known_hosts, line 3' })
  expect(await handlers.knownHosts({ text: null })).toEqual([])
  expect(await lab.run(there, 'echo in')).toMatchObject({ stdout: 'in\n' })
})

test('no key of a known_hosts replaces a pin, and with one bad pick none is taken', async () => {
  using lab = sshLab()
  const handlers = handlersOf(lab)
  const [pinned, fresh] = [await lab.enrol(box), lab.add(box)]
  const { stdout } = await run('ssh-keygen', ['-y', '-f', box.keyPath])
  const other = stdout.split(' ')[1]!
  const picks = [
    { boxId: fresh.boxId, key: await box.hostKey(), line: 1 },
    { boxId: pinned.boxId, key: other, line: 2 },
  ]
  expect(() => handlers.acceptKnownHosts({ picks })).toThrow(
    expect.objectContaining({ fault: expect.objectContaining({ code: 'key-changed' }) }),
  )
  expect(handlers.state(fresh).pin).toBeNull()
})

test('a known_hosts that is not there says so', async () => {
  using lab = sshLab()
  const handlers = createTrustHandlers({ ...lab, homeDir: path.join(dir, 'empty'), deadlineMs: () => deadlineMs })
  await expect(handlers.knownHosts({ text: null })).rejects.toMatchObject({ fault: { code: 'not-found' } })
})
