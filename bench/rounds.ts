import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import type { Timed } from './peers.ts'
import { type Measure, measures, median, type SizeResult, type Surroundings } from './report.ts'

/** What one round of all measures found. */
export interface Round {
  /** Of the run that the round belongs to. */
  readonly around: Surroundings
  readonly timed: Readonly<Partial<Record<Measure, Timed>>>
  readonly firstFailure: string
  readonly peakRssBytes: number
  readonly warmRssBytes: number
}

/** All rounds of one fleet size, of one run or of several. */
export interface SizeRun {
  readonly boxes: number
  readonly rounds: readonly Round[]
  readonly hanging: SizeResult['hanging']
}

/** A run that was written by {@link writeRun}; null: there is none. */
export const readRun = (file: string): SizeRun | null =>
  existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as SizeRun) : null

export const writeRun = (file: string, run: SizeRun): void => writeFileSync(file, JSON.stringify(run))

export function mediansOf({ boxes, rounds, hanging }: SizeRun): SizeResult {
  const each = (pick: (timed: readonly Timed[]) => number) =>
    Object.fromEntries(
      (Object.keys(measures) as Measure[]).map((name) => [
        name,
        pick(rounds.flatMap(({ timed }) => timed[name] ?? [])),
      ]),
    ) as Record<Measure, number>
  const runs = new Map(rounds.map(({ around }) => [around.when, around]))
  return {
    boxes,
    rounds: rounds.length,
    around: [...runs.values()],
    ms: each((timed) => median(timed.map(({ ms }) => ms))),
    failures: each((timed) => Math.max(0, ...timed.map(({ failures }) => failures))),
    firstFailure: rounds.find(({ firstFailure }) => firstFailure !== '')?.firstFailure ?? '',
    peakRssBytes: Math.max(...rounds.map(({ peakRssBytes }) => peakRssBytes)),
    warmRssBytes: Math.max(...rounds.map(({ warmRssBytes }) => warmRssBytes)),
    hanging,
  }
}
