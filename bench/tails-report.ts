import { seconds } from './report.ts'

export interface TailsSection {
  readonly when: string
  readonly machine: string
  /** Of a core. */
  readonly load: number
  readonly machines: number
  readonly linesPerSecond: number
  readonly seconds: number
  /** Followed before anything is measured. */
  readonly warmUpSeconds: number
  readonly storedPerSecond: number
  /** Of one core, all threads of the engine's process. */
  readonly cpuShare: number
  /** From when a line was written to when the window has it: half of those it shows, and 95 % of them. */
  readonly delayMs: number
  readonly slowestMs: number
}

/** Of one core, at most. */
const cpuGoal = 0.15

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`

export function tailsSection(tails: TailsSection): string[] {
  const { machines, linesPerSecond, storedPerSecond, cpuShare, delayMs, slowestMs } = tails
  const busy =
    tails.load > 0.5 ? ` **The machine was busy (load ${tails.load.toFixed(1)} a core): the shares are too high.**` : ''
  const verdict = cpuShare <= cpuGoal ? 'met' : '**not met**'
  return [
    `## ${machines} machines followed live`,
    '',
    `${tails.when}. ${tails.machine}.${busy} \`npm run bench:logs -- --tails\`: ${machines} real sshd boxes, each writing ${linesPerSecond}`,
    `lines a second of about 400 bytes; measured for ${tails.seconds} s after ${tails.warmUpSeconds} s. A reader asks for what is new as the window does. Time`,
    'of the processor is of the engine alone, its threads included: redaction, storing and pages, not the programs on the boxes.',
    '',
    '| | found | goal | |',
    '|---|---|---|---|',
    `| stored | ${storedPerSecond} lines/s | | |`,
    `| of one core | ${percent(cpuShare)} | ≤ ${percent(cpuGoal)} | ${verdict} |`,
    `| from a line being written to the window having it: half of those it shows within | ${seconds(delayMs)} | | |`,
    `| 95 % of them within | ${seconds(slowestMs)} | | |`,
    '',
  ]
}
