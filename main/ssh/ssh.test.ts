import { afterAll, beforeAll, expect, test } from 'vitest'
import { startSshFault } from '../testing/fault-server.ts'
import { sshLab } from '../testing/ssh-lab.ts'
import { type SshdBox, startSshdBox } from '../testing/sshd-box.ts'

let box: SshdBox
beforeAll(async () => {
  box = await startSshdBox()
})
afterAll(() => box.stop())

test('a failing command is an answer, with both streams, in the HOME of the box', async () => {
  using lab = sshLab()
  const there = await lab.enrol(box)
  expect(await lab.run(there, 'echo $HOME; echo err >&2; exit 3')).toEqual({
    exitCode: 3,
    signal: null,
    stdout: `${box.home}\n`,
    stderr: 'err\n',
  })
})

test('nothing of ours is sent to a box without a pin; the refusal names the key it shows', async () => {
  const logins: string[] = []
  const server = await startSshFault({ onLogin: (attempt) => void logins.push(attempt.method) })
  using lab = sshLab()
  const there = lab.add({ ...server, user: box.user, auth: { kind: 'key', path: box.keyPath } })
  const { fingerprint } = await lab.ssh.offeredKey(there.boxId, { deadlineMs: 20_000 })
  await expect(lab.ssh.open(there.boxId, { deadlineMs: 20_000 })).rejects.toMatchObject({
    fault: { code: 'key-not-trusted', offered: fingerprint },
  })
  lab.ssh.accept(there.boxId, await lab.ssh.offeredKey(there.boxId, { deadlineMs: 20_000 }), 'a test')
  expect(logins).toEqual([])
  await expect(lab.ssh.open(there.boxId, { deadlineMs: 500 })).rejects.toMatchObject({ fault: { phase: 'auth' } })
  expect(logins).toEqual(['publickey'])
  await server.stop()
})

test('a second command goes over the same connection', async () => {
  using lab = sshLab()
  const there = await lab.enrol(box)
  const first = await lab.run(there, 'echo $SSH_CONNECTION')
  expect(await lab.run(there, 'echo $SSH_CONNECTION')).toEqual(first)
  expect(lab.ssh.openConnections()).toBe(1)
})
