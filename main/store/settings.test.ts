import { expect, test } from 'vitest'
import { tempStore } from '../testing/temp-store.ts'
import { createSettings, defaultSettings } from './settings.ts'

test('settings begin as the defaults and keep what is changed', () => {
  using temp = tempStore()
  const settings = createSettings(temp.store)
  expect(settings.get()).toEqual(defaultSettings)
  settings.set({ theme: 'dark', sweepAt: ['08:00'] })
  expect(createSettings(temp.store).get()).toEqual({ ...defaultSettings, theme: 'dark', sweepAt: ['08:00'] })
})

test('a value this version does not understand counts as its default', () => {
  using temp = tempStore()
  temp.store.db.exec(`insert into app_setting values ('theme', '"sepia"'), ('redDays', '{torn'), ('amberDays', '9')`)
  expect(createSettings(temp.store).get()).toEqual({ ...defaultSettings, amberDays: 9 })
})
