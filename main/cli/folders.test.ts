import path from 'node:path'
import { expect, test } from 'vitest'
import { defaultDataDir } from './folders.ts'

test.each([
  ['darwin', {}, '/Users/kit', '/Users/kit/Library/Application Support/Wheelhouse'],
  ['linux', {}, '/home/kit', '/home/kit/.config/Wheelhouse'],
  ['linux', { XDG_CONFIG_HOME: '/conf' }, '/home/kit', '/conf/Wheelhouse'],
  ['win32', { APPDATA: '/roaming' }, '/kit', '/roaming/Wheelhouse'],
  ['win32', {}, '/kit', '/kit/AppData/Roaming/Wheelhouse'],
] as const)('on %s with %j the data is where the window keeps it', (platform, env, home, expected) => {
  expect(defaultDataDir(platform, env, home)).toBe(path.normalize(expected))
})
