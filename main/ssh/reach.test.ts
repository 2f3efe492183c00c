import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startProxy, startRawServer, startSshFault } from '../testing/fault-server.ts'
import { said, sshLab } from '../testing/ssh-lab.ts'
import { freePort, type SshdBox, startSshdBox } from '../testing/sshd-box.ts'

let real: SshdBox
beforeAll(async () => {
  real = await startSshdBox()
})
afterAll(() => real.stop())

const deadlineMs = 20_000
const short = 400

describe('a box that does not come to a login', () => {
  test('refuses', async () => {
    using lab = sshLab()
    const port = await freePort('127.0.0.1')
    const box = lab.add({ host: '127.0.0.1', port })
    const failing = lab.ssh.offeredKey(box.boxId, { deadlineMs })
    await expect(failing).rejects.toMatchObject({
      fault: { code: 'refused', boxName: box.name, host: '127.0.0.1', port },
    })
    expect(await said(failing)).toEqual(`${box.name} is there but takes no SSH connection on port ${port}.`)
  })

  test('has a name nobody knows', async () => {
    using lab = sshLab()
    const box = lab.add({ host: 'no-such-box.invalid' })
    const failing = lab.ssh.offeredKey(box.boxId, { deadlineMs })
    await expect(failing).rejects.toMatchObject({
      fault: { code: 'name-not-found', host: 'no-such-box.invalid' },
    })
    expect(await said(failing)).toEqual(
      `No address is known for “no-such-box.invalid”, so ${box.name} cannot be reached.`,
    )
  })

  test('has an address with no way to it', async () => {
    const error = Object.assign(new Error('connect EHOSTUNREACH'), { code: 'EHOSTUNREACH' })
    using lab = sshLab({ dial: () => Promise.reject(error) })
    const box = lab.add({ host: '192.0.2.1' })
    const failing = lab.ssh.offeredKey(box.boxId, { deadlineMs })
    await expect(failing).rejects.toMatchObject({
      fault: { code: 'network-unreachable', host: '192.0.2.1' },
    })
    expect(await said(failing)).toEqual(`There is no way from this computer to ${box.name} at 192.0.2.1.`)
  })

  test('does not answer the connection', async () => {
    using lab = sshLab({ dial: () => new Promise(() => {}) })
    const box = lab.add({ host: '192.0.2.1' })
    const failing = lab.ssh.offeredKey(box.boxId, { deadlineMs: short })
    await expect(failing).rejects.toMatchObject({
      fault: { code: 'timed-out', phase: 'connect', afterMs: short },
    })
    expect(await said(failing)).toEqual(`${box.name} did not answer within 0.4 s: no connection came about.`)
  })

  test('hangs before the banner', async () => {
    const server = await startRawServer(() => {})
    using lab = sshLab()
    const box = lab.add(server)
    const failing = lab.ssh.offeredKey(box.boxId, { deadlineMs: short })
    await expect(failing).rejects.toMatchObject({
      fault: { code: 'timed-out', phase: 'banner' },
    })
    expect(await said(failing)).toEqual(
      `${box.name} did not answer within 0.4 s: it took the connection and said nothing.`,
    )
    await server.stop()
  })

  test('hangs after the banner', async () => {
    const server = await startRawServer((socket) => void socket.write('SSH-2.0-OpenSSH_9.9\r\n'))
    using lab = sshLab()
    const box = lab.add(server)
    const failing = lab.ssh.offeredKey(box.boxId, { deadlineMs: short })
    await expect(failing).rejects.toMatchObject({
      fault: { code: 'timed-out', phase: 'handshake' },
    })
    expect(await said(failing)).toEqual(`${box.name} did not answer within 0.4 s: it began to speak SSH and stopped.`)
    await server.stop()
  })

  test('is no SSH server, and what it says is quoted with nothing hidden in it', async () => {
    const server = await startRawServer((socket) => void socket.end('HTTP/1.1 400 Bad \u001b[31mRequest\r\n\r\n'))
    using lab = sshLab()
    const box = lab.add(server)
    const failing = lab.ssh.offeredKey(box.boxId, { deadlineMs })
    await expect(failing).rejects.toMatchObject({
      fault: { code: 'not-ssh', detail: 'HTTP/1.1 400 Bad ⟨001B⟩[31mRequest' },
    })
    expect(await said(failing)).toEqual(
      `What answers for ${box.name} is not an SSH server. It said: HTTP/1.1 400 Bad ⟨001B⟩[31mRequest`,
    )
    expect(server.taken()).toBe(1)
    await server.stop()
  })

  test('talks without end before any banner', async () => {
    const server = await startRawServer((socket) => {
      const line = Buffer.alloc(1000, 'a').fill('\r\n', 998)
      const pour = () => {
        while (socket.writable && socket.write(line));
        socket.once('drain', pour)
      }
      pour()
    })
    using lab = sshLab()
    const box = lab.add(server)
    const failing = lab.ssh.offeredKey(box.boxId, { deadlineMs })
    await expect(failing).rejects.toMatchObject({ fault: { code: 'not-ssh' } })
    expect(await said(failing)).toEqual(expect.stringContaining('is not an SSH server'))
    await server.stop()
  })

  test('speaks only algorithms that are not safe', async () => {
    const server = await startSshFault({ algorithms: { kex: ['diffie-hellman-group14-sha1'] } })
    using lab = sshLab()
    const box = lab.add(server)
    const failing = lab.ssh.offeredKey(box.boxId, { deadlineMs })
    await expect(failing).rejects.toMatchObject({
      fault: { code: 'no-common-algorithm', detail: 'no matching key exchange algorithm' },
    })
    expect(await said(failing)).toEqual(
      `${box.name} speaks only SSH algorithms that are no longer safe (no matching key exchange algorithm).`,
    )
    await server.stop()
  })
})

describe('a busy box that closes the door', () => {
  test('is asked again', async () => {
    const proxy = await startProxy(real)
    using lab = sshLab()
    const box = await lab.enrol({ ...real, port: proxy.port })
    proxy.resetNext(2)
    expect(await lab.run(box, 'echo here')).toMatchObject({ stdout: 'here\n' })
    expect(proxy.taken()).toBe(4)
    await proxy.stop()
  })

  test('is asked three more times, not for ever', async () => {
    const server = await startRawServer((socket) => void socket.end('Exceeded MaxStartups\r\n'))
    using lab = sshLab()
    const box = lab.add(server)
    const failing = lab.ssh.offeredKey(box.boxId, { deadlineMs })
    await expect(failing).rejects.toMatchObject({
      fault: { code: 'connection-lost', detail: 'Exceeded MaxStartups' },
    })
    expect(await said(failing)).toEqual(`The connection to ${box.name} was lost: Exceeded MaxStartups.`)
    expect(server.taken()).toBe(4)
    await server.stop()
  })
})

test('a cancelled look ends at once and leaves no connection', async () => {
  const closed = Promise.withResolvers<void>()
  const stop = new AbortController()
  const server = await startRawServer((socket) => {
    socket.on('close', () => closed.resolve()).resume()
    stop.abort()
  })
  using lab = sshLab()
  const box = lab.add(server)
  await expect(lab.ssh.offeredKey(box.boxId, { deadlineMs, signal: stop.signal })).rejects.toMatchObject({
    fault: { code: 'cancelled' },
  })
  await closed.promise
  await server.stop()
})

test('one hanging box does not delay the others', async () => {
  const hanging = await startRawServer(() => {})
  using lab = sshLab()
  const others = await Promise.all([1, 2, 3].map((n) => lab.enrol(real, { name: `Good ${n}` })))
  const stuck = lab.add(hanging)
  let isStuck = true
  const waiting = lab.ssh
    .offeredKey(stuck.boxId, { deadlineMs: 60_000, signal: AbortSignal.timeout(15_000) })
    .catch(() => {
      isStuck = false
    })
  for (const box of others) expect(await lab.run(box, 'echo fine')).toMatchObject({ stdout: 'fine\n' })
  expect(isStuck).toBe(true)
  await hanging.stop()
  await waiting
})
