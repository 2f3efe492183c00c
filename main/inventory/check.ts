import { IANAZone } from 'luxon'
import type { BoxFields, ClientFields, OpenSpan } from '../../shared/contract/index.ts'
import { FaultError } from '../base/fault-error.ts'
import { knowsCountry } from './holidays.ts'

const hidden = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\u2028\u2029]/u

/** Joiners that writing needs: U+200D between emoji, U+200C between letters. */
const joiners =
  /(?<=\p{Extended_Pictographic}[\ufe0f\u{1f3fb}-\u{1f3ff}]?)\u200d(?=\p{Extended_Pictographic})|(?<=\p{L}\p{M}*)\u200c(?=\p{L})/gu

/** Why a host name or address cannot be used; null when it can. It ends up in an ssh command, so no sign of a shell may be in it. */
export function hostProblem(host: string): string | null {
  if (/^\[?[0-9A-Fa-f:.]+(%[\w.-]+)?\]?$/.test(host) && host.includes(':')) return null
  if (host.startsWith('-')) return `The host “${host}” begins with a dash: ssh would take it for an option.`
  if (!/^[\p{L}\p{N}_.-]+$/u.test(host))
    return `The host “${visible(host)}” holds characters that are no part of a name or address.`
  return null
}

export function userProblem(user: string): string | null {
  if (user.startsWith('-')) return `The user “${user}” begins with a dash: ssh would take it for an option.`
  if (!/^[\p{L}\p{N}_.@\\$+ -]+$/u.test(user))
    return `The user “${visible(user)}” holds characters that are no part of a user name.`
  return null
}

export const nameProblem = (name: string): string | null =>
  hidden.test(name.replace(joiners, '')) ? `The name “${visible(name)}” holds hidden characters.` : null

const visible = (text: string): string =>
  text.replace(
    new RegExp(hidden.source, 'gu'),
    (char) => `⟨${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}⟩`,
  )

/** @throws FaultError `invalid-input`. */
export function checkBox(fields: Pick<BoxFields, 'name' | 'host' | 'user' | 'expectedOn'>): void {
  demand('name', nameProblem(fields.name))
  demand('host', hostProblem(fields.host))
  if (fields.user !== '') demand('user', userProblem(fields.user))
  if (fields.expectedOn.kind === 'hours') checkSpans('expectedOn', fields.expectedOn.spans)
}

/** A calendar that does not know the country would assume no holiday, and say nothing. @throws FaultError `invalid-input`. */
export function checkRegion(region: string): void {
  const country = region.slice(0, 2)
  if (region !== '' && !knowsCountry(country))
    demand(
      'region',
      `The holiday calendar knows no country “${country}”. Leave the region empty and state the holidays.`,
    )
}

/** @throws FaultError `invalid-input`. */
export function checkClient(fields: ClientFields): void {
  demand('name', nameProblem(fields.name))
  checkSpans('hours', fields.hours)
  if (fields.region !== '' && !/^[A-Z]{2}(-[A-Z0-9]{1,3})?$/.test(fields.region)) {
    demand('region', `“${fields.region}” is not a region such as US or US-CA.`)
  }
  if (fields.timeZone !== '' && !IANAZone.isValidZone(fields.timeZone)) {
    demand('timeZone', `“${fields.timeZone}” is not a time zone such as America/Los_Angeles.`)
  }
  if (fields.goLiveOn !== '') checkDate('goLiveOn', fields.goLiveOn)
  for (const holiday of fields.statedHolidays) checkDate('statedHolidays', holiday.date)
  if ((fields.amberDays ?? 7) > (fields.redDays ?? Math.max(14, fields.amberDays ?? 0))) {
    demand('redDays', 'Red cannot come before amber.')
  }
}

function checkSpans(field: string, spans: readonly OpenSpan[]): void {
  for (const span of spans) {
    if (span.toMinute <= span.fromMinute)
      demand(field, 'Hours end after they begin; hours past midnight are two spans.')
  }
}

function checkDate(field: string, date: string): void {
  const day = new Date(`${date}T12:00:00Z`)
  const good = /^\d{4}-\d\d-\d\d$/.test(date) && !Number.isNaN(day.getTime()) && day.toISOString().startsWith(date)
  if (!good) demand(field, `“${date}” is not a day such as 2026-11-20.`)
}

function demand(field: string, problem: string | null): void {
  if (problem !== null) throw new FaultError({ code: 'invalid-input', field, detail: problem })
}
