import { satisfies, validRange } from 'semver'
import { counted, dateWords, spanWords } from '../base/words.ts'
import type { Observed, ObservedAgent, ObservedMachine } from '../runtimes/observed.ts'
import { type Context, fact, type Judged, judgeRead } from './judged.ts'
import { rangeWords } from './node-range.ts'

const gigabyte = 1e9

/** Under 10 % or 5 GB free is a warning, under 1 GB is bad: an update needs about 1 GB (openclaw.md §3). */
function judgeDisk(machine: ObservedMachine): Judged {
  return judgeRead('system.disk', machine.disk, ({ freeBytes, totalBytes }) => {
    const short = freeBytes < 5 * gigabyte || freeBytes < totalBytes * 0.1
    const free = freeBytes < 10 * gigabyte ? (freeBytes / gigabyte).toFixed(1) : Math.round(freeBytes / gigabyte)
    return {
      verdict: freeBytes < gigabyte ? 'bad' : short ? 'warn' : 'ok',
      text: `${free} of ${Math.round(totalBytes / gigabyte)} GB free`,
      value: freeBytes,
    }
  })
}

/** "12 min", "2 h", "2 h 20 min": to the minute, because a difference of whole hours tells a wrong time zone. */
function skewWords(ms: number): string {
  const minutes = Math.round(ms / 60_000)
  const hours = Math.floor(minutes / 60)
  if (hours >= 48) return spanWords(ms)
  return [hours > 0 ? `${hours} h` : '', minutes % 60 > 0 ? `${minutes % 60} min` : ''].filter(Boolean).join(' ')
}

/** More than 5 minutes off is a warning, more than an hour is bad: schedules and hours go wrong then. */
function judgeClock(machine: ObservedMachine, context: Context): Judged {
  const skewMs = machine.nowMs - context.nowMs
  const off = Math.abs(skewMs)
  const seconds = Math.round(skewMs / 1000)
  return fact('system.clock', {
    verdict: off > 3_600_000 ? 'bad' : off > 300_000 ? 'warn' : 'ok',
    text: off < 60_000 ? 'right' : `${skewWords(off)} ${skewMs > 0 ? 'ahead' : 'behind'}`,
    value: off < 60_000 ? 0 : seconds,
    source: "the machine's own clock beside this computer's",
    raw: `there ${new Date(machine.nowMs).toISOString()}, here ${new Date(context.nowMs).toISOString()}`,
  })
}

/** macOS and Windows start a person's agent only after that person logged in (openclaw.md §6). */
const needsLogin = (platform: string): boolean => platform === 'darwin' || platform === 'win32'

/** An agent that its owner's login starts; one whose service could not be read may be such a one. */
export const startsAtLogin = (agent: ObservedAgent): boolean =>
  !agent.service.read || agent.service.value.kind === 'launchd' || agent.service.value.kind === 'scheduled-task'

const judgeSession = ({ machine, agents }: Observed): Judged =>
  judgeRead('system.session', machine.session, ({ present, user }) => ({
    verdict: present || !needsLogin(machine.platform) || !agents.some(startsAtLogin) ? 'ok' : 'warn',
    text: present ? `${user || 'someone'} is logged in` : 'nobody is logged in',
    value: present,
  }))

/** A system that restarts by itself at night is a warning on a machine whose agent waits for a login. */
function judgeRestart({ machine, agents }: Observed): Judged {
  return judgeRead('system.restart', machine.pendingRestart, ({ pending, byItself, detail }) => {
    const atNight = byItself === true && needsLogin(machine.platform) && agents.some(startsAtLogin)
    const wanted = pending && (machine.platform !== 'darwin' || atNight)
    return {
      verdict: wanted ? 'warn' : 'ok',
      text: pending ? `${detail}${byItself === true ? ', and it restarts by itself' : ''}` : detail || 'none',
      value: pending,
    }
  })
}

function judgeNode(observed: Observed): Judged {
  const { nodeVersion, nodePath } = observed.machine
  const needs = observed.agents
    .map((agent) => (agent.install.read ? agent.install.value.needsNode : ''))
    .filter((range) => validRange(range) !== null && range !== '')
  const unmet = needs.find((range) => !satisfies(nodeVersion, range))
  return fact('system.node', {
    verdict: unmet ? 'warn' : 'ok',
    text: unmet
      ? `${nodeVersion.replace(/^v/, '')}; the agent here asks for ${rangeWords(unmet)}`
      : nodeVersion.replace(/^v/, ''),
    value: nodeVersion.replace(/^v/, ''),
    source: nodePath,
    raw: { nodeVersion, needs },
  })
}

const osNames: Record<string, string> = { darwin: 'macOS', win32: 'Windows', linux: 'Linux' }

function judgeOs({ machine }: Observed): Judged {
  const name = machine.osName === machine.platform ? '' : machine.osName
  // A name that holds its own version needs no second one, the kernel's.
  const release = /\d/.test(name) ? '' : machine.osRelease
  const text = [name || osNames[machine.platform] || machine.platform, release].filter(Boolean).join(' ')
  const raw = { platform: machine.platform, release: machine.osRelease, arch: machine.arch, hostName: machine.hostName }
  return fact('system.os', { verdict: 'ok', text, value: machine.platform, source: "the machine's Node", raw })
}

/** Facts about the machine itself, whatever runs on it. */
export function judgeSystem(observed: Observed, context: Context): Judged[] {
  const { machine } = observed
  return [
    fact('reach.answers', {
      verdict: 'ok',
      text: 'yes',
      value: true,
      source: 'this sweep',
      raw: `answered in ${Math.round(context.tookMs)} ms; ${counted(observed.agents.length, 'agent')} found`,
    }),
    fact('reach.login', {
      verdict: 'ok',
      text: `as ${machine.user || context.user}`,
      value: machine.user || context.user,
      source: 'this sweep',
      raw: { user: machine.user, uid: machine.uid },
    }),
    judgeOs(observed),
    judgeNode(observed),
    judgeRead('system.boot', machine.bootedAtMs, (atMs) => ({
      verdict: 'ok',
      text: dateWords(atMs),
      value: Math.round(atMs / 60_000) * 60_000,
    })),
    judgeSession(observed),
    judgeRestart(observed),
    judgeDisk(machine),
    judgeRead('system.encryption', machine.encryption, ({ on, detail }) => ({
      verdict: on ? 'ok' : 'warn',
      text: on ? `on${detail ? `: ${detail}` : ''}` : `off${detail ? `: ${detail}` : ''}`,
      value: on,
    })),
    judgeClock(machine, context),
    judgeRead('system.sleep', machine.sleep, ({ sleeps, detail }) => ({
      verdict: sleeps ? 'warn' : 'ok',
      text: sleeps ? `sleeps when idle${detail ? `: ${detail}` : ''}` : 'stays awake',
      value: sleeps,
    })),
  ]
}
