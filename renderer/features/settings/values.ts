import type { Settings } from '../../../shared/contract/index.ts'
import { clockText, readClock } from '../../ui/hours.ts'

/** Smallest and largest value of each number, as the contract takes them. */
export const ranges = {
  sweepConcurrency: [1, 256],
  boxDeadlineS: [5, 300],
  amberDays: [1, 365],
  redDays: [1, 365],
} as const
export type NumberSetting = keyof typeof ranges

/** Reads a number as typed: the change to make, or the sentence that says what is wrong. */
export function readNumber(
  setting: NumberSetting,
  text: string,
  settings: Settings,
): { change: Partial<Settings> } | { problem: string } {
  const [from, to] = ranges[setting]
  const value = Number(text.trim())
  if (text.trim() === '' || !Number.isInteger(value) || value < from || value > to)
    return { problem: `A whole number from ${from} to ${to}.` }
  if (setting === 'amberDays' && value > settings.redDays)
    return { problem: `Amber cannot come after red, which is at ${settings.redDays} days.` }
  if (setting === 'redDays' && value < settings.amberDays)
    return { problem: `It cannot be urgent before it calls for attention, which is at ${settings.amberDays} days.` }
  return { change: { [setting]: value } }
}

/** Reads the times of the daily sweeps, separated by commas or spaces: in order, each once. Nothing: only by hand. */
export function readTimes(text: string): { change: Pick<Settings, 'sweepAt'> } | { problem: string } {
  const times = new Set<string>()
  for (const part of text.split(/[\s,;]+/).filter(Boolean)) {
    const minute = readClock(part)
    if (minute === null || minute === 1440) return { problem: `“${part}” is not a time. Write it as 07:00.` }
    times.add(clockText(minute))
  }
  return { change: { sweepAt: [...times].toSorted() } }
}

/** Reads one time of day: the change to make, or the sentence that says what is wrong. */
export function readTime(
  setting: 'quietFrom' | 'quietTo',
  text: string,
): { change: Partial<Settings> } | { problem: string } {
  const minute = readClock(text.trim())
  if (minute === null || minute === 1440) return { problem: 'Write the time as 22:00.' }
  return { change: { [setting]: clockText(minute) } }
}
