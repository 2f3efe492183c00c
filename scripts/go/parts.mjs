// Real programs beside Node that the tests, the window without Electron and the benchmark need.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import path from 'node:path'
import { root, runtime } from './install.mjs'

const onPath = (name) =>
  [...(process.env.PATH ?? '').split(path.delimiter), '/usr/sbin', '/usr/local/sbin'].some(
    (folder) => folder && existsSync(path.join(folder, name)),
  )

function browserPath() {
  const code = `import { findBrowser } from ${JSON.stringify(new URL('../standin/browsers.ts', import.meta.url).href)}; process.stdout.write(findBrowser() ?? '')`
  return spawnSync(runtime.node, ['--input-type=module', '-e', code], { cwd: root, encoding: 'utf8' }).stdout
}

const parts = {
  browser: {
    present: () => browserPath() !== '',
    packages: ['chromium'],
    elsewhere: 'Google Chrome, Chromium, Microsoft Edge or Brave (or its path in WHEELHOUSE_BROWSER)',
  },
  sshd: {
    present: () => onPath('sshd') || onPath('sshd.exe') || existsSync('C:\\Windows\\System32\\OpenSSH\\sshd.exe'),
    packages: ['openssh-server'],
    elsewhere: 'the OpenSSH server (sshd)',
  },
  vim: {
    present: () => onPath('vim'),
    packages: ['vim'],
    elsewhere: 'vim, which a test runs in a terminal',
  },
  'fan-out tools': {
    present: () => onPath('parallel-ssh') && onPath('clush') && onPath('ansible'),
    packages: ['pssh', 'clustershell', 'ansible-core'],
    elsewhere: 'parallel-ssh, clush and ansible',
  },
  ansible: {
    present: () => onPath('ansible-playbook'),
    packages: ['ansible-core'],
    elsewhere: 'Ansible (ansible-core), which a test lets play what is exported for it',
  },
  lnav: {
    present: () => onPath('lnav'),
    packages: ['lnav'],
    elsewhere: 'lnav',
  },
}

/** Installs what is missing on Debian as root, saying so; elsewhere names it and ends. */
export function ensureParts(names) {
  const missing = names.filter((name) => !parts[name].present())
  if (missing.length === 0) return
  const packages = missing.flatMap((name) => parts[name].packages)
  const apt = process.platform === 'linux' && existsSync('/usr/bin/apt-get')
  if (apt && process.getuid() === 0) {
    console.error(`Installing from the system's packages: ${packages.join(', ')}.`)
    const options = { stdio: ['ignore', 'ignore', 2], env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } }
    spawnSync('apt-get', ['update', '-qq'], options)
    const done = spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages], options)
    if (done.status === 0 && missing.every((name) => parts[name].present())) return
    console.error(`The packages could not be installed: ${packages.join(', ')}.`)
    process.exit(1)
  }
  console.error(`Missing here: ${missing.map((name) => parts[name].elsewhere).join('; ')}.`)
  if (apt) console.error(`Install with: sudo apt-get install --no-install-recommends ${packages.join(' ')}`)
  process.exit(1)
}
