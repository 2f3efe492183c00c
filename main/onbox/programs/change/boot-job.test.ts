import { expect, test } from 'vitest'
import { type BootJobFor, bootJobFor } from './boot-job.ts'

const job: BootJobFor = {
  platform: 'linux',
  id: 'abcdefgh12345678',
  home: '/home/dana',
  user: 'dana',
  uid: 1000,
  node: '/opt/my node/bin/node',
  program: '/home/dana/.wheelhouse/changes/abcdefgh12345678/revert.cjs',
  folder: '/home/dana/.wheelhouse/changes/abcdefgh12345678',
  lingers: true,
}

test('a service of the user runs it at the next start, its words quoted', () => {
  const made = bootJobFor({ ...job, folder: '/home/dana/100% $HOME' })
  expect(made?.file).toBe('/home/dana/.config/systemd/user/wheelhouse-revert-abcdefgh12345678.service')
  expect(made?.text).toContain(
    'ExecStart="/opt/my node/bin/node" "/home/dana/.wheelhouse/changes/abcdefgh12345678/revert.cjs" "/home/dana/100%% $$HOME" "boot"',
  )
  expect(made?.install.map((words) => words.join(' '))).toEqual([
    'systemctl --user daemon-reload',
    'systemctl --user enable wheelhouse-revert-abcdefgh12345678.service',
  ])
  expect(made?.remove[0]).toContain('disable')
})

test('a user whose services end with the last login, or an unknown system, has none', () => {
  expect(bootJobFor({ ...job, lingers: false })).toBeNull()
  expect(bootJobFor({ ...job, platform: 'freebsd' })).toBeNull()
})

test('a launch agent runs at the next login and is not loaded before', () => {
  const made = bootJobFor({ ...job, platform: 'darwin', home: '/Users/dana', node: '/opt/<node>&' })
  expect(made?.file).toBe('/Users/dana/Library/LaunchAgents/wheelhouse.revert.abcdefgh12345678.plist')
  expect(made?.text).toContain('<string>/opt/&lt;node&gt;&amp;</string>')
  expect(made?.text).toContain('<key>RunAtLoad</key><true/>')
  expect(made?.install).toEqual([])
  expect(made?.remove).toEqual([['/bin/launchctl', 'bootout', 'gui/1000/wheelhouse.revert.abcdefgh12345678']])
})

test('a scheduled task holds the timer too: it is started at once, and runs without a login or a plug', () => {
  const made = bootJobFor({ ...job, platform: 'win32', user: 'PC\\Dana & Co', folder: 'C:\\Users\\Dana\\change' })
  expect(made?.encoding).toBe('utf16le')
  expect(made?.text).toContain('<UserId>PC\\Dana &amp; Co</UserId><LogonType>S4U</LogonType>')
  expect(made?.text).toContain('<DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>')
  expect(made?.install.map(([, verb]) => verb)).toEqual(['/Create', '/Run'])
})
