import type { Timed } from './peers.ts'
import { median, type Surroundings, seconds } from './report.ts'

/** One push by each side, one after the other. */
export interface PushRound {
  readonly ours: Timed & { readonly firstFailure: string }
  /** Null: left out. */
  readonly ansible: Timed | null
}

export interface PushResult {
  readonly boxes: number
  readonly oursAtOnce: number
  readonly around: Surroundings
  readonly rounds: readonly PushRound[]
}

/** Ours is to take this share of Ansible's time at most. */
const mostShare = 0.2

export interface PushGoal {
  readonly boxes: number
  readonly words: string
  readonly found: string
  readonly met: boolean
}

const oursMs = ({ rounds }: PushResult): number => median(rounds.map(({ ours }) => ours.ms))
const ansibleMs = ({ rounds }: PushResult): number =>
  median(rounds.flatMap(({ ansible }) => (ansible === null ? [] : [ansible.ms])))
const worst = (timed: readonly (Timed | null)[]): number => Math.max(0, ...timed.map((one) => one?.failures ?? 0))

/** The goals of the issue: a fifth of Ansible's time on 12 and 100 boxes, and 500 boxes without a failure. Pure. */
export function judgePush(result: PushResult): PushGoal[] {
  const { boxes, rounds } = result
  const share = oursMs(result) / ansibleMs(result)
  const failures = worst(rounds.map(({ ours }) => ours))
  const first = rounds.find(({ ours }) => ours.firstFailure !== '')?.ours.firstFailure ?? ''
  return [
    ...(Number.isNaN(share) || boxes > 100
      ? []
      : [
          {
            boxes,
            words: `a push takes ≤ ${mostShare}× Ansible’s time`,
            found: `${share.toFixed(3)}×`,
            met: share <= mostShare,
          },
        ]),
    {
      boxes,
      words: 'every machine is changed, verified and confirmed',
      found: failures === 0 ? 'all' : `${failures} not: ${first}`,
      met: failures === 0,
    },
  ]
}

function section(result: PushResult): string[] {
  const { boxes, rounds, around, oursAtOnce } = result
  const [ours, ansible] = [oursMs(result), ansibleMs(result)]
  const busy =
    around.loadPerCore > 0.5
      ? ` **The machine was busy before it (load ${around.loadPerCore.toFixed(1)} a core): it shares its cores by process, of which Ansible has more: run this on a quiet one.**`
      : ''
  const row = (name: string, ms: number, failures: number): string =>
    `| ${name} | ${seconds(ms)} | ${seconds(ms / boxes)} | ${Number.isNaN(ansible) ? '' : (ms / ansible).toFixed(3)} | ${failures} |`
  return [
    `## ${boxes} boxes`,
    '',
    `${around.when}. ${around.machine}. ${around.tools}.${busy}`,
    '',
    `Medians of ${rounds.length} ${rounds.length === 1 ? 'round' : 'rounds'}.`,
    '',
    '| | time | a box | against Ansible | boxes not changed |',
    '|---|---|---|---|---|',
    row(`ours, ${oursAtOnce} at once`, ours, worst(rounds.map((round) => round.ours))),
    ...(Number.isNaN(ansible)
      ? []
      : [row('Ansible, 64 forks, pipelining', ansible, worst(rounds.map((round) => round.ansible)))]),
    '',
  ]
}

/** The whole of `docs/benchmarks-push.md`. Pure. */
export function pushMarkdown(results: readonly PushResult[]): string {
  const large = { boxes: 500, words: 'every machine is changed, verified and confirmed', found: 'not run', met: false }
  const goals = [...results.flatMap(judgePush), ...(results.some(({ boxes }) => boxes >= 500) ? [] : [large])]
  const unmet = goals.filter(({ met }) => !met)
  return [
    '# Benchmarks: one line to every machine',
    '',
    '`npm run bench:push` writes this file. One line of a config is changed on every box of a fleet of real OpenSSH servers on loopback, by both',
    'sides in one run, in turn, each from no connection at all. The boxes share the cores with both tools. Each box has a small runtime of its own:',
    'config, command line, and a gateway that takes a changed file at once (all gateways of a fleet are one process, so that hundreds fit).',
    '',
    '- **Both** check the new config by the runtime’s own `config validate` before it is put in place, and ask its `channels status` after.',
    '- **Ansible**: `lineinfile` with `backup` and `validate`, then `command`; no facts, one batch, 64 forks, pipelining, shared connections.',
    '- **Ours**: `apply`, as the console makes a change: rows in the store and the diary before each step, old and new config side by side, the fixed',
    '  rules, a marker and a timer of its own on the box that take it back, the gateway’s own word that it uses the file and is ready, its channels',
    '  before and after, and the confirmation. Ansible has no counterpart of these. The look at each machine that the console takes later is left out.',
    '',
    'Waves are off on both sides. Whether a box has the new line is read from its files after each push.',
    '',
    ...results.flatMap(section),
    '## Goals',
    '',
    '| boxes | goal | found | |',
    '|---|---|---|---|',
    ...goals.map(
      ({ boxes, words, found, met }) => `| ${boxes} | ${words} | ${found} | ${met ? 'met' : '**not met**'} |`,
    ),
    '',
    unmet.length === 0 ? 'All goals are met.' : `Not met: ${unmet.length} of ${goals.length} goals.`,
    '',
  ].join('\n')
}
