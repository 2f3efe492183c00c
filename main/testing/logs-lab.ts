import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { BoxId, LogRecord, LogStart } from '../../shared/contract/index.ts'
import { systemClock } from '../base/clock.ts'
import { silentLog } from '../base/log.ts'
import { createFindings } from '../findings/findings.ts'
import { createCollector, createLogs, createTails } from '../logs/logs.ts'
import { createOnbox } from '../onbox/onbox.ts'
import { sshLab } from './ssh-lab.ts'
import { type SshdBox, startSshdBox } from './sshd-box.ts'

/** Real sshd boxes whose logs a real collector brings into a real store. */
export function logsLab() {
  const lab = sshLab()
  const { store, ledger, inventory, changes } = lab
  const boxes: SshdBox[] = []
  const logs = createLogs({ store, ledger, inventory, clock: systemClock, log: silentLog, changes })
  const findings = createFindings({ store, ledger, inventory, clock: systemClock, changes, workflowsOf: () => [] })
  const onbox = createOnbox({
    ssh: lab.ssh,
    inventory,
    clock: systemClock,
    log: silentLog,
    boxProgramsDir: path.resolve('out/box'),
  })
  const collector = createCollector({
    store,
    logs,
    onbox,
    inventory,
    findings,
    clock: systemClock,
    log: silentLog,
    wanted: () => true,
  })
  const tails = createTails({
    logs,
    onbox,
    inventory,
    collector,
    clock: systemClock,
    log: silentLog,
    changes,
    wanted: () => true,
    deadlineMs: () => 20_000,
  })
  return {
    ...lab,
    logs,
    findings,
    onbox,
    collector,
    tails,
    /** A box with `node` in its path; one without a home of its own gets an agent that logs into `openclaw.log` there. */
    async box(home?: string): Promise<{ boxId: BoxId; home: string; sshd: SshdBox }> {
      const sshd = await startSshdBox({
        ...(home === undefined ? {} : { home }),
        env: { PATH: `${path.dirname(process.execPath)}:/usr/bin:/bin` },
      })
      boxes.push(sshd)
      if (home === undefined) {
        mkdirSync(path.join(sshd.home, '.openclaw', 'logs'), { recursive: true })
        const settings = { logging: { file: path.join(sshd.home, 'openclaw.log') } }
        writeFileSync(path.join(sshd.home, '.openclaw', 'openclaw.json'), JSON.stringify(settings))
      }
      const { boxId } = await lab.enrol(sshd)
      return { boxId, home: sshd.home, sshd }
    },
    /** Waits until what these boxes have is here. */
    async collect(...boxIds: BoxId[]): Promise<void> {
      for (const boxId of boxIds) collector.answered(boxId, 0)
      await collector.idle()
    },
    /** Everything that is kept of a box, oldest first. */
    async records(boxId: BoxId): Promise<LogRecord[]> {
      const records: LogRecord[] = []
      let at: LogStart | null = 'oldest'
      while (at !== null) {
        const page = await logs.page({ query: { boxIds: [boxId] }, at, direction: 'newer', limit: 500 })
        records.push(...page.records)
        at = page.next
      }
      return records
    },
    async close(): Promise<void> {
      await tails.close()
      await collector.close()
      await logs.close()
      onbox.close()
      lab.ssh.close()
      for (const sshd of boxes) await sshd.stop()
      lab[Symbol.dispose]()
    },
  }
}

export type LogsLab = ReturnType<typeof logsLab>
