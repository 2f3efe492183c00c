import { minVersion, satisfies, validRange } from 'semver'
import { counted, spanWords } from '../base/words.ts'
import type { Assessment } from '../findings/findings.ts'
import type { ObservedAgent } from '../runtimes/observed.ts'
import { byVerdict, type Evidence, fine, trouble } from './assess-rules.ts'
import { isOlder } from './judge-versions.ts'
import { type Context, dayMs } from './judged.ts'
import { type Gap, gapVerdict, type Install, versionGap } from './version-gap.ts'

const shown = ['version.gap', 'version.days', 'version.disk', 'version.newest', 'version.fetched'] as const

function behindDetail(gap: Gap, install: Install, nodeVersion: string): string {
  const days = gap.days === null ? 'days not known' : counted(gap.days, 'day')
  const node = nodeVersion.replace(/^v/, '')
  const needs = validRange(install.needsNode) && install.needsNode !== '' && !satisfies(node, install.needsNode)
  const short = (version: string) => version.replace(/\.0$/, '')
  return needs
    ? `${days} · needs Node ${short(minVersion(install.needsNode)?.version ?? install.needsNode)} first, has ${short(node)}`
    : `${days} · has ${install.version || 'an unknown version'}, Node ${node}`
}

function nextStepOf(gap: Gap, context: Context): string {
  if (gap.unit === 'commit')
    return gap.atLeast
      ? 'Fetch on the machine to see how far it is behind, then update it.'
      : 'Update it from its own branch, and build it.'
  return context.newest ? `Update it to ${context.newest.version}, after its Node if that is too old.` : 'Update it.'
}

function assessGap(install: Install, nodeVersion: string, evidence: Evidence, context: Context): Assessment[] {
  const gap = versionGap(install, context)
  if (!gap) return []
  const { agentId } = evidence
  const verdict = gapVerdict(gap, context)
  const looked =
    gap.fetchedAtMs === null
      ? 'it never looked for updates'
      : `it last looked for updates ${spanWords(context.nowMs - gap.fetchedAtMs)} ago`
  const longAgo = gap.fetchedAtMs === null || context.nowMs - gap.fetchedAtMs >= context.amberDays * dayMs
  const older = isOlder(install.version, context) === true
  const blind =
    gap.unit === 'commit' &&
    (gap.count === null ? older || longAgo : gap.count === 0 && gap.atLeast && (older || longAgo))
  const unknown = blind
    ? trouble('behind-unknown', agentId, {
        severity: 'attention',
        state: 'Behind',
        sentence:
          older || gap.count === null ? `is behind, nobody knows how far: ${looked}` : `may be behind: ${looked}`,
        detail: `has ${install.version || 'an unknown version'}${context.newest ? `, ${context.newest.version} is out` : ''}`,
        sinceMs: gap.fetchedAtMs,
        evidence: evidence.show(...shown),
        nextStep: 'Fetch on the machine so that it can be counted.',
      })
    : fine('behind-unknown', agentId, 'How far it is behind is known again.')
  if (verdict !== 'warn' && verdict !== 'bad') {
    return verdict === 'ok' ? [unknown, fine('behind', agentId, 'It is up to date enough.')] : [unknown]
  }
  const count = counted(gap.count ?? 0, gap.unit)
  return [
    unknown,
    trouble('behind', agentId, {
      severity: verdict === 'bad' ? 'red' : 'attention',
      state: 'Behind',
      sentence: gap.atLeast ? `is at least ${count} behind` : `is ${count} behind`,
      detail: behindDetail(gap, install, nodeVersion),
      sinceMs: gap.days === null ? null : context.nowMs - gap.days * dayMs,
      evidence: evidence.show(...shown),
      nextStep: nextStepOf(gap, context),
    }),
  ]
}

/** Version findings that need no new answer of the machine: judged again when a newer version is heard of. */
export const assessGapOf = (
  install: ObservedAgent['install'],
  nodeVersion: string,
  evidence: Evidence,
  context: Context,
): Assessment[] => (install.read ? assessGap(install.value, nodeVersion, evidence, context) : [])

export function assessVersions(
  agent: ObservedAgent,
  nodeVersion: string,
  evidence: Evidence,
  context: Context,
): Assessment[] {
  return [
    ...assessGapOf(agent.install, nodeVersion, evidence, context),
    ...byVerdict('stale-build', evidence, 'version.built', 'The build is made of what was pulled.', () => ({
      severity: 'attention',
      state: 'Behind',
      sentence: 'pulled newer code and never built it',
      detail: evidence.one('version.built')?.text ?? '',
      evidence: evidence.show('version.built', 'version.commit', 'version.disk'),
      nextStep: 'Build it there and restart the gateway.',
    })),
    ...byVerdict('not-restarted', evidence, 'version.running', 'It runs the installed version.', (running) => ({
      severity: 'attention',
      state: 'Behind',
      sentence: `still runs ${String(running.value)} although ${evidence.one('version.disk')?.text ?? 'another version'} is installed`,
      detail: 'updated on disk, not restarted',
      evidence: evidence.show('version.running', 'version.disk', 'agent.service'),
      nextStep: 'Restart the gateway.',
    })),
    ...byVerdict('local-patches', evidence, 'version.patches', 'No files differ from what was shipped.', (patches) => ({
      severity: 'attention',
      state: 'Changed',
      sentence: `carries local patches: ${patches.text}`,
      detail: 'an update may undo or refuse them',
      evidence: evidence.show('version.patches', 'version.install', 'version.disk'),
      nextStep: 'Write down what the patches are for, or take them out.',
    })),
  ]
}
