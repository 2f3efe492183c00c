import { expect, test } from 'vitest'
import { Client, type Holiday, Workflow } from '../../../shared/contract/index.ts'
import { type DraftStore, dropDraft, editedFields, keepDraft, mergeDraft, readDraft } from './draft.ts'
import {
  type ClientForm,
  emptyClient,
  isDay,
  isTimeZone,
  noteChanges,
  readForm,
  toForm,
  workflowChanges,
} from './form.ts'
import { layHolidays, stateClosed, stateOpen, unstate } from './holidays.ts'
import { missing } from './missing.ts'

const saved = Client.parse({
  clientId: 'c1',
  createdAtMs: 1,
  name: 'Bright Roofing',
  niche: 'roofer',
  region: 'US-CA',
  timeZone: 'America/Los_Angeles',
  hours: [{ weekday: 1, fromMinute: 480, toMinute: 1020 }],
  hoursAssumed: false,
  statedHolidays: [{ date: '2026-12-24', name: 'Early close', source: 'stated', open: false }],
  contacts: [{ name: 'Dana', role: 'owner', handle: '+1 555' }],
  humanFallback: '+15550100199',
  goLiveOn: '2026-09-01',
  handles: [{ kind: 'phone', value: '+15550100100', label: 'Dana', trust: 'proved' }],
  amberDays: 3,
  redDays: null,
})

const errorsOf = (change: Partial<ClientForm>) => readForm({ ...emptyClient, name: 'A', ...change }).errors

test('a saved client survives being shown and read back', () => {
  const { clientId: _, createdAtMs: __, ...fields } = saved
  expect(readForm(toForm(saved, [], []))).toEqual({ fields, errors: {} })
})

test('only a name is required', () => {
  expect(Object.keys(readForm(emptyClient).errors)).toEqual(['name'])
  const { fields, errors } = readForm({ ...emptyClient, name: ' Bright Roofing ' })
  expect(errors).toEqual({})
  expect(fields).toMatchObject({ name: 'Bright Roofing', hoursAssumed: true, amberDays: null })
  expect(fields.hours).toHaveLength(5)
})

test.each([
  [{ name: 'x'.repeat(121) }, 'name', '1 character too long; 120 fit.'],
  [{ region: 'California' }, 'region', 'A country code, and a state where it matters: US, US-CA, DE-BY.'],
  [{ hours: ['9', '', '', '', '', '', ''] }, 'hours.0', '“9” is not a span. Write it as 09:00–17:00.'],
  [{ goLiveOn: '2026-02-30' }, 'goLiveOn', 'A day, such as 24 December.'],
  [{ amberDays: '0' }, 'amberDays', 'A whole number of days from 1 to 365, or nothing for the usual.'],
  [
    { amberDays: '20', redDays: '19' },
    'redDays',
    'It cannot be urgent before it calls for attention, which is at 20 days.',
  ],
  [{ redDays: '5' }, 'redDays', 'It cannot be urgent before it calls for attention, which is at 7 days.'],
  [{ contacts: [{ name: '', role: 'owner', handle: '' }] }, 'contacts.0.name', 'A contact needs a name.'],
  [{ workflows: [{ workflowId: '', name: ' ', description: 'x' }] }, 'workflows.0.name', 'A workflow needs a name.'],
] as const)('bad input %#: the sentence stands under its field', (change, path, sentence) => {
  expect(errorsOf(change as unknown as Partial<ClientForm>)).toEqual({ [path]: sentence })
})

test('several faults are all named at once and nothing typed is lost', () => {
  const form = { ...emptyClient, region: '??', timeZone: 'Mars/Olympus', amberDays: 'soon' }
  expect(Object.keys(readForm(form).errors).toSorted()).toEqual(['amberDays', 'name', 'region', 'timeZone'])
  expect(form.timeZone).toBe('Mars/Olympus')
})

test('a day stated twice is named on the second', () => {
  const day = { date: '2026-12-24', name: '', open: false }
  expect(errorsOf({ statedHolidays: [day, day] })).toEqual({ 'statedHolidays.1.date': 'This day is stated twice.' })
})

test('knows days and zones', () => {
  expect([isDay('2028-02-29'), isDay('2026-02-29'), isDay('tomorrow')]).toEqual([true, false, false])
  expect([isTimeZone('Europe/Berlin'), isTimeZone('Mars/Olympus')]).toEqual([true, false])
})

test('only changed workflows are saved and only dropped ones removed', () => {
  const before = [
    { workflowId: 'a', name: 'Orders', description: '' },
    { workflowId: 'b', name: 'Questions', description: '' },
    { workflowId: 'c', name: 'Calls', description: '' },
  ]
  const after = [before[0]!, { ...before[1]!, description: 'new' }, { workflowId: '', name: 'Quotes', description: '' }]
  expect(workflowChanges(before, after)).toEqual({ save: [after[1], after[2]], remove: ['c'] })
})

test('an emptied note is removed', () => {
  const before = [{ noteId: 'a', text: 'reboots on Tuesdays' }]
  expect(noteChanges(before, [{ noteId: 'a', text: ' ' }])).toEqual({ save: [], remove: ['a'] })
  expect(noteChanges(before, before)).toEqual({ save: [], remove: [] })
  expect(noteChanges([], [{ noteId: '', text: 'x' }]).save).toHaveLength(1)
})

const calendar: Holiday[] = [
  { date: '2026-07-04', name: 'Independence Day', source: 'assumed', open: false },
  { date: '2026-12-25', name: 'Christmas Day', source: 'assumed', open: false },
]

test('a stated day lies over the calendar and comes off again', () => {
  const open = stateOpen([], calendar[0]!, true, calendar)
  expect(layHolidays(calendar, open, 2026)[0]).toEqual({ ...calendar[0], source: 'stated', open: true })
  expect(stateOpen(open, { ...calendar[0]!, source: 'stated', open: true }, false, calendar)).toEqual([])
})

test('a saved "open" that is taken back shows the calendar again', () => {
  const answered: Holiday[] = [{ ...calendar[0]!, source: 'stated', open: true }]
  expect(layHolidays(answered, [], 2026)).toEqual([calendar[0]])
})

test('a day of its own is added once, in order, and only shown in its year', () => {
  const stated = stateClosed(stateClosed([], '2026-08-01', 'Fair'), '2026-08-01', '')
  expect(stated).toEqual([{ date: '2026-08-01', name: 'Closed', open: false }])
  expect(layHolidays(calendar, stated, 2026).map(({ date }) => date)).toEqual([
    '2026-07-04',
    '2026-08-01',
    '2026-12-25',
  ])
  expect(layHolidays([], stated, 2027)).toEqual([])
  expect(unstate(stated, '2026-08-01')).toEqual([])
})

function memory(): DraftStore & { kept: Map<string, string> } {
  const kept = new Map<string, string>()
  return {
    kept,
    getItem: (k) => kept.get(k) ?? null,
    setItem: (k, v) => void kept.set(k, v),
    removeItem: (k) => void kept.delete(k),
  }
}

test('a draft is kept per client and forgotten on request', () => {
  const store = memory()
  const draft = { base: emptyClient, form: { ...emptyClient, name: 'Half typed' }, atMs: 5 }
  expect(keepDraft(store, 'c1', draft)).toBe(true)
  expect(readDraft(store, 'c1')).toEqual(draft)
  expect(readDraft(store, null)).toBeNull()
  dropDraft(store, 'c1')
  expect(readDraft(store, 'c1')).toBeNull()
})

test.each(['{', '7', '{"base":{},"form":{},"atMs":1}', 'null'])('a draft that is %s is ignored', (text) => {
  const store = memory()
  store.setItem('wheelhouse.draft.client.c1', text)
  expect(readDraft(store, 'c1')).toBeNull()
})

test('storage that refuses is said, not thrown', () => {
  const full: DraftStore = {
    ...memory(),
    setItem: () => {
      throw new Error('quota')
    },
  }
  expect(keepDraft(full, null, { base: emptyClient, form: emptyClient, atMs: 1 })).toBe(false)
})

test('a draft keeps its own edits and lets a change made elsewhere through', () => {
  const base = toForm(saved, [], [])
  const draft = { base, form: { ...base, niche: 'roofing', name: 'Bright' }, atMs: 1 }
  const now = { ...base, region: 'US-NV', name: 'Bright Roofing & Sons' }
  expect(editedFields(base, draft.form)).toEqual(['name', 'niche'])
  const merged = mergeDraft(draft, now)
  expect(merged.form).toMatchObject({ niche: 'roofing', region: 'US-NV', name: 'Bright' })
  expect(merged.clashes).toEqual(['name'])
})

test('what is missing says what it holds back, and disappears when stated', () => {
  expect(missing(emptyClient)).toHaveLength(6)
  const whole = toForm(
    saved,
    [Workflow.parse({ workflowId: 'w', clientId: 'c1', name: 'Orders', description: '' })],
    [],
  )
  expect(missing(whole)).toEqual([])
  const typed = { ...whole, handles: whole.handles.map((row) => ({ ...row, trust: 'typed' as const })) }
  expect(missing(typed)).toEqual(['No number is proved: none has been seen in a real exchange.'])
})
