import type { LineRow } from './line-window.ts'

export interface RunStep {
  line: LineRow
  /** Since the run's first line, ms. */
  sinceStartMs: number
  /** Until its next line, ms; null: it is the last. */
  tookMs: number | null
  /** Its part of the whole run, 0 to 1. */
  share: number
}

export interface Run {
  steps: RunStep[]
  startedAtMs: number
  totalMs: number
  errors: number
}

/** The lines of one run as steps: a step lasts until the next line. Null: there is no line. */
export function runOf(lines: readonly LineRow[]): Run | null {
  const sorted = lines.toSorted((a, b) => a.atMs - b.atMs || a.seq - b.seq)
  const [first, last] = [sorted[0], sorted.at(-1)]
  if (!first || !last) return null
  const totalMs = last.atMs - first.atMs
  const steps = sorted.map((line, at): RunStep => {
    const next = sorted[at + 1]
    const tookMs = next ? next.atMs - line.atMs : null
    return { line, sinceStartMs: line.atMs - first.atMs, tookMs, share: totalMs > 0 ? (tookMs ?? 0) / totalMs : 0 }
  })
  const errors = sorted.filter(({ level }) => level === 'error' || level === 'fatal').length
  return { steps, startedAtMs: first.atMs, totalMs, errors }
}

/** Index of the longest step; null: none stands out, every step took under a tenth of the run. */
export function longestStep({ steps }: Run): number | null {
  const at = steps.reduce((best, step, index) => (step.share > (steps[best]?.share ?? 0) ? index : best), 0)
  return (steps[at]?.share ?? 0) >= 0.1 ? at : null
}
