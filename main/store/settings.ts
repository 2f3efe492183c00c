import { Settings } from '../../shared/contract/index.ts'
import { FaultError } from '../base/fault-error.ts'
import type { Store } from './store.ts'

export const defaultSettings: Settings = {
  theme: 'system',
  singleLetterKeys: true,
  askRegistry: true,
  askRemotes: true,
  referenceCheckouts: [],
  sweepAt: [],
  lightSweepMinutes: 10,
  notify: true,
  quietFrom: '22:00',
  quietTo: '07:00',
  reviewDays: [1, 2, 3, 4, 5],
  sweepConcurrency: 64,
  boxDeadlineS: 30,
  keepWarm: true,
  backUpDaily: false,
  amberDays: 7,
  redDays: 14,
}

/** The operator's settings, kept in the store. A value this version does not understand counts as its default. */
export interface SettingsStore {
  get(): Settings
  /** @throws FaultError `invalid-input` when red would come before amber; `read-only`, `disk-full`. */
  set(changed: Partial<Settings>): Settings
}

export function createSettings(store: Store): SettingsStore {
  const all = store.db.prepare<[], { key: string; value: string }>('select key, value from app_setting')
  const put = store.db.prepare<[string, string]>(
    'insert into app_setting (key, value) values (?, ?) on conflict (key) do update set value = excluded.value',
  )
  const get = (): Settings => {
    const kept = new Map(all.all().map((row) => [row.key, row.value]))
    const values = Object.entries(Settings.shape).map(([key, schema]) => {
      const fallback = defaultSettings[key as keyof Settings]
      const parsed = schema.safeParse(readJson(kept.get(key)))
      return [key, parsed.success ? parsed.data : fallback]
    })
    return Object.fromEntries(values) as Settings
  }
  return {
    get,
    set: (changed) => {
      const known = Object.entries(changed).filter(([key, value]) => key in Settings.shape && value !== undefined)
      const { amberDays, redDays } = { ...get(), ...Object.fromEntries(known) }
      if (amberDays > redDays)
        throw new FaultError({ code: 'invalid-input', field: 'redDays', detail: 'Red cannot come before amber.' })
      store.write(() => {
        for (const [key, value] of known) put.run(key, JSON.stringify(value))
      })
      return get()
    },
  }
}

function readJson(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text)
  } catch {
    return undefined
  }
}
