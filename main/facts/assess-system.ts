import { onWords } from '../base/words.ts'
import type { Assessment } from '../findings/findings.ts'
import type { Observed } from '../runtimes/observed.ts'
import { byVerdict, type Evidence, fine, trouble } from './assess-rules.ts'
import { startsAtLogin } from './judge-system.ts'

/**
 * Nobody logged in matters only where an agent that a login starts does not run: then it is why. One that runs all the
 * same, or that no login starts, has no such trouble.
 */
function assessSession(observed: Observed, evidence: Evidence): Assessment[] {
  const session = evidence.one('system.session')
  if (!session || session.verdict === 'unknown') return []
  if (session.value === true) return [fine('nobody-logged-in', null, 'Someone is logged in.')]
  const waiting = observed.agents.some(
    (agent) => startsAtLogin(agent) && agent.service.read && !agent.service.value.running,
  )
  if (session.verdict === 'ok' || !waiting)
    return [fine('nobody-logged-in', null, 'The agent runs without anybody at the screen.')]
  const booted = observed.machine.bootedAtMs.read ? observed.machine.bootedAtMs.value : null
  return [
    trouble('nobody-logged-in', null, {
      severity: 'red',
      state: 'Failing',
      sentence:
        booted === null
          ? 'has nobody logged in, so its agent does not run'
          : `restarted ${onWords(booted)} and nobody has logged in since, so its agent never started`,
      detail: 'the agent starts only after a person logs in at the screen',
      sinceMs: booted,
      evidence: evidence.show('system.session', 'system.boot', 'system.os', 'system.encryption'),
      nextStep: 'Ask someone there to log in once, or turn on automatic login.',
    }),
  ]
}

function assessRestart(observed: Observed, evidence: Evidence): Assessment[] {
  const { pendingRestart } = observed.machine
  return byVerdict('restart-pending', evidence, 'system.restart', 'No restart waits any more.', (restart) => {
    const byItself = pendingRestart.read && pendingRestart.value.byItself === true
    return {
      severity: 'attention',
      state: 'Changed',
      sentence: byItself
        ? 'will restart by itself for an update, and its agent then waits for a login'
        : 'waits for a restart of its system',
      detail: pendingRestart.read ? pendingRestart.value.detail : restart.text,
      sinceMs: pendingRestart.read ? pendingRestart.value.sinceMs : null,
      evidence: evidence.show('system.restart', 'system.boot', 'system.os', 'system.session'),
      nextStep: byItself
        ? 'Install it while someone can log in afterwards, or turn on automatic login.'
        : 'Restart it at an hour when nobody writes, and see that the agent comes back.',
    }
  })
}

/** Findings about the machine itself. */
export function assessSystem(observed: Observed, evidence: Evidence): Assessment[] {
  return [
    ...assessSession(observed, evidence),
    ...assessRestart(observed, evidence),
    ...byVerdict('disk-full', evidence, 'system.disk', 'There is room on the disk again.', (disk) => ({
      severity: disk.verdict === 'bad' ? 'red' : 'attention',
      state: 'Failing',
      sentence: disk.verdict === 'bad' ? `has almost no disk left: ${disk.text}` : `is short of disk: ${disk.text}`,
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
    ...byVerdict('change-left', evidence, 'change.open', 'No change is half-way there.', (change) => ({
      severity: change.verdict === 'bad' ? 'red' : 'attention',
      state: 'Changed',
      sentence: `says: ${change.text}`,
      detail:
        change.verdict === 'bad'
          ? 'it goes back with the next connection of this console'
          : 'the config from before lies beside the one in use',
      evidence: evidence.show('change.open', 'system.boot'),
      nextStep:
        change.verdict === 'bad'
          ? 'Ask the machine how its changes stand.'
          : 'Look at its config on the machine, then remove the file that lies beside it.',
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
