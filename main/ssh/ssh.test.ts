import { afterAll, beforeAll, expect, test } from 'vitest'
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

test('nothing is sent to a box without a pin; the refusal names the key it shows', async () => {
  using lab = sshLab()
  const { host, port, user, keyPath } = box
  const there = lab.add({ host, port, user, auth: { kind: 'key', path: keyPath } })
  const { fingerprint } = await lab.ssh.offeredKey(there.boxId, { deadlineMs: 20_000 })
  await expect(lab.ssh.open(there.boxId, { deadlineMs: 20_000 })).rejects.toMatchObject({
    fault: { code: 'key-not-trusted', offered: fingerprint },
  })
  expect(await box.sessions()).toEqual([])
})

test('a second command goes over the same connection', async () => {
  using lab = sshLab()
  const there = await lab.enrol(box)
  const first = await lab.run(there, 'echo $SSH_CONNECTION')
  expect(await lab.run(there, 'echo $SSH_CONNECTION')).toEqual(first)
  expect(lab.ssh.openConnections()).toBe(1)
})
