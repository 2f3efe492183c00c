import { afterAll, beforeAll, expect, test } from 'vitest'
import { type FaultProxy, startProxy, startRawServer } from '../testing/fault-server.ts'
import { sshLab } from '../testing/ssh-lab.ts'
import { freePort, type SshdBox, startSshdBox } from '../testing/sshd-box.ts'

const deadlineMs = 20_000
let near: SshdBox
let far: SshdBox
let target: SshdBox
let proxy: FaultProxy
beforeAll(async () => {
  ;[near, far, target] = await Promise.all([startSshdBox(), startSshdBox(), startSshdBox()])
  proxy = await startProxy(near)
})
afterAll(async () => {
  await proxy.stop()
  await Promise.all([near, far, target].map((box) => box.stop()))
})

async function chain(lab: ReturnType<typeof sshLab>) {
  const first = await lab.enrol({ ...near, port: proxy.port }, { name: 'Gate', jumpOnly: true })
  const second = await lab.enrol(far, { name: 'Bastion', jumpOnly: true, hops: [first.boxId] })
  const last = await lab.enrol(target, { name: 'Till', hops: [first.boxId, second.boxId] })
  return { first, second, last }
}

test('two jump hosts on the way, each with its own pin and login', async () => {
  using lab = sshLab()
  const { last } = await chain(lab)
  expect(await lab.run(last, 'echo $HOME')).toMatchObject({ stdout: `${target.home}\n` })
  expect(lab.ssh.openConnections()).toBe(3)
})

test('the way stays open under what stands on it, and closes after it', async () => {
  using lab = sshLab({ keepWarm: () => false })
  const { first, last } = await chain(lab)
  const connection = await lab.ssh.open(last.boxId, { deadlineMs })
  await lab.run(first, 'true')
  expect(connection.closed).toBe(false)
  connection.release()
  await expect.poll(() => lab.ssh.openConnections()).toBe(0)
})

test('what hangs on a jump host closes with it', async () => {
  using lab = sshLab()
  const { first, last } = await chain(lab)
  const connection = await lab.ssh.open(last.boxId, { deadlineMs })
  lab.ssh.drop(first.boxId)
  await expect.poll(() => connection.closed).toBe(true)
})

test('a jump host without a pin stops the way there, by name', async () => {
  using lab = sshLab()
  const gate = lab.add({ ...near, name: 'Gate' })
  const box = lab.add({ ...target, name: 'Till', hops: [gate.boxId] })
  await expect(lab.ssh.open(box.boxId, { deadlineMs })).rejects.toMatchObject({
    fault: { code: 'hop-failed', boxName: 'Till', hopName: 'Gate' },
  })
  await expect(lab.ssh.offeredKey(box.boxId, { deadlineMs })).rejects.toMatchObject({
    fault: { code: 'hop-failed', hopName: 'Gate' },
  })
})

test('a jump host that refuses is named, also from two hops away', async () => {
  using lab = sshLab()
  const { first, last } = await chain(lab)
  lab.ssh.drop()
  lab.inventory.editBox({ boxId: first.boxId, fields: { port: await freePort('127.0.0.1') } })
  const fault = {
    code: 'hop-failed',
    boxName: 'Till',
    hopName: 'Gate',
    cause: expect.stringContaining('takes no SSH connection'),
  }
  await expect(lab.ssh.open(last.boxId, { deadlineMs })).rejects.toMatchObject({ fault })
})

test('a jump host that hangs is named', async () => {
  const silent = await startRawServer(() => {})
  using lab = sshLab()
  const { first, last } = await chain(lab)
  lab.inventory.editBox({ boxId: first.boxId, fields: { port: silent.port } })
  await expect(lab.ssh.open(last.boxId, { deadlineMs: 400 })).rejects.toMatchObject({
    fault: { code: 'hop-failed', boxName: 'Till', hopName: 'Gate', cause: expect.stringContaining('said nothing') },
  })
  await silent.stop()
})

test('the machine behind a working jump host is told apart from it', async () => {
  using lab = sshLab()
  const { first, second, last } = await chain(lab)
  const port = await freePort('127.0.0.1')
  lab.inventory.editBox({ boxId: last.boxId, fields: { port } })
  await expect(lab.ssh.open(last.boxId, { deadlineMs })).rejects.toMatchObject({
    fault: { code: 'refused', boxName: 'Till', port },
  })
  lab.inventory.editBox({
    boxId: last.boxId,
    fields: { host: 'no-such-box.invalid', hops: [first.boxId, second.boxId] },
  })
  await expect(lab.ssh.open(last.boxId, { deadlineMs })).rejects.toMatchObject({
    fault: { code: 'name-not-found', boxName: 'Till' },
  })
})

test('a jump host that lets nobody through says so', async () => {
  const shut = await startSshdBox({ config: ['AllowTcpForwarding no'] })
  using lab = sshLab()
  const gate = await lab.enrol(shut, { name: 'Gate' })
  const box = lab.add({ ...target, name: 'Till', hops: [gate.boxId] })
  await expect(lab.ssh.offeredKey(box.boxId, { deadlineMs })).rejects.toMatchObject({
    fault: { code: 'hop-failed', hopName: 'Gate', cause: 'Gate does not allow connections to go on from it.' },
  })
  await shut.stop()
})

test('a changed key of a jump host stops the boxes behind it', async () => {
  const changing = await startSshdBox()
  using lab = sshLab()
  const gate = await lab.enrol(changing, { name: 'Gate' })
  const box = await lab.enrol(target, { name: 'Till', hops: [gate.boxId] })
  await changing.rotateHostKey()
  const fault = {
    code: 'hop-failed',
    hopName: 'Gate',
    cause: expect.stringContaining('another key than the one you trusted'),
  }
  await expect(lab.ssh.open(box.boxId, { deadlineMs })).rejects.toMatchObject({ fault })
  expect(lab.ssh.trust(gate.boxId).changedTo).not.toBeNull()
  expect(lab.ssh.trust(box.boxId).changedTo).toBeNull()
  await changing.stop()
})

test('a jump host whose connection died silently is connected anew', async () => {
  using lab = sshLab()
  const { last, second } = await chain(lab)
  await lab.run(last, 'true')
  lab.ssh.drop(second.boxId)
  proxy.freeze()
  const before = proxy.taken()
  const answer = lab.run(last, 'echo through')
  await expect.poll(() => proxy.taken(), { timeout: 10_000 }).toBe(before + 1)
  proxy.thaw()
  expect(await answer).toMatchObject({ stdout: 'through\n' })
})
