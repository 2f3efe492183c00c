import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { ApplyId, ApplyJob, CarriedCommand } from '../../shared/contract/index.ts'
import { newId } from '../base/ids.ts'
import { applyConsole, endOf, requestFor } from '../testing/apply-lab.ts'
import { installOpenclaw } from '../testing/openclaw.ts'
import { type RealFaultyBox, startRealFaultyBox } from '../testing/real-faulty.ts'
import { usualTimes } from './carry-out.ts'

vi.setConfig({ testTimeout: 600_000, hookTimeout: 600_000 })

let box: RealFaultyBox
beforeAll(async () => {
  box = await startRealFaultyBox(await installOpenclaw('2026.9.6'))
})
afterAll(() => box.stop())

const dangerous = 'gateway.controlUi.dangerouslyDisableDeviceAuth'
const set = (value: string, undo: string): CarriedCommand => ({
  run: `openclaw config set ${value}`,
  undo: `openclaw config set ${undo}`,
  deadlineS: 120,
  when: 'after',
})

test('a command of the runtime itself writes the config of a running gateway; one that opens it goes back', async () => {
  const lab = applyConsole()
  try {
    const known = await lab.know(box.sshd, box.stateDir)
    const apply = lab.openConsole({ times: { ...usualTimes, connectMs: 60_000, stepMs: 120_000 } })
    const made = async (commands: CarriedCommand[]): Promise<ApplyJob> => {
      const { baseSha256 } = requestFor({ ...box, ...known }, [])
      const applyId = newId<ApplyId>()
      await apply.startAgreed({ ...known, applyId, changes: [], baseSha256, commands })
      const job = await endOf(apply, applyId)
      await apply.idle(known.boxId)
      return job
    }
    const kept = await made([set('logging.level debug', 'logging.level info')])
    expect([kept.outcome, kept.words]).toEqual([
      'changed',
      expect.stringContaining('A command rewrote settings under logging.'),
    ])
    expect(JSON.parse(box.text()).logging.level).toBe('debug')
    await vi.waitFor(async () => expect(await box.isWhole()).toBe(true), { timeout: 120_000, interval: 250 })

    const before = box.text()
    const opened = await made([set(`${dangerous} true`, `${dangerous} false`)])
    expect(opened.outcome, opened.words).toBe('reverted')
    expect(opened.words).toContain('login switched off')
    // Its inverse writes it too, and the old one is back to the byte all the same.
    expect(opened.words).toContain(`was undone by “openclaw config set ${dangerous} false”.`)
    expect(box.text()).toBe(before)
    await vi.waitFor(async () => expect(await box.isWhole()).toBe(true), { timeout: 120_000, interval: 250 })
    await apply.close()
  } finally {
    lab.close()
  }
})
