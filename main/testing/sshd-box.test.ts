import { expect, test } from 'vitest'
import { sshLab } from './ssh-lab.ts'
import { startSshdBox, startSshdFleet } from './sshd-box.ts'

// Only Linux answers on every address of 127.0.0.0/8 without being set up for it.
test.runIf(process.platform === 'linux')(
  'a fleet answers on an address and in a HOME for each box, over more than one daemon',
  async () => {
    const fleet = await startSshdFleet(18, { env: (index) => ({ BOX: `no ${index}` }) })
    using lab = sshLab()
    const answers = await Promise.all(
      fleet.boxes.map(async (at) =>
        lab.run(await lab.enrol({ ...at, user: fleet.user, keyPath: fleet.keyPath }), 'echo "$HOME $BOX"'),
      ),
    )
    expect(answers.map(({ stdout }) => stdout.trim())).toEqual(fleet.boxes.map((at, index) => `${at.home} no ${index}`))
    await fleet.stop()
  },
)

test('a box runs commands in the shell it was given, and ends with all its sessions', async () => {
  const box = await startSshdBox({ shell: '/bin/sh', env: { GREETING: 'hello there' } })
  using lab = sshLab()
  const there = await lab.enrol(box)
  expect(await lab.run(there, 'echo "$0: $GREETING"')).toMatchObject({ stdout: '/bin/sh: hello there\n' })
  expect((await box.sessions()).length).toBeGreaterThan(0)
  await box.stop()
  await expect.poll(() => lab.ssh.openConnections()).toBe(0)
  await expect(lab.ssh.offeredKey(there.boxId, { deadlineMs: 10_000 })).rejects.toMatchObject({
    fault: { code: 'refused' },
  })
})
