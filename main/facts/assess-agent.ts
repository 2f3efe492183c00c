import { channelName, doorName } from '../../shared/channels.ts'
import { counted, dateWords, onWords } from '../base/words.ts'
import type { Assessment } from '../findings/findings.ts'
import type { ObservedAgent } from '../runtimes/observed.ts'
import { byVerdict, type Evidence, fine, trouble } from './assess-rules.ts'
import { crashLoopStops, uncleanStops } from './judge-agent.ts'
import { isRefused } from './judge-permissions.ts'
import { stalledSinceMs } from './judge-update.ts'
import { type Context, dayMs } from './judged.ts'

function assessService(agent: ObservedAgent, evidence: Evidence): Assessment[] {
  return byVerdict('gateway-down', evidence, 'agent.service', 'The agent runs again.', (service) => ({
    severity: 'red',
    state: 'Failing',
    sentence: 'has an agent that does not run',
    detail: agent.service.read && agent.service.value.kind === 'none' ? 'nothing there would start it' : service.text,
    evidence: evidence.show('agent.service', 'agent.crashes', 'config.valid', 'version.disk'),
    nextStep:
      evidence.one('config.valid')?.verdict === 'bad'
        ? 'Repair its config first, then start it.'
        : 'Start the gateway there.',
  }))
}

function assessSuppressed(agent: ObservedAgent, evidence: Evidence, context: Context): Assessment[] {
  if (!agent.ready.read) return []
  const { suppressed } = agent.ready.value
  if (suppressed.length === 0) return [fine('channel-suppressed', evidence.agentId, 'Its channels are started again.')]
  const boot = agent.boots.read ? agent.boots.value[0]?.startedAtMs : undefined
  const names = suppressed.map(channelName).join(', ')
  const crashes = uncleanStops(agent, context.nowMs, 1).length
  return [
    trouble('channel-suppressed', evidence.agentId, {
      severity: 'red',
      state: 'Failing',
      sentence: `is up but does not listen on ${names}`,
      detail:
        crashes > 0
          ? `crashed ${counted(crashes, 'time')} in a day and now holds its channels back`
          : 'after repeated crashes the agent holds its channels back',
      sinceMs: boot ?? null,
      evidence: evidence.show(
        'agent.ready',
        'channel.suppressed',
        'agent.crashes',
        'activity.inbound',
        'agent.service',
      ),
      nextStep: `Start ${names} on the machine, then look at why it crashed.`,
    }),
  ]
}

function assessChannels(agent: ObservedAgent, evidence: Evidence): Assessment[] {
  if (!agent.channels.read) return []
  const suppressed = new Set(agent.ready.read ? agent.ready.value.suppressed : [])
  const down = agent.channels.value.filter((channel) => channel.connected === false && !suppressed.has(channel.channel))
  if (down.length === 0) {
    const sure = agent.channels.value.every((channel) => channel.connected !== null)
    return sure ? [fine('channel-down', evidence.agentId, 'Its channels are connected again.')] : []
  }
  return [
    trouble('channel-down', evidence.agentId, {
      severity: 'red',
      state: 'Failing',
      sentence: `is not connected to ${down.map(doorName).join(', ')}`,
      detail: down.find((channel) => channel.detail)?.detail ?? 'the agent runs, the channel does not',
      evidence: evidence.show('channel.connected', 'agent.ready', 'activity.inbound'),
      nextStep: 'Look at the channel there: a login that ended, or a service that is away.',
    }),
  ]
}

function assessCrashes(agent: ObservedAgent, evidence: Evidence, context: Context): Assessment[] {
  if (!agent.boots.read) return []
  const day = uncleanStops(agent, context.nowMs, 1)
  const last = agent.boots.value.find((boot) => boot.startedAtMs === Math.max(...day))
  if (day.length < crashLoopStops) return [fine('crash-loop', evidence.agentId, 'It has not crashed again for a day.')]
  return [
    trouble('crash-loop', evidence.agentId, {
      severity: 'red',
      state: 'Failing',
      sentence: `crashed ${day.length} times in a day`,
      detail: last?.reason.replaceAll('_', ' ') || 'starts that had no clean end',
      sinceMs: Math.min(...day),
      evidence: evidence.show('agent.crashes', 'agent.ready', 'agent.service', 'version.running', 'system.disk'),
      nextStep: 'Read its log at the last stop.',
    }),
  ]
}

function assessConfig(agent: ObservedAgent, evidence: Evidence): Assessment[] {
  const { agentId } = evidence
  if (!agent.config.read) {
    return [
      trouble('config-unreadable', agentId, {
        severity: 'attention',
        state: 'Not seen',
        sentence: 'has a config that could not be read',
        detail: agent.config.why,
        evidence: evidence.show('config.valid', 'agent.service'),
        nextStep: 'Log in as the user the agent runs as, or correct the rights of the file.',
      }),
    ]
  }
  const running = agent.service.read && agent.service.value.running
  const { problem, schemaProblem, modifiedAtMs } = agent.config.value
  return [
    fine('config-unreadable', agentId, 'Its config can be read again.'),
    ...byVerdict('config-invalid', evidence, 'config.valid', 'Its config is valid again.', () => ({
      severity: 'red',
      state: 'Failing',
      sentence: running
        ? 'has a broken config under a running agent: the next start fails'
        : 'has a broken config and cannot start',
      detail: problem || schemaProblem || 'its own version refuses it',
      sinceMs: modifiedAtMs,
      evidence: evidence.show('config.valid', 'config.changed', 'agent.service', 'config.applied'),
      nextStep: 'Repair the file, or put back the last one that was good, before anything restarts.',
    })),
    ...assessApplied(agent, evidence, modifiedAtMs),
  ]
}

/** A broken file is never taken over: that is one trouble, not two. */
function assessApplied(agent: ObservedAgent, evidence: Evidence, modifiedAtMs: number): Assessment[] {
  const recovery = 'It uses the config on disk.'
  if (evidence.one('config.valid')?.verdict === 'bad') {
    return agent.applied.read
      ? [fine('config-not-applied', evidence.agentId, 'The config on disk is broken; that is the trouble now.')]
      : []
  }
  return byVerdict('config-not-applied', evidence, 'config.applied', recovery, () => ({
    severity: 'attention',
    state: 'Changed',
    sentence: 'does not use the config that is on disk',
    detail: 'changed on disk, not taken over',
    sinceMs: modifiedAtMs,
    evidence: evidence.show('config.applied', 'config.changed', 'config.valid'),
    nextStep: 'Look at what changed, then restart the gateway.',
  }))
}

function assessActivityStore(agent: ObservedAgent, evidence: Evidence): Assessment[] {
  if (agent.activity.read)
    return [fine('runtime-store-unreadable', evidence.agentId, 'Its messages can be counted again.')]
  return [
    trouble('runtime-store-unreadable', evidence.agentId, {
      severity: 'attention',
      state: 'Not seen',
      sentence: 'keeps its messages where we could not count them',
      detail: agent.activity.why,
      evidence: evidence.show('activity.inbound', 'version.disk', 'agent.service'),
      nextStep: 'Nothing tells whether it is silent until this can be read: look at the file named in the evidence.',
    }),
  ]
}

/** An update that stopped halfway explains an agent that does not run; one that failed and put itself back does not. */
function assessUpdate(agent: ObservedAgent, evidence: Evidence, context: Context): Assessment[] {
  return byVerdict('update-stalled', evidence, 'version.update', 'Its update has ended.', (update) => {
    const stopped = update.value === 'stalled'
    const run = agent.update.read ? agent.update.value.run : null
    const down = agent.service.read && !agent.service.value.running
    const since = agent.update.read ? stalledSinceMs(agent.update.value, context.nowMs) : null
    const atMs = since ?? run?.startedAtMs ?? null
    const when = atMs === null ? '' : ` ${onWords(atMs)}`
    return {
      severity: stopped && down ? 'red' : 'attention',
      state: stopped ? 'Failing' : 'Behind',
      sentence: stopped
        ? `has an update of itself that stopped halfway${when}${down ? ', and its agent does not run' : ''}`
        : `tried to update itself${when} and ${update.value === 'rolled-back' ? 'put itself back' : 'failed'}`,
      detail: run?.reason || (stopped ? update.text : 'it runs what it ran before'),
      sinceMs: atMs,
      evidence: evidence.show('version.update', 'version.disk', 'version.running', 'agent.service', 'system.disk'),
      nextStep: stopped
        ? 'Look at what it has installed, then let the update run again to its end.'
        : 'Read why the update failed before you try it again.',
    }
  })
}

/** The system refuses the channel what it reads or steers: seen in the agent's own log, with no good reply since. */
function assessPermissions(agent: ObservedAgent, evidence: Evidence): Assessment[] {
  if (!agent.permissions.read) return []
  const refused = agent.permissions.value.filter((permission) => isRefused(permission, agent))
  const [first] = refused
  if (first === undefined) {
    const sure = evidence.all('channel.permission').every(({ verdict }) => verdict === 'ok')
    return sure ? [fine('channel-permission', evidence.agentId, 'The system lets its channel work.')] : []
  }
  return [
    trouble('channel-permission', evidence.agentId, {
      severity: 'red',
      state: 'Failing',
      sentence: `is refused ${first.what} by its system, so ${refused.map(doorName).join(', ')} cannot work`,
      detail: `last refused ${first.refusedAtMs === null ? '' : onWords(first.refusedAtMs)}`.trim(),
      sinceMs: first.refusedAtMs,
      evidence: evidence.show('channel.permission', 'channel.connected', 'system.os', 'system.boot', 'version.disk'),
      nextStep: `Give the program that runs the agent ${first.what} there: System Settings, Privacy and Security. It needs a person at the screen.`,
    }),
  ]
}

function assessBackup(evidence: Evidence, context: Context): Assessment[] {
  return byVerdict('backup-old', evidence, 'backup.last', 'It has a fresh backup.', (backup) => ({
    severity: 'attention',
    state: 'Changed',
    sentence:
      typeof backup.value !== 'number'
        ? 'has never been backed up'
        : context.nowMs - backup.value > dayMs * 7
          ? `was last backed up ${dateWords(backup.value)}`
          : 'has a backup that failed',
    detail: 'without one, going back is not possible',
    sinceMs: typeof backup.value === 'number' ? backup.value : null,
    evidence: evidence.show('backup.last', 'version.disk'),
    nextStep: 'Make a verified backup on the machine.',
  }))
}

/** Findings about one agent that its own facts decide. Silence is the next rung's. */
export const assessAgent = (agent: ObservedAgent, evidence: Evidence, context: Context): Assessment[] => [
  ...assessService(agent, evidence),
  ...assessSuppressed(agent, evidence, context),
  ...assessChannels(agent, evidence),
  ...assessCrashes(agent, evidence, context),
  ...assessConfig(agent, evidence),
  ...assessUpdate(agent, evidence, context),
  ...assessPermissions(agent, evidence),
  ...assessActivityStore(agent, evidence),
  ...assessBackup(evidence, context),
]
