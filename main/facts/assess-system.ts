import { standingWords } from '../base/words.ts'
import type { Assessment } from '../findings/findings.ts'
import type { Observed } from '../runtimes/observed.ts'
import { byVerdict, type Evidence, fine, trouble } from './assess-rules.ts'

/** Nobody logged in matters only where an agent is meant to run and does not: then it is why. */
function assessSession(observed: Observed, evidence: Evidence, nowMs: number): Assessment[] {
  const session = evidence.one('system.session')
  if (!session || session.verdict === 'unknown') return []
  const down = observed.agents.some((agent) => agent.service.read && !agent.service.value.running)
  if (session.verdict === 'ok') return [fine('nobody-logged-in', null, 'Someone is logged in.')]
  const booted = observed.machine.bootedAtMs.read ? observed.machine.bootedAtMs.value : null
  const since = booted === null ? '' : ` since it started ${standingWords(booted, nowMs)}`
  return [
    trouble('nobody-logged-in', null, {
      severity: down ? 'red' : 'attention',
      state: 'Failing',
      sentence: down ? `has nobody logged in${since}, so the agent never started` : `has nobody logged in${since}`,
      detail: 'the agent starts only after a person logs in at the screen',
      sinceMs: booted,
      evidence: evidence.show('system.session', 'system.boot', 'system.os'),
      nextStep: 'Ask someone there to log in once, or turn on automatic login.',
    }),
  ]
}

/** Findings about the machine itself. */
export function assessSystem(observed: Observed, evidence: Evidence, nowMs: number): Assessment[] {
  return [
    ...assessSession(observed, evidence, nowMs),
    ...byVerdict('disk-full', evidence, 'system.disk', 'There is room on the disk again.', (disk) => ({
      severity: disk.verdict === 'bad' ? 'red' : 'attention',
      state: 'Failing',
      sentence:
        disk.verdict === 'bad' ? `has almost no disk left: ${disk.text}` : `is short of disk: ${disk.text} free`,
      detail: 'an update needs about 1 GB, and a full disk stops the agent',
      evidence: evidence.show('system.disk', 'system.os'),
      nextStep: 'Make room on the machine: old logs and installers first.',
    })),
    ...byVerdict('clock-off', evidence, 'system.clock', 'The clock is right again.', (clock) => ({
      severity: clock.verdict === 'bad' ? 'red' : 'attention',
      state: 'Failing',
      sentence: `has its clock ${clock.text}`,
      detail: 'reminders and hours go wrong, and logins may fail',
      evidence: evidence.show('system.clock', 'system.os', 'system.boot'),
      nextStep: 'Turn on automatic time there.',
    })),
    ...byVerdict('sleeps', evidence, 'system.sleep', 'It stays awake.', (sleep) => ({
      severity: 'attention',
      state: 'Changed',
      sentence: 'goes to sleep when idle',
      detail: 'asleep it answers nobody',
      evidence: evidence
        .show('system.sleep', 'system.os')
        .concat(sleep.source ? [{ name: 'Read from', value: sleep.source, takenAtMs: evidence.takenAtMs }] : []),
      nextStep: 'Turn sleep off on the machine.',
    })),
    ...byVerdict('not-encrypted', evidence, 'system.encryption', 'The disk is encrypted.', () => ({
      severity: 'attention',
      state: 'Changed',
      sentence: 'keeps client data on a disk that is not encrypted',
      detail: 'whoever takes the machine can read it',
      evidence: evidence.show('system.encryption', 'system.os'),
      nextStep: 'Turn on disk encryption there, and keep its recovery key.',
    })),
  ]
}
