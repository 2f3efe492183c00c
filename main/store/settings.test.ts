import { expect, test } from 'vitest'
import { Settings } from '../../shared/contract/index.ts'
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

test('red cannot come before amber, whichever of the two is changed', () => {
  using temp = tempStore()
  const settings = createSettings(temp.store)
  for (const changed of [{ amberDays: 30 }, { redDays: 3 }])
    expect(() => settings.set(changed)).toThrow(
      expect.objectContaining({ fault: expect.objectContaining({ code: 'invalid-input', field: 'redDays' }) }),
    )
  expect(settings.set({ amberDays: 30, redDays: 60 })).toMatchObject({ amberDays: 30, redDays: 60 })
})

test.each(['24:00', '08:60', '99:99', '8:00'])('%s is no time to sweep at', (time) => {
  expect(Settings.shape.sweepAt.safeParse([time]).success).toBe(false)
})
