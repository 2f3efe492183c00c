import type { Verdict } from '../../shared/contract/index.ts'
import { counted, spanWords } from '../base/words.ts'
import type { Assessment } from '../findings/findings.ts'
import type { ObservedAgent } from '../runtimes/observed.ts'
import { byVerdict, type Evidence, fine, trouble } from './assess-rules.ts'
import { needOf } from './judge-needs.ts'
import { isOlder } from './judge-versions.ts'
import { type Context, dayMs } from './judged.ts'
import { type Gap, gapVerdict, type Install, labGap, versionGap } from './version-gap.ts'

const shown = ['version.gap', 'version.days', 'version.needs', 'version.disk', 'version.fetched'] as const
const shownOfLab = ['version.lab', 'version.lab-days', 'version.needs', 'version.disk', 'version.fetched'] as const

const needWords = (install: Install, context: Context): string[] => {
  const need = needOf(install, context)
  if (need === null || need === 'unknown' || need.node === null) return []
  return [`needs Node ${need.node} first, has ${need.has}`]
}

function nextStepOf(gap: Gap, install: Install, context: Context): string {
  const need = needOf(install, context)
  if (need !== null && need !== 'unknown' && need.node !== null)
    return `Bring Node ${need.node} there first, then ${need.version}.`
  if (gap.unit === 'commit')
    return gap.atLeast
      ? 'Fetch on the machine to see how far it is behind, then update it.'
      : 'Update it from its own branch, and build it.'
  return context.newest ? `Update it to ${context.newest.version}.` : 'Update it.'
}

/** "366 commits and 23 days", "at least 3 releases". */
function distanceWords(gap: Gap): string {
  const days = gap.days === null || gap.days === 0 ? '' : ` and ${counted(gap.days, 'day')}`
  return `${gap.atLeast ? 'at least ' : ''}${counted(gap.count ?? 0, gap.unit)}${days}`
}

const worse: Record<Verdict, number> = { bad: 3, warn: 2, unknown: 1, ok: 0 }

function assessGap(install: Install, evidence: Evidence, context: Context): Assessment[] {
  const newest = versionGap(install, context)
  const lab = labGap(install, context)
  if (!newest) return []
  const { agentId } = evidence
  const byNewest = gapVerdict(newest, context)
  const byLab = lab ? gapVerdict(lab, context) : 'ok'
  const worst = worse[byLab] > worse[byNewest] ? byLab : byNewest
  // The lab machine is what an operator compares with; where it has no more than this one, the newest known speaks.
  const [gap, than] = lab?.count ? [lab, ' behind your lab machine'] : [newest, ' behind']
  const known = gap.count !== null && gap.count > 0
  const older = isOlder(install.version, context) === true
  const lookedLongAgo = newest.fetchedAtMs === null || context.nowMs - newest.fetchedAtMs >= context.amberDays * dayMs
  const looked =
    newest.fetchedAtMs === null
      ? 'it never looked for updates'
      : `it last looked for updates ${spanWords(context.nowMs - newest.fetchedAtMs)} ago`
  const blind =
    !known && newest.unit === 'commit' && (newest.behind || (byNewest === 'unknown' && (older || lookedLongAgo)))
  const unknown = blind
    ? trouble('behind-unknown', agentId, {
        severity: 'attention',
        state: 'Behind',
        sentence: newest.behind || older ? `is behind, nobody knows how far: ${looked}` : `may be behind: ${looked}`,
        detail: [
          ...needWords(install, context),
          `has ${install.version || 'an unknown version'}${context.newest ? `, ${context.newest.version} is out` : ''}`,
        ].join(' · '),
        sinceMs: newest.fetchedAtMs,
        evidence: evidence.show('version.gap', 'version.fetched', 'version.commit', 'version.disk', 'version.needs'),
        nextStep:
          'Name a checkout of it on this computer in Settings, or fetch on the machine, so that it can be counted.',
      })
    : fine('behind-unknown', agentId, 'How far it is behind is known again.')
  if (!known || (worst !== 'warn' && worst !== 'bad'))
    return worst === 'ok' ? [unknown, fine('behind', agentId, 'It is up to date enough.')] : [unknown]
  return [
    unknown,
    trouble('behind', agentId, {
      severity: worst === 'bad' ? 'red' : 'attention',
      state: 'Behind',
      sentence: `is ${distanceWords(gap)}${than}`,
      detail: [
        ...needWords(install, context),
        ...(gap.days === null ? ['days not known'] : []),
        `has ${install.version || 'an unknown version'}`,
        gap === lab && context.lab ? `${context.lab.boxName} has ${context.lab.version}` : '',
      ]
        .filter(Boolean)
        .join(' · '),
      // Well inside of that day: a window whose clock is a moment late would say one day less than the sentence.
      sinceMs: gap.days === null ? null : context.nowMs - gap.days * dayMs - 60_000,
      evidence: evidence.show(...(gap === lab ? shownOfLab : shown)),
      nextStep: nextStepOf(gap, install, context),
    }),
  ]
}

/** Version findings that need no new answer of the machine: judged again when a newer version is heard of. */
export const assessGapOf = (install: ObservedAgent['install'], evidence: Evidence, context: Context): Assessment[] =>
  install.read ? assessGap(install.value, evidence, context) : []

export function assessVersions(agent: ObservedAgent, evidence: Evidence, context: Context): Assessment[] {
  return [
    ...assessGapOf(agent.install, evidence, context),
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
