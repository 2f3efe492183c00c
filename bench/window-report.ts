import { seconds } from './report.ts'

export interface WindowSection {
  readonly when: string
  readonly machine: string
  /** Of a core. */
  readonly load: number
  readonly machines: number
  readonly linesPerSecond: number
  readonly seconds: number
  /** Of one core: the page's process; beside it those that draw and hold its window. */
  readonly cpuShare: number
  readonly drawShare: number
  /** What of it was stored meanwhile, of all machines together. */
  readonly storedPerSecond: number
  readonly burst: {
    /** Of all machines together. */
    readonly linesPerSecond: number
    readonly seconds: number
    /** What of it was stored meanwhile. */
    readonly storedPerSecond: number
    readonly interactions: number
    readonly medianMs: number
    readonly p95Ms: number
    readonly worstMs: number
    /** Until the page was done with a key: what came after is the browser's drawing. */
    readonly worstOwnMs: number
    /** Of the page's own thread, in time of the processor: that of no other program is in it. */
    readonly longestTaskMs: number
  }
}

/** Of one core, at most; and of each interaction. */
const cpuGoal = 0.3
const interactionGoalMs = 100

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`
export function windowSection(section: WindowSection): string[] {
  const { machines, linesPerSecond, cpuShare, drawShare, burst } = section
  const busy =
    section.load > 0.5 ? ` **The machine was busy before it began (load ${section.load.toFixed(1)} a core).**` : ''
  const verdict = (met: boolean) => (met ? 'met' : '**not met**')
  return [
    '## The window while it follows',
    '',
    `${section.when}. ${section.machine}.${busy} \`npm run bench:logs -- --window\`: the built program on the stand-in, real Chromium,`,
    `${machines} real sshd boxes on the same computer as everything else. Time of the processor is that of the page's own process, as the`,
    `browser tells it, over ${section.seconds} s. In the burst of ${burst.seconds} s a key is pressed every 150 ms (follow, line by line, pages, the line`,
    'itself, the filter); an interaction lasts from the key to the next picture, as the browser measures it. Meanwhile its picture',
    'is watched: without a screen, and watched by nobody, Chromium shows a small change only with the next large one.',
    '',
    '| | found | goal | |',
    '|---|---|---|---|',
    `| ${machines} × ${linesPerSecond} lines/s: page, of one core | ${percent(cpuShare)} | ≤ ${percent(cpuGoal)} | ${verdict(cpuShare <= cpuGoal)} |`,
    `| the browser's other processes, of one core | ${percent(drawShare)} | | |`,
    `| stored meanwhile | ${section.storedPerSecond} lines/s | | |`,
    `| burst of ${burst.linesPerSecond.toLocaleString('en-US').replaceAll(',', ' ')} lines/s: slowest of ${burst.interactions} interactions | ${seconds(burst.worstMs)} | ≤ ${seconds(interactionGoalMs)} | ${verdict(burst.worstMs <= interactionGoalMs)} |`,
    `| 95 % of them, and half of them, within | ${seconds(burst.p95Ms)}, ${seconds(burst.medianMs)} | | |`,
    `| longest until the page was done with a key | ${seconds(burst.worstOwnMs)} | | |`,
    `| longest piece of work of the page meanwhile, time of the processor | ${seconds(burst.longestTaskMs)} | ≤ ${seconds(interactionGoalMs)} | ${verdict(burst.longestTaskMs <= interactionGoalMs)} |`,
    `| stored meanwhile | ${burst.storedPerSecond} lines/s | | |`,
    '',
  ]
}
