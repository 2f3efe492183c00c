import { counted, dateWords } from '../base/words.ts'
import type { ObservedAgent } from '../runtimes/observed.ts'
import { judgeNeeds } from './judge-needs.ts'
import { type Context, dayMs, fact, type Judged, judgeRead, unread } from './judged.ts'
import { type Gap, gapVerdict, gapWords, type Install, labGap, labWords, versionGap } from './version-gap.ts'
import { compareVersions } from './version-list.ts'

function judgeGap(install: Install, context: Context): Judged[] {
  const gap = versionGap(install, context)
  if (!gap) {
    const why = install.version ? 'no newest version is known yet' : 'the installed version is not known'
    return [unread('version.gap', why, 'the console'), unread('version.days', why, 'the console')]
  }
  const verdict = gapVerdict(gap, context)
  const { source, raw } = gap
  return [
    fact('version.gap', { verdict, text: gapWords(gap, context), value: gap.count, source, raw }),
    daysFact('version.days', gap, context),
  ]
}

function daysFact(key: 'version.days' | 'version.lab-days', gap: Gap, context: Context): Judged {
  const { days, count, source, raw } = gap
  if (days === null) {
    const text = 'not known: no date for one of the versions'
    return fact(key, { verdict: 'unknown', text, value: null, source, raw })
  }
  const byDays = days >= context.redDays ? 'bad' : days >= context.amberDays ? 'warn' : 'ok'
  const verdict = count === 0 ? gapVerdict(gap, context) : byDays
  return fact(key, { verdict, text: counted(days, 'day'), value: days, source, raw })
}

function judgeLab(install: Install, context: Context): Judged[] {
  const gap = labGap(install, context)
  if (!gap || !context.lab) return []
  const { source, raw } = gap
  return [
    fact('version.lab', {
      verdict: gapVerdict(gap, context),
      text: labWords(gap, context.lab.boxName),
      value: gap.count,
      source,
      raw,
    }),
    daysFact('version.lab-days', gap, context),
  ]
}

function judgeNewest(context: Context): Judged {
  if (!context.newest) return unread('version.newest', 'no version has been seen yet', 'the console')
  const { version, source, publishedAtMs } = context.newest
  return fact('version.newest', {
    verdict: 'ok',
    text: version,
    value: version,
    source,
    raw: { version, publishedAtMs },
  })
}

function judgeGit(install: Install, source: string, context: Context): Judged[] {
  if (install.kind !== 'git') return []
  if (!install.git?.read) {
    const why = install.git ? install.git.why : 'git said nothing'
    return [
      unread('version.commit', why, source),
      unread('version.built', why, source),
      unread('version.fetched', why, source),
    ]
  }
  const git = install.git.value
  const short = git.commit.slice(0, 8)
  const built = install.builtCommit
  const same = built !== null && (git.commit.startsWith(built) || built.startsWith(git.commit))
  return [
    fact('version.commit', {
      verdict: 'ok',
      text: `${short}${git.branch ? ` on ${git.branch}` : ''}`,
      value: git.commit,
      source: install.git.source,
      raw: git,
    }),
    built === null
      ? unread('version.built', 'the build does not say what it was made of', install.git.source)
      : fact('version.built', {
          verdict: same ? 'ok' : 'warn',
          text: same ? short : `${built.slice(0, 8)}, not the ${short} that was pulled`,
          value: built,
          source: install.git.source,
          raw: git,
        }),
    fact('version.fetched', {
      verdict:
        git.fetchedAtMs === null
          ? 'unknown'
          : context.nowMs - git.fetchedAtMs > context.amberDays * dayMs
            ? 'warn'
            : 'ok',
      text: git.fetchedAtMs === null ? 'never' : dateWords(git.fetchedAtMs),
      value: git.fetchedAtMs,
      source: install.git.source,
      raw: git,
    }),
  ]
}

const patchBasis = {
  git: 'none',
  hashes: 'none',
  dates: 'none by their dates: this version carries no hashes to compare with',
} as const

function judgePatches(agent: ObservedAgent, install: Install): Judged {
  const git = install.git?.read ? install.git.value : null
  return judgeRead('version.patches', agent.patchedFiles, ({ by, files }) => {
    const differing = Math.max(files.length, git?.dirtyFiles ?? 0)
    const unpushed = git?.ahead ?? 0
    const names = files.slice(0, 3).join(', ')
    const parts = [
      ...(differing > 0
        ? [`${counted(differing, 'file differs', 'files differ')}${names === '' ? '' : `: ${names}`}`]
        : []),
      ...(unpushed > 0 ? [`${counted(unpushed, 'commit exists', 'commits exist')} only there`] : []),
    ]
    return {
      verdict: parts.length > 0 ? 'warn' : 'ok',
      text: parts.length > 0 ? parts.join(' · ') : patchBasis[by],
      value: differing + unpushed,
      raw: { by, files, unpushed },
    }
  })
}

function judgeRunning(agent: ObservedAgent, install: Install | null): Judged {
  if (agent.service.read && !agent.service.value.running) {
    return fact('version.running', {
      verdict: 'unknown',
      text: 'not running',
      value: null,
      source: agent.service.source,
      raw: agent.service.value,
    })
  }
  return judgeRead('version.running', agent.runningVersion, (running) => {
    const differs = install !== null && install.version !== '' && running !== '' && running !== install.version
    return {
      verdict: differs ? 'warn' : 'ok',
      text: differs ? `${running}, a restart behind ${install.version}` : running,
      value: running,
    }
  })
}

/** The facts that change when a newer version is heard of, although nobody asked the machine again. */
export function judgeGapFacts(install: ObservedAgent['install'], context: Context): Judged[] {
  if (!install.read)
    return [
      judgeNewest(context),
      unread('version.gap', install.why, install.source),
      unread('version.days', install.why, install.source),
      unread('version.needs', install.why, install.source),
    ]
  return [
    judgeNewest(context),
    ...judgeGap(install.value, context),
    ...judgeLab(install.value, context),
    judgeNeeds(install.value, install.source, context),
  ]
}

/** What is installed, what runs, how far behind. */
export function judgeVersions(agent: ObservedAgent, context: Context): Judged[] {
  const { install } = agent
  if (!install.read) {
    return [
      unread('version.disk', install.why, install.source),
      judgeRunning(agent, null),
      ...judgeGapFacts(install, context),
      unread('version.install', install.why, install.source),
    ]
  }
  const { value, source } = install
  const kinds = { package: 'package', git: 'git checkout', unknown: 'not known how' } as const
  return [
    value.version
      ? fact('version.disk', { verdict: 'ok', text: value.version, value: value.version, source, raw: value })
      : unread('version.disk', 'the package does not say', source),
    judgeRunning(agent, value),
    ...judgeGapFacts(install, context),
    fact('version.install', {
      verdict: value.kind === 'unknown' ? 'unknown' : 'ok',
      text:
        value.kind === 'package' && value.packageManager ? `package, by ${value.packageManager}` : kinds[value.kind],
      value: value.kind,
      source,
      raw: { root: value.root, kind: value.kind, packageManager: value.packageManager },
    }),
    value.channel
      ? fact('version.channel', {
          verdict: 'ok',
          text: value.channel,
          value: value.channel,
          source,
          raw: value.channel,
        })
      : unread('version.channel', 'not stated', source),
    ...judgeGit(value, source, context),
    judgePatches(agent, value),
  ]
}

/** Is the installed version older than the newest one known? Null when either is unknown. */
export const isOlder = (installed: string, context: Context): boolean | null =>
  installed && context.newest ? compareVersions(installed, context.newest.version) < 0 : null
