import { appendFileSync, mkdirSync } from 'node:fs'
import path from 'node:path'

/** Machines of the demo that answer. */
export const answering = [
  'alder-mini',
  'bright-mini',
  'cove-mini',
  'delta-mini',
  'fox-mini',
  'harbor-mini',
  'lab-mini',
  'lakeside-mini',
  'peak-mini',
] as const
export type Answering = (typeof answering)[number]

export interface WrittenLine {
  atMs: number
  text: string
  level?: 'INFO' | 'WARN' | 'ERROR' | 'DEBUG'
  subsystem?: string
  runId?: string
  channel?: string
  more?: Record<string, unknown>
}

/** A line as the runtime writes it. */
const asJson = ({ atMs, text, level = 'INFO', subsystem = 'gateway', runId, channel, more }: WrittenLine): string => {
  const time = new Date(atMs).toISOString()
  return JSON.stringify({
    '0': JSON.stringify({ subsystem }),
    '1': { ...(runId ? { runId } : {}), ...more },
    '2': text,
    _meta: { date: time, logLevelName: level },
    time,
    message: text,
    ...(channel ? { channel } : {}),
  })
}

/** Writes lines into the log of a demo machine's service, as its agent would. */
export function writeLines(dataDir: string, machine: Answering, lines: readonly WrittenLine[]): void {
  const folder = path.join(dataDir, 'demo', 'boxes', machine, '.openclaw', 'logs')
  mkdirSync(folder, { recursive: true })
  appendFileSync(path.join(folder, 'gateway.log'), `${lines.map(asJson).join('\n')}\n`)
}
