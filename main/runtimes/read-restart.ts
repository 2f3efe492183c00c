import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import type { ObservedMachine } from './observed.ts'
import { clip, Unreadable } from './reading.ts'

type Pending = Extract<ObservedMachine['pendingRestart'], { read: true }>['value']

/**
 * Runs on a box. Does a Linux system wait for a restart: `/run/reboot-required`, which Debian's and Ubuntu's packages
 * write, or a kernel that is newer than the one that runs. `root` is `/` except in tests.
 * @throws Unreadable when nothing of the system tells.
 */
export function readLinuxRestart(running: string, root = '/'): Pending {
  for (const name of ['run/reboot-required', 'var/run/reboot-required']) {
    const file = path.join(root, name)
    if (!existsSync(file)) continue
    const names = packagesOf(`${file}.pkgs`)
    return {
      pending: true,
      byItself: false,
      sinceMs: Math.round(statSync(file).mtimeMs),
      detail: clip(names.length === 0 ? 'an update asks for it' : `${names.slice(0, 3).join(', ')} asked for it`),
    }
  }
  const kernels = namesIn(path.join(root, 'lib/modules')).filter((name) => /^\d/.test(name))
  if (kernels.length === 0 || running === '') throw new Unreadable('Nothing here says whether a restart waits.')
  const settled = { byItself: false, sinceMs: null }
  if (!kernels.includes(running))
    return { ...settled, pending: true, detail: clip(`the running kernel ${running} is no longer installed`) }
  const newest = kernels
    .filter((name) => flavourOf(name) === flavourOf(running))
    .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))
    .at(-1)
  return newest === undefined || newest === running
    ? { ...settled, pending: false, detail: clip(`runs the newest kernel installed, ${running}`) }
    : { ...settled, pending: true, detail: clip(`kernel ${newest} is installed, ${running} runs`) }
}

/** `generic` of `6.8.0-51-generic`: kernels of other flavours are no newer ones. */
const flavourOf = (kernel: string): string => kernel.replace(/^[\d.+~-]+(?:rc\d+-)?/, '')

function packagesOf(file: string): string[] {
  try {
    const names = readFileSync(file, 'utf8').split('\n').filter(Boolean)
    return [...new Set(names)]
  } catch {
    return []
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

/**
 * What the property list `com.apple.SoftwareUpdate` says, as XML: updates of the system that it found and did not
 * install yet, and whether it installs them by itself, which ends in a restart at night. Pure.
 */
export function softwareUpdates(xml: string): Pending {
  const list = /<key>RecommendedUpdates<\/key>\s*<array>([\s\S]*?)<\/array>/.exec(xml)?.[1] ?? ''
  const waiting = list
    .split('</dict>')
    .filter((entry) => /<key>MobileSoftwareUpdate<\/key>\s*<true\/>/.test(entry) || /MSU_UPDATE/.test(entry))
    .map((entry) => /<key>Display Name<\/key>\s*<string>([^<]*)<\/string>/.exec(entry)?.[1] ?? 'an update')
  const own = /<key>AutomaticallyInstallMacOSUpdates<\/key>\s*<(true|false)\/>/.exec(xml)?.[1]
  return {
    pending: waiting.length > 0,
    byItself: own === undefined ? null : own === 'true',
    sinceMs: null,
    detail: clip(waiting.length > 0 ? `${waiting.slice(0, 3).join(', ')} waits to be installed` : 'no update waits'),
  }
}
