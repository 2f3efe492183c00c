import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { systemClock } from '../base/clock.ts'
import { cloneAt, gitIn, makeRemote, type TestRemote } from '../testing/git-repos.ts'
import { treeState } from '../testing/openclaw.ts'
import { tempDir } from '../testing/temp-store.ts'
import { readAddress } from './address.ts'
import { askRemote } from './ask-remote.ts'
import { createOperatorGit } from './git.ts'
import { runGit } from './run-git.ts'

const folder = tempDir()
const git = createOperatorGit({ clock: systemClock, homeDir: folder })
const day = 86_400_000
const nowMs = Math.floor(Date.now() / 1000) * 1000
let remote: TestRemote
let reference: string

beforeAll(() => {
  mkdirSync(folder, { recursive: true })
  remote = makeRemote(folder, nowMs - 60 * day)
  remote.advance(4, nowMs - 30 * day)
  reference = cloneAt(remote.path, path.join(folder, 'reference'), nowMs - 10 * day)
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

const address = (text: string) => {
  const reading = readAddress(text, true)
  if ('problem' in reading) throw new Error(reading.problem)
  return reading.address
}

test('a checkout on this computer says what it follows and when it looked, and is not written', async () => {
  const before = treeState(reference)
  const found = await git.readReference('~/reference')
  expect(found).toMatchObject({
    found: true,
    branch: 'main',
    remote: `this computer:${remote.path.replace(/\.git$/, '')}`,
    commit: remote.tip(),
    newestCommitAtMs: nowMs - 30 * day,
  })
  expect(found.lookedAtMs).toBe(nowMs - 10 * day)
  const first = gitIn(reference)('rev-list', '--max-parents=0', 'HEAD')
  expect(await git.count(reference, { from: first, to: remote.tip() })).toBe(4)
  expect(await git.count(reference, { from: 'f'.repeat(40), to: remote.tip() })).toBeNull()
  expect(await git.count(reference, { from: '--all', to: 'HEAD' })).toBeNull()
  expect(treeState(reference)).toEqual(before)
})

test('what is no checkout to measure by is said in a sentence', async () => {
  const alone = path.join(folder, 'alone')
  mkdirSync(alone)
  gitIn(alone)('init', '-q')
  const sentence = async (typed: string) => {
    const found = await git.readReference(typed)
    expect(found.found).toBe(false)
    return found.sentence
  }
  expect(await sentence('reference')).toContain('The whole path is needed')
  expect(await sentence('~/nowhere')).toBe('There is no such folder on this computer.')
  expect(await sentence('/usr')).toBe('It is no git checkout.')
  expect(await sentence(alone)).toContain('without a remote')
})

test('a shallow checkout counts nothing', async () => {
  const shallow = path.join(folder, 'shallow')
  gitIn(folder)('clone', '-q', '--depth', '1', `file://${remote.path}`, shallow)
  const first = gitIn(reference)('rev-list', '--max-parents=0', 'HEAD')
  expect(await git.count(shallow, { from: first, to: remote.tip() })).toBeNull()
})

test('a remote tells the tip of a branch, or why it does not', async () => {
  expect(await git.askRemote(address(remote.path), 'main')).toEqual({ commit: remote.tip() })
  expect(await git.askRemote(address(remote.path), 'other')).toEqual({ problem: 'It has no branch other.' })
  expect(await git.askRemote(address(path.join(folder, 'none.git')), 'main')).toHaveProperty('problem')
  expect(await git.askRemote(address(remote.path), '--all')).toEqual({ problem: 'Its branch is no branch.' })
})

test('a remote that hangs is left at the deadline, with all that git started', async () => {
  const sockets = new Set<{ destroy(): void }>()
  const server = createServer((socket) => sockets.add(socket.resume()))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const ended = new Promise<void>((resolve) =>
    server.once('connection', (socket) => socket.once('close', () => resolve())),
  )
  // The deadline fires once the connection stands.
  const clock = {
    ...systemClock,
    after: (_delayMs: number, act: () => void) => {
      server.once('connection', act)
      return () => server.off('connection', act)
    },
  }
  const answer = await runGit(['ls-remote', '--', `https://127.0.0.1:${port}/x`], { clock, cwd: '/', deadlineMs: 1 })
  expect(answer.exitCode).toBeNull()
  await ended
  for (const socket of sockets) socket.destroy()
  await new Promise((resolve) => server.close(resolve))
})

test('nobody is asked for a password, and no program of an address runs', async () => {
  const asked = path.join(folder, 'asked')
  const program = path.join(folder, 'askpass')
  writeFileSync(program, `#!/bin/sh\ntouch ${asked}\necho secret\n`)
  chmodSync(program, 0o755)
  const before = { ...process.env }
  Object.assign(process.env, { GIT_ASKPASS: program, SSH_ASKPASS: program, DISPLAY: ':0' })
  try {
    const server = createServer((socket) => {
      socket.once('data', () =>
        socket.end('HTTP/1.1 401 No\r\nWWW-Authenticate: Basic realm="x"\r\nContent-Length: 0\r\n\r\n'),
      )
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    const ran = await runGit(['ls-remote', '--', `http://127.0.0.1:${port}/x`], {
      clock: systemClock,
      cwd: '/',
      deadlineMs: 20_000,
    })
    expect(ran.exitCode).not.toBe(0)
    await new Promise((resolve) => server.close(resolve))
    const evil = { key: 'x', url: `ext::sh -c touch% ${asked}` }
    expect(await askRemote(evil, 'main', { clock: systemClock, folder: '/' })).toHaveProperty('problem')
    expect(treeState(folder).has('asked')).toBe(false)
  } finally {
    for (const name of ['GIT_ASKPASS', 'SSH_ASKPASS', 'DISPLAY']) {
      if (before[name] === undefined) delete process.env[name]
      else process.env[name] = before[name]
    }
  }
})
