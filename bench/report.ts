/** Medians of one fleet size, milliseconds. NaN: not measured. */
export interface SizeResult {
  readonly boxes: number
  /** Rounds that are done: less than wanted when the run was stopped. */
  readonly rounds: number
  /** Of each run that has a round in it. */
  readonly around: readonly Surroundings[]
  readonly ms: Readonly<Record<Measure, number>>
  /** Worst number of boxes without an answer in any round. */
  readonly failures: Readonly<Record<Measure, number>>
  readonly firstFailure: string
  /** Of the process that swept cold, with the product's own limits. */
  readonly peakRssBytes: number
  /** Of the process that kept every connection and program open. */
  readonly warmRssBytes: number
  readonly hanging: { readonly withoutMs: number; readonly withMs: number; readonly extraFailures: number } | null
}

export const measures = {
  'ours-line-cold': 'ours, one line, cold',
  'ours-probe-cold': 'ours, probe, cold',
  'ours-probe-warm': 'ours, probe, warm',
  'pssh-line': 'parallel-ssh, one line',
  'pssh-probe': 'parallel-ssh, probe',
  'pssh-probe-warm': 'parallel-ssh over warmed ControlPersist, probe',
  'clush-line': 'clush, one line',
  'clush-probe': 'clush, probe',
  'ansible-facts': 'Ansible, minimal facts',
} as const
export type Measure = keyof typeof measures

export interface Goal {
  readonly boxes: number
  readonly words: string
  readonly found: string
  readonly met: boolean
}

export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  const [low = Number.NaN, high = Number.NaN] =
    sorted.length % 2 ? [sorted[middle], sorted[middle]] : [sorted[middle - 1], sorted[middle]]
  return (low + high) / 2
}

const megabytes = (bytes: number): string => `${Math.round(bytes / 1_000_000)} MB`
export const seconds = (ms: number): string => `${(ms / 1000).toFixed(ms < 1000 ? 3 : 2)} s`

/** The goals of design.md §7, each with what was found. */
export function judge(result: SizeResult): Goal[] {
  const { boxes, ms, failures } = result
  const most = (words: string, share: number, of: number, limit: number): Goal => {
    const ratio = share / of
    return { boxes, words: `${words} ≤ ${limit}×`, found: `${ratio.toFixed(3)}×`, met: ratio <= limit }
  }
  const goals = [
    most('one line cold against parallel-ssh', ms['ours-line-cold'], ms['pssh-line'], 0.5),
    most('probe cold against parallel-ssh', ms['ours-probe-cold'], ms['pssh-probe'], 0.7),
    most(
      'warm probe against parallel-ssh over warmed ControlPersist',
      ms['ours-probe-warm'],
      ms['pssh-probe-warm'],
      0.2,
    ),
  ]
  const slower = ms['ansible-facts'] / ms['ours-probe-warm']
  goals.push({
    boxes,
    words: 'Ansible facts ≥ 20× slower than a warm probe sweep',
    found: `${slower.toFixed(0)}×`,
    met: slower >= 20,
  })
  const lost = Math.max(failures['ours-line-cold'], failures['ours-probe-cold'], failures['ours-probe-warm'])
  goals.push({
    boxes,
    words: 'no box of ours without an answer',
    found: lost === 0 ? 'none' : `${lost}: ${result.firstFailure}`,
    met: lost === 0,
  })
  goals.push({
    boxes,
    words: 'our process at most 250 MB',
    found: megabytes(result.peakRssBytes),
    met: result.peakRssBytes <= 250_000_000,
  })
  if (boxes >= 1000)
    goals.push({
      boxes,
      words: 'cold probe of 1 000 boxes ≤ 60 s',
      found: seconds(ms['ours-probe-cold']),
      met: ms['ours-probe-cold'] <= 60_000,
    })
  if (result.hanging) {
    const { withMs, withoutMs, extraFailures } = result.hanging
    const ratio = withMs / withoutMs
    goals.push({
      boxes,
      words: 'one hanging box costs the others nothing (≤ 1.15×, within noise)',
      found: `${seconds(withoutMs)} without it, ${seconds(withMs)} with it, ${extraFailures === 1 ? 'it alone failed' : `${extraFailures} failed`}`,
      met: ratio <= 1.15 && extraFailures === 1,
    })
  }
  return goals.filter(({ found }) => !found.startsWith('NaN'))
}

export interface Surroundings {
  readonly when: string
  readonly machine: string
  readonly tools: string
  /** Load average of the last minute before the first round, per core. */
  readonly loadPerCore: number
}

/** The whole of `docs/benchmarks.md`. */
export function markdown(results: readonly SizeResult[]): string {
  const goals = results.flatMap(judge)
  const unmet = goals.filter(({ met }) => !met)
  return [
    '# Benchmarks',
    '',
    '`npm run bench:sweep` writes this file. Real OpenSSH servers on loopback, one HOME a box with an OpenClaw home of 2026.9.6 in it; every tool',
    'sends the same program to the same Node, 64 boxes at once, in the same run, rounds interleaved. The boxes share the cores with the tools.',
    '"Cold": no connection is open. "Warm": connections are open; ours keeps its program running on them, parallel-ssh its ControlPersist masters.',
    '',
    ...results.flatMap((result) => table(result)),
    '## Goals',
    '',
    '| boxes | goal | found | |',
    '|---|---|---|---|',
    ...goals.map(
      ({ boxes, words, found, met }) => `| ${boxes} | ${words} | ${found} | ${met ? 'met' : '**not met**'} |`,
    ),
    '',
    unmet.length === 0 ? 'All goals are met.' : `${unmet.length} of ${goals.length} goals are not met.`,
    '',
  ].join('\n')
}

function surroundings({ when, machine, tools, loadPerCore }: Surroundings): string {
  const load =
    loadPerCore > 0.5
      ? ` **The machine was busy before the first round (load ${loadPerCore.toFixed(1)} a core): the times are too long for all, the ratios hold better.**`
      : ''
  return `${when}. ${machine}. ${tools}.${load}`
}

function table(result: SizeResult): string[] {
  const against = result.ms['pssh-line']
  const measured = (Object.keys(measures) as Measure[]).filter((measure) => !Number.isNaN(result.ms[measure]))
  const rows = measured.map((measure) => {
    const ms = result.ms[measure]
    return `| ${measures[measure]} | ${seconds(ms)} | ${Number.isNaN(against) ? '' : (ms / against).toFixed(3)} | ${result.failures[measure]} |`
  })
  return [
    `## ${result.boxes} boxes`,
    '',
    ...result.around.map(surroundings),
    '',
    `Medians of ${result.rounds} ${result.rounds === 1 ? 'round' : 'rounds'}. Our process at its peak: ${megabytes(result.peakRssBytes)} as the product sweeps (64 connections stay), ${megabytes(result.warmRssBytes)} with all ${result.boxes} kept open.`,
    '',
    '| | time | against parallel-ssh, one line | boxes without an answer |',
    '|---|---|---|---|',
    ...rows,
    '',
  ]
}
