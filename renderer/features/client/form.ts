import type { Client, ClientFields, Note, Workflow } from '../../../shared/contract/index.ts'
import { type HandleRow, handleRows, toHandles } from '../../ui/handles.ts'
import { assumedSpans, readWeek, weekText } from '../../ui/hours.ts'

/** A client as the form holds it: everything that is typed stays text until it is saved. */
export type ClientForm = {
  name: string
  niche: string
  region: string
  timeZone: string
  hours: string[]
  hoursAssumed: boolean
  statedHolidays: { date: string; name: string; open: boolean }[]
  contacts: { name: string; role: string; handle: string }[]
  humanFallback: string
  goLiveOn: string
  handles: HandleRow[]
  amberDays: string
  redDays: string
  /** An empty id: not saved yet. */
  workflows: { workflowId: string; name: string; description: string }[]
  notes: { noteId: string; text: string }[]
}

export type FormReading = {
  fields: ClientFields
  /** Sentence per field, keyed by the field's path such as `contacts.0.name`. */
  errors: Record<string, string>
}

/** A client nobody has typed anything about. */
export const emptyClient: ClientForm = {
  name: '',
  niche: '',
  region: '',
  timeZone: '',
  hours: [...weekText(assumedSpans)],
  hoursAssumed: true,
  statedHolidays: [],
  contacts: [],
  humanFallback: '',
  goLiveOn: '',
  handles: [],
  amberDays: '',
  redDays: '',
  workflows: [],
  notes: [],
}

/** A saved client, its workflows and its notes as the form shows them. */
export function toForm(client: Client, workflows: readonly Workflow[], notes: readonly Note[]): ClientForm {
  return {
    name: client.name,
    niche: client.niche,
    region: client.region,
    timeZone: client.timeZone,
    hours: [...weekText(client.hours)],
    hoursAssumed: client.hoursAssumed,
    statedHolidays: client.statedHolidays.map(({ date, name, open }) => ({ date, name, open })),
    contacts: client.contacts.map((contact) => ({ ...contact })),
    humanFallback: client.humanFallback,
    goLiveOn: client.goLiveOn,
    handles: handleRows(client.handles),
    amberDays: client.amberDays === null ? '' : String(client.amberDays),
    redDays: client.redDays === null ? '' : String(client.redDays),
    workflows: workflows.map(({ workflowId, name, description }) => ({ workflowId, name, description })),
    notes: notes.map(({ noteId, text }) => ({ noteId, text })),
  }
}

/** True for an IANA zone this computer knows. */
export function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}

/** True for a day of the calendar written `YYYY-MM-DD`. */
export function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false
  const day = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text)
}

function readDays(text: string, path: string, errors: Record<string, string>): number | null {
  const typed = text.trim()
  if (typed === '') return null
  const days = Number(typed)
  if (Number.isInteger(days) && days >= 1 && days <= 365) return days
  errors[path] = 'A whole number of days from 1 to 365, or nothing for the usual.'
  return null
}

function tooLong(form: ClientForm, errors: Record<string, string>): void {
  const limits = { name: 120, niche: 80, humanFallback: 200 } as const
  for (const [path, limit] of Object.entries(limits) as [keyof typeof limits, number][]) {
    const over = form[path].trim().length - limit
    if (over > 0) errors[path] = `${over} ${over === 1 ? 'character' : 'characters'} too long; ${limit} fit.`
  }
}

function readLists(form: ClientForm, errors: Record<string, string>): void {
  form.contacts.forEach((contact, at) => {
    if (!contact.name.trim() && (contact.role.trim() || contact.handle.trim()))
      errors[`contacts.${at}.name`] = 'A contact needs a name.'
  })
  const days = new Set<string>()
  form.statedHolidays.forEach((day, at) => {
    if (!isDay(day.date)) errors[`statedHolidays.${at}.date`] = 'A day, such as 24 December.'
    else if (days.has(day.date)) errors[`statedHolidays.${at}.date`] = 'This day is stated twice.'
    days.add(day.date)
  })
  form.handles.forEach((handle, at) => {
    if (handle.problem) errors[`handles.${at}.value`] = handle.problem
  })
  form.workflows.forEach((workflow, at) => {
    if (!workflow.name.trim() && workflow.description.trim())
      errors[`workflows.${at}.name`] = 'A workflow needs a name.'
  })
}

/** Reads the form. `fields` holds what could be read; it may be saved only when `errors` is empty. */
export function readForm(form: ClientForm): FormReading {
  const errors: Record<string, string> = {}
  const region = form.region.trim().toUpperCase()
  const timeZone = form.timeZone.trim()
  const week = readWeek(form.hours)
  if (form.name.trim() === '') errors.name = 'A client needs a name.'
  tooLong(form, errors)
  if (region && !/^[A-Z]{2}(-[A-Z0-9]{1,3})?$/.test(region))
    errors.region = 'A country code, and a state where it matters: US, US-CA, DE-BY.'
  if (timeZone && !isTimeZone(timeZone))
    errors.timeZone = `“${timeZone}” is not a time zone. Choose one from the list, such as America/Los_Angeles.`
  for (const { day, sentence } of week.problems) errors[`hours.${day}`] = sentence
  if (form.goLiveOn && !isDay(form.goLiveOn)) errors.goLiveOn = 'A day, such as 24 December.'
  const amberDays = readDays(form.amberDays, 'amberDays', errors)
  const redDays = readDays(form.redDays, 'redDays', errors)
  if (redDays !== null && redDays < (amberDays ?? 7))
    errors.redDays ??= `It cannot be urgent before it calls for attention, which is at ${amberDays ?? 7} days.`
  readLists(form, errors)
  return {
    errors,
    fields: {
      name: form.name.trim(),
      niche: form.niche.trim(),
      region,
      timeZone,
      hours: week.spans,
      hoursAssumed: form.hoursAssumed,
      statedHolidays: form.statedHolidays.map((day) => ({
        ...day,
        name: day.name.trim() || 'Closed',
        source: 'stated',
      })),
      contacts: form.contacts.filter((contact) => contact.name.trim() !== ''),
      humanFallback: form.humanFallback.trim(),
      goLiveOn: form.goLiveOn,
      handles: toHandles(form.handles),
      amberDays,
      redDays,
    },
  }
}

type Saved<T> = { save: T[]; remove: string[] }

/** Workflows to save and to remove so that what is stored becomes what the form says. */
export function workflowChanges(
  before: ClientForm['workflows'],
  after: ClientForm['workflows'],
): Saved<ClientForm['workflows'][number]> {
  const kept = after.filter((workflow) => workflow.name.trim() !== '')
  return {
    save: kept.filter((workflow) => {
      const old = before.find(({ workflowId }) => workflowId !== '' && workflowId === workflow.workflowId)
      return !old || old.name !== workflow.name || old.description !== workflow.description
    }),
    remove: before
      .map(({ workflowId }) => workflowId)
      .filter((id) => id !== '' && !kept.some(({ workflowId }) => workflowId === id)),
  }
}

/** Notes to save and to remove; a note whose text was emptied is removed. */
export function noteChanges(
  before: ClientForm['notes'],
  after: ClientForm['notes'],
): Saved<ClientForm['notes'][number]> {
  const kept = after.filter((note) => note.text.trim() !== '')
  return {
    save: kept.filter(
      (note) => before.find(({ noteId }) => noteId !== '' && noteId === note.noteId)?.text !== note.text,
    ),
    remove: before.map(({ noteId }) => noteId).filter((id) => id !== '' && !kept.some(({ noteId }) => noteId === id)),
  }
}
