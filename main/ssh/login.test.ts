import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Secret } from '../base/secret.ts'
import { startSshFault } from '../testing/fault-server.ts'
import { sshLab } from '../testing/ssh-lab.ts'
import { makeKey, type SshdBox, startSshdBox } from '../testing/sshd-box.ts'
import { fingerprintOf } from './host-key.ts'
import { whyUnreadable } from './login.ts'
import type { Vault } from './vault.ts'

const run = promisify(execFile)
const deadlineMs = 20_000
let dir: string
let box: SshdBox
let agent: { socket: string; process: ChildProcess }
const file = (name: string) => path.join(dir, name)
const publicKey = (name: string) => readFile(`${file(name)}.pub`, 'utf8')
const fingerprint = async (name: string) => fingerprintOf(Buffer.from((await publicKey(name)).split(' ')[1]!, 'base64'))

beforeAll(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'wheelhouse-login-'))
  await makeKey(file('locked'), { passphrase: 'open sesame' })
  await makeKey(file('stranger'))
  await makeKey(file('held'), { comment: 'the held key' })
  await makeKey(file('held-stranger'), { comment: 'another held key' })
  box = await startSshdBox({ authorizedKeys: [await publicKey('locked'), await publicKey('held')] })
  agent = await startAgent()
})
afterAll(async () => {
  agent.process.kill()
  await box.stop()
  await rm(dir, { recursive: true, force: true })
})

async function startAgent() {
  const socket = file('agent.sock')
  const child = spawn('ssh-agent', ['-D', '-a', socket], { stdio: ['ignore', 'pipe', 'ignore'] })
  await new Promise((resolve) => child.stdout.once('data', resolve))
  return { socket, process: child }
}
const agentAdd = (...args: string[]) => run('ssh-add', args, { env: { ...process.env, SSH_AUTH_SOCK: agent.socket } })

/** A box that is trusted already and logs in as asked. */
async function enrolled(
  lab: ReturnType<typeof sshLab>,
  auth: { kind: 'agent' } | { kind: 'password' } | { kind: 'key'; path: string },
) {
  return lab.enrol(box, { auth })
}

describe('a key file', () => {
  test('that the box does not know is named, with what the box would take', async () => {
    using lab = sshLab()
    const there = await enrolled(lab, { kind: 'key', path: file('stranger') })
    await expect(lab.ssh.open(there.boxId, { deadlineMs })).rejects.toMatchObject({
      fault: {
        code: 'auth-refused',
        user: box.user,
        offered: [`stranger (${await fingerprint('stranger')})`],
        accepted: ['publickey'],
      },
    })
  })

  test.each([
    ['missing', 'nowhere', null],
    ['not-a-key', 'text', 'hello'],
  ])('that is %s says so', async (why, name, text) => {
    using lab = sshLab()
    if (text !== null) await writeFile(file(name), text)
    const there = await enrolled(lab, { kind: 'key', path: file(name) })
    await expect(lab.ssh.open(there.boxId, { deadlineMs })).rejects.toMatchObject({
      fault: { code: 'key-file-unreadable', path: file(name), why },
    })
  })

  test('the public half of a pair is not a key to log in with', async () => {
    using lab = sshLab()
    const there = await enrolled(lab, { kind: 'key', path: `${file('stranger')}.pub` })
    await expect(lab.ssh.open(there.boxId, { deadlineMs })).rejects.toMatchObject({ fault: { why: 'not-a-key' } })
  })

  test('that is a folder, or longer than any key, is not a key', async () => {
    using lab = sshLab()
    const folder = await enrolled(lab, { kind: 'key', path: dir })
    await expect(lab.ssh.open(folder.boxId, { deadlineMs })).rejects.toMatchObject({ fault: { why: 'not-a-key' } })
    await writeFile(file('long'), Buffer.alloc(1_000_000, 'x'))
    const long = await enrolled(lab, { kind: 'key', path: file('long') })
    await expect(lab.ssh.open(long.boxId, { deadlineMs })).rejects.toMatchObject({ fault: { why: 'not-a-key' } })
  })

  test.each([
    ['EACCES', 'no-permission'],
    ['EPERM', 'no-permission'],
    ['ENOTDIR', 'missing'],
  ])('that cannot be read for %s is told as %s', (code, why) => {
    expect(whyUnreadable(code)).toBe(why)
  })

  test('with a passphrase asks for it, refuses a wrong one, opens with the right one', async () => {
    using lab = sshLab()
    const there = await enrolled(lab, { kind: 'key', path: file('locked') })
    const open = (passphrase?: string) =>
      lab.ssh.open(there.boxId, {
        deadlineMs,
        credentials: passphrase === undefined ? {} : { passphrase: new Secret(passphrase) },
      })
    await expect(open()).rejects.toMatchObject({ fault: { why: 'passphrase-needed' } })
    await expect(open('guess')).rejects.toMatchObject({ fault: { why: 'passphrase-wrong' } })
    ;(await open('open sesame')).release()
    expect(lab.ssh.openConnections()).toBe(1)
  })

  test('with a passphrase in the keychain opens without a question', async () => {
    const asked: string[] = []
    const vault: Vault = {
      available: true,
      why: '',
      get: async (name) => {
        asked.push(name)
        return new Secret('open sesame')
      },
      set: async () => {},
      remove: async () => {},
    }
    using lab = sshLab({ vault })
    const there = await enrolled(lab, { kind: 'key', path: file('locked') })
    expect(await lab.run(there, 'echo in')).toMatchObject({ stdout: 'in\n' })
    expect(asked).toEqual([`passphrase:${file('locked')}`])
  })
})

describe('the ssh-agent', () => {
  test('that does not run says so', async () => {
    using lab = sshLab()
    const there = await enrolled(lab, { kind: 'agent' })
    await expect(lab.ssh.open(there.boxId, { deadlineMs })).rejects.toMatchObject({
      fault: { code: 'agent-unavailable' },
    })
  })

  test('offers its keys in order and no others; refused ones are named by their comment', async () => {
    await agentAdd('-q', '-D').catch(() => {})
    using lab = sshLab({ agentSocket: () => agent.socket })
    const there = await enrolled(lab, { kind: 'agent' })
    await expect(lab.ssh.open(there.boxId, { deadlineMs })).rejects.toMatchObject({
      fault: { code: 'agent-unavailable', detail: 'it holds no keys' },
    })
    await agentAdd('-q', file('held-stranger'))
    await expect(lab.ssh.open(there.boxId, { deadlineMs })).rejects.toMatchObject({
      fault: {
        code: 'auth-refused',
        offered: [`another held key (${await fingerprint('held-stranger')})`],
        accepted: ['publickey'],
      },
    })
    await agentAdd('-q', file('held'))
    expect(await lab.run(there, 'echo in; echo "agent:$SSH_AUTH_SOCK"')).toMatchObject({ stdout: 'in\nagent:\n' })
  })

  test('with more keys than a box hears out ends in a refusal that names them', async () => {
    const strict = await startSshdBox({ config: ['MaxAuthTries 1'] })
    using lab = sshLab({ agentSocket: () => agent.socket })
    await agentAdd('-q', '-D')
    await agentAdd('-q', file('held-stranger'), file('stranger'))
    const there = await lab.enrol(strict, { auth: { kind: 'agent' } })
    await expect(lab.ssh.open(there.boxId, { deadlineMs })).rejects.toMatchObject({
      fault: { code: 'auth-refused', offered: [expect.stringContaining('another held key')] },
    })
    await strict.stop()
  })

  test('is not asked when a key file was chosen, except for that very key', async () => {
    await agentAdd('-q', '-D')
    await agentAdd('-q', file('held'))
    using lab = sshLab({ agentSocket: () => agent.socket })
    const refused = await enrolled(lab, { kind: 'key', path: file('stranger') })
    await expect(lab.ssh.open(refused.boxId, { deadlineMs })).rejects.toMatchObject({
      fault: { offered: [`stranger (${await fingerprint('stranger')})`] },
    })
    const locked = await enrolled(lab, { kind: 'key', path: file('locked') })
    await expect(lab.ssh.open(locked.boxId, { deadlineMs })).rejects.toMatchObject({
      fault: { why: 'passphrase-needed' },
    })
    await copyFile(`${file('held')}.pub`, `${file('locked')}-twin.pub`)
    await copyFile(file('locked'), `${file('locked')}-twin`)
    const twin = await enrolled(lab, { kind: 'key', path: `${file('locked')}-twin` })
    expect(await lab.run(twin, 'echo in')).toMatchObject({ stdout: 'in\n' })
  })
})

describe('a password', () => {
  const asks = (method: 'password' | 'keyboard-interactive') =>
    startSshFault({
      onLogin: (attempt) => {
        if (attempt.method === 'password' && method === 'password' && attempt.password === 'right') attempt.accept()
        else if (attempt.method === 'keyboard-interactive' && method === attempt.method)
          attempt.prompt([{ prompt: 'Password:', echo: false }], (answers) =>
            answers[0] === 'right' ? attempt.accept() : attempt.reject([method]),
          )
        else attempt.reject([method])
      },
    })

  test.each(['password', 'keyboard-interactive'] as const)(
    'logs in by %s, for the one call that brings it',
    async (method) => {
      const server = await asks(method)
      using lab = sshLab()
      const there = await lab.enrol({ ...box, port: server.port }, { auth: { kind: 'password' } })
      await expect(lab.ssh.open(there.boxId, { deadlineMs })).rejects.toMatchObject({
        fault: { code: 'auth-refused', offered: [], accepted: [method] },
      })
      const wrong = lab.ssh.open(there.boxId, { deadlineMs, credentials: { password: new Secret('wrong') } })
      await expect(wrong).rejects.toMatchObject({
        fault: {
          code: 'auth-refused',
          offered: [method === 'password' ? 'password' : 'password, asked interactively'],
          accepted: [method],
        },
      })
      const connection = await lab.ssh.open(there.boxId, { deadlineMs, credentials: { password: new Secret('right') } })
      expect(connection.closed).toBe(false)
      await server.stop()
    },
  )
})

test('a box that never decides about a login is told apart', async () => {
  const server = await startSshFault({ onLogin: () => {} })
  using lab = sshLab()
  const there = await lab.enrol({ ...box, port: server.port })
  await expect(lab.ssh.open(there.boxId, { deadlineMs: 500 })).rejects.toMatchObject({
    fault: { code: 'timed-out', phase: 'auth' },
  })
  await server.stop()
})

test('an RSA key proves itself with SHA-2', async () => {
  await makeKey(file('rsa'), { type: 'rsa' })
  const rsaBox = await startSshdBox({ authorizedKeys: [await publicKey('rsa')] })
  using lab = sshLab()
  const there = await lab.enrol({ ...rsaBox, keyPath: file('rsa') })
  expect(await lab.run(there, 'echo in')).toMatchObject({ stdout: 'in\n' })
  await rsaBox.stop()
})
