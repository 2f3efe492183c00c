import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Secret } from '../base/secret.ts'
import { type FaultProxy, startProxy, startSshFault } from '../testing/fault-server.ts'
import { said, sshLab } from '../testing/ssh-lab.ts'
import { makeKey, type SshdBox, startSshdBox } from '../testing/sshd-box.ts'

const deadlineMs = 20_000
let box: SshdBox
let proxy: FaultProxy
beforeAll(async () => {
  box = await startSshdBox()
  proxy = await startProxy(box)
})
afterAll(async () => {
  await proxy.stop()
  await box.stop()
})
const viaProxy = () => ({ ...box, port: proxy.port })

test('callers at the same time share one connection', async () => {
  using lab = sshLab()
  const there = await lab.enrol(box)
  const connections = await Promise.all([1, 2, 3].map(() => lab.ssh.open(there.boxId, { deadlineMs })))
  expect(lab.ssh.openConnections()).toBe(1)
  for (const connection of connections) connection.release()
})

test('one caller giving up does not take the connection from another', async () => {
  using lab = sshLab()
  const there = await lab.enrol(box)
  const stop = new AbortController()
  const leaving = lab.ssh.open(there.boxId, { deadlineMs, signal: stop.signal })
  const staying = lab.ssh.open(there.boxId, { deadlineMs })
  stop.abort()
  await expect(leaving).rejects.toMatchObject({ fault: { code: 'cancelled' } })
  expect((await staying).closed).toBe(false)
})

test('with warm connections off, a connection closes with its last holder', async () => {
  using lab = sshLab({ keepWarm: () => false })
  const there = await lab.enrol(box)
  await lab.run(there, 'true')
  await expect.poll(() => lab.ssh.openConnections()).toBe(0)
})

test('an idle connection closes after its time, one in use does not', async () => {
  using lab = sshLab({ idleMs: 50 })
  const there = await lab.enrol(box)
  const held = await lab.ssh.open(there.boxId, { deadlineMs })
  const idle = await lab.enrol(box)
  await lab.run(idle, 'true')
  await expect.poll(() => lab.ssh.openConnections()).toBe(1)
  expect(held.closed).toBe(false)
})

test('the least recently used goes when too many are warm', async () => {
  using lab = sshLab({ maxWarm: 2 })
  const [a, b, c] = [await lab.enrol(box), await lab.enrol(box), await lab.enrol(box)]
  const mark = async (there: typeof a) => (await lab.run(there, 'echo $SSH_CONNECTION')).stdout
  const [first, second] = [await mark(a), await mark(b)]
  expect(await mark(a)).toBe(first)
  await mark(c)
  await expect.poll(() => lab.ssh.openConnections()).toBe(2)
  expect(await mark(a)).toBe(first)
  expect(await mark(b)).not.toBe(second)
})

test('an edited address is not served by the old connection', async () => {
  using lab = sshLab()
  const there = await lab.enrol(box)
  await lab.run(there, 'true')
  const taken = proxy.taken()
  lab.inventory.editBox({ boxId: there.boxId, fields: { port: proxy.port } })
  await lab.run(there, 'true')
  expect(proxy.taken()).toBe(taken + 1)
})

test('four commands run at a time on a connection, the fifth waits for one of them', async () => {
  using lab = sshLab()
  const there = await lab.enrol(box)
  const connection = await lab.ssh.open(there.boxId, { deadlineMs })
  const four = await Promise.all([1, 2, 3, 4].map(() => connection.start('cat', { deadlineMs })))
  await expect(connection.start('echo five', { deadlineMs: 300 })).rejects.toMatchObject({
    fault: { code: 'timed-out', phase: 'channel' },
  })
  const fifth = connection.start('echo five', { deadlineMs })
  four[0]!.close()
  expect(await (await fifth).ended).toEqual({ exitCode: 0, signal: null })
})

test('a box that opens one session a connection gets a new connection for each command', async () => {
  const narrow = await startSshdBox({ config: ['MaxSessions 1'] })
  using lab = sshLab()
  const there = await lab.enrol(narrow)
  const connection = await lab.ssh.open(there.boxId, { deadlineMs })
  const first = await connection.start('cat', { deadlineMs })
  const second = await connection.start('echo $SSH_CONNECTION', { deadlineMs })
  expect(await second.ended).toEqual({ exitCode: 0, signal: null })
  await first.write('still here\n')
  first.endInput()
  const text: string[] = []
  for await (const chunk of first.output) text.push(chunk.toString())
  expect(text.join('')).toBe('still here\n')
  await narrow.stop()
})

test('a box that opens no session at all is told apart', async () => {
  const none = await startSshdBox({ config: ['MaxSessions 0'] })
  using lab = sshLab()
  const there = await lab.enrol(none)
  const connection = await lab.ssh.open(there.boxId, { deadlineMs })
  await expect(connection.start('true', { deadlineMs })).rejects.toMatchObject({
    fault: { code: 'too-many-sessions', boxName: there.name },
  })
  await none.stop()
})

test('a box that hangs after the login names that phase, and is not asked on that connection again', async () => {
  const server = await startSshFault()
  using lab = sshLab()
  const there = await lab.enrol({ ...box, port: server.port })
  const connection = await lab.ssh.open(there.boxId, { deadlineMs })
  const failing = connection.start('true', { deadlineMs: 300 })
  await expect(failing).rejects.toMatchObject({ fault: { code: 'timed-out', phase: 'channel', afterMs: 300 } })
  expect(await said(failing)).toBe(
    `${there.name} did not answer within 0.3 s: it let us in and then did not start the command.`,
  )
  connection.release()
  await expect.poll(() => connection.closed).toBe(true)
  await server.stop()
})

test('a connection cut in the middle of an answer says so; what had come is there', async () => {
  using lab = sshLab()
  const there = await lab.enrol(viaProxy())
  const connection = await lab.ssh.open(there.boxId, { deadlineMs })
  const channel = await connection.start('echo half; cat', { deadlineMs })
  const reading = channel.output[Symbol.asyncIterator]()
  expect((await reading.next()).value?.toString()).toBe('half\n')
  proxy.cut()
  const failing = reading.next()
  await expect(failing).rejects.toMatchObject({ fault: { code: 'connection-lost', boxName: there.name } })
  expect(await said(failing)).toBe(
    `The connection to ${there.name} was lost: the machine stopped answering in the middle.`,
  )
  expect(await channel.ended).toEqual({ exitCode: null, signal: null })
  await expect(channel.write('more')).rejects.toMatchObject({ fault: { code: 'connection-lost' } })
  expect(connection.closed).toBe(true)
  expect(await lab.run(there, 'echo again')).toMatchObject({ stdout: 'again\n' })
})

test('a warm connection whose other end has gone is replaced without a word', async () => {
  using lab = sshLab()
  const there = await lab.enrol(viaProxy())
  await lab.run(there, 'true')
  proxy.freeze()
  const connection = await lab.ssh.open(there.boxId, { deadlineMs })
  const answer = connection.start('echo new', { deadlineMs })
  // The old connection stays dead; only the network is back.
  const before = proxy.taken()
  await expect.poll(() => proxy.taken(), { timeout: 10_000 }).toBe(before + 1)
  proxy.thaw()
  expect(await (await answer).ended).toEqual({ exitCode: 0, signal: null })
})

test('keep-alives notice a box that is gone; switched off, nothing does', async () => {
  using lab = sshLab()
  const [watched, unwatched] = [
    await lab.enrol(viaProxy(), { keepAliveS: 1 }),
    await lab.enrol(viaProxy(), { keepAliveS: 0 }),
  ]
  const connections = await Promise.all([watched, unwatched].map((there) => lab.ssh.open(there.boxId, { deadlineMs })))
  proxy.freeze()
  await expect.poll(() => connections[0]!.closed, { timeout: 15_000 }).toBe(true)
  expect(connections[1]!.closed).toBe(false)
  proxy.thaw()
})

test('what nobody pulls makes the box wait', async () => {
  using lab = sshLab()
  const there = await lab.enrol(box)
  const connection = await lab.ssh.open(there.boxId, { deadlineMs })
  const channel = await connection.start('head -c 200000000 /dev/zero; echo done >&2', { deadlineMs })
  let bytes = 0
  for await (const chunk of channel.output) {
    bytes += chunk.length
    if (bytes > 1_000_000) break
  }
  expect(channel.errorTail()).toBe('')
  channel.close()
  await channel.ended
  expect(await lab.run(there, 'echo next')).toMatchObject({ stdout: 'next\n' })
})

test('a megabyte goes in and comes out unchanged', async () => {
  using lab = sshLab()
  const there = await lab.enrol(box)
  const connection = await lab.ssh.open(there.boxId, { deadlineMs })
  const channel = await connection.start('wc -c', { deadlineMs })
  const block = Buffer.alloc(1_000_000, 'x')
  for (let n = 0; n < 5; n += 1) await channel.write(block)
  channel.endInput()
  let text = ''
  for await (const chunk of channel.output) text += chunk
  expect(text.trim()).toBe('5000000')
})

test('a caller who brings a passphrase does not wait on one who lacks it', async () => {
  const keyPath = path.join(box.dir, 'locked')
  await makeKey(keyPath, { passphrase: 'open sesame' })
  const locked = await startSshdBox({ authorizedKeys: [await readFile(`${keyPath}.pub`, 'utf8')] })
  using lab = sshLab()
  const there = await lab.enrol({ ...locked, keyPath })
  const lacking = lab.ssh.open(there.boxId, { deadlineMs })
  const knowing = lab.ssh.open(there.boxId, { deadlineMs, credentials: { passphrase: new Secret('open sesame') } })
  await expect(lacking).rejects.toMatchObject({ fault: { why: 'passphrase-needed' } })
  expect((await knowing).closed).toBe(false)
  await locked.stop()
})

test('two callers with secrets leave one connection when they are done', async () => {
  using lab = sshLab()
  const there = await lab.enrol(box)
  const credentials = { passphrase: new Secret('not needed') }
  const both = await Promise.all([1, 2].map(() => lab.ssh.open(there.boxId, { deadlineMs, credentials })))
  expect(lab.ssh.openConnections()).toBe(2)
  for (const connection of both) connection.release()
  await expect.poll(() => lab.ssh.openConnections()).toBe(1)
})

test('dropping does not wait for a box that is gone', async () => {
  using lab = sshLab()
  const there = await lab.enrol(viaProxy())
  const connection = await lab.ssh.open(there.boxId, { deadlineMs })
  proxy.freeze()
  lab.ssh.drop()
  await expect.poll(() => connection.closed, { timeout: 1000 }).toBe(true)
  proxy.thaw()
})

test('what was under way on a connection we drop ends as cancelled: the machine did nothing wrong', async () => {
  const silent = await startSshFault()
  using lab = sshLab()
  const [there, hanging] = [await lab.enrol(box), await lab.enrol({ ...box, port: silent.port })]
  const cancelled = (name: string) => ({
    fault: { code: 'cancelled', what: `the connection to ${name} was closed from here` },
  })
  const channel = await (await lab.ssh.open(there.boxId, { deadlineMs })).start('echo half; cat', { deadlineMs })
  const reading = channel.output[Symbol.asyncIterator]()
  expect((await reading.next()).value?.toString()).toBe('half\n')
  const answer = reading.next()
  const starting = (await lab.ssh.open(hanging.boxId, { deadlineMs })).start('true', { deadlineMs })
  lab.ssh.forget(there.boxId)
  lab.ssh.drop(hanging.boxId)
  await Promise.all([
    expect(answer).rejects.toMatchObject(cancelled(there.name)),
    expect(starting).rejects.toMatchObject(cancelled(hanging.name)),
    expect(channel.write('more')).rejects.toMatchObject(cancelled(there.name)),
  ])
  await silent.stop()
})

test('a command that had ended before we dropped its connection has ended', async () => {
  using lab = sshLab()
  const there = await lab.enrol(box)
  const channel = await (await lab.ssh.open(there.boxId, { deadlineMs })).start('echo done', { deadlineMs })
  expect(await channel.ended).toEqual({ exitCode: 0, signal: null })
  lab.ssh.drop()
  const text: string[] = []
  for await (const chunk of channel.output) text.push(chunk.toString())
  expect(text.join('')).toBe('done\n')
})
