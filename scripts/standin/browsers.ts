// Where a Chromium-family browser lives: by path only, nothing is started to find out.
import { existsSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'

const macApps = [
  'Google Chrome',
  'Chromium',
  'Microsoft Edge',
  'Brave Browser',
  'Google Chrome for Testing',
  'Google Chrome Canary',
]
const windowsTails = [
  'Google\\Chrome\\Application\\chrome.exe',
  'Microsoft\\Edge\\Application\\msedge.exe',
  'Chromium\\Application\\chrome.exe',
  'BraveSoftware\\Brave-Browser\\Application\\brave.exe',
]
const linuxNames = [
  'chromium',
  'chromium-browser',
  'google-chrome-stable',
  'google-chrome',
  'microsoft-edge-stable',
  'microsoft-edge',
  'brave-browser',
]
/** Wrappers come last: their private /tmp and their handling of inherited pipes are doubtful. */
const linuxPaths = [
  '/opt/google/chrome/chrome',
  '/opt/microsoft/msedge/msedge',
  '/usr/lib/chromium/chromium',
  '/usr/lib64/chromium-browser/chromium-browser',
  '/snap/bin/chromium',
  '/var/lib/flatpak/exports/bin/com.google.Chrome',
  '/var/lib/flatpak/exports/bin/org.chromium.Chromium',
]

/** Paths to look at, best first. `WHEELHOUSE_BROWSER` names one and ends the search. */
export function browserCandidates(platform: NodeJS.Platform, env: NodeJS.ProcessEnv, home: string): string[] {
  if (env.WHEELHOUSE_BROWSER) return [env.WHEELHOUSE_BROWSER]
  if (platform === 'darwin') {
    return macApps.flatMap((app) =>
      ['/Applications', `${home}/Applications`].map((dir) => `${dir}/${app}.app/Contents/MacOS/${app}`),
    )
  }
  if (platform === 'win32') {
    const roots = [env.PROGRAMFILES, env['PROGRAMFILES(X86)'], env.LOCALAPPDATA].filter((root) => root !== undefined)
    return windowsTails.flatMap((tail) => roots.map((root) => path.win32.join(root, tail)))
  }
  const folders = (env.PATH ?? '').split(':').filter(Boolean)
  return [...linuxNames.flatMap((name) => folders.map((folder) => `${folder}/${name}`)), ...linuxPaths]
}

export const findBrowser = (): string | undefined =>
  browserCandidates(process.platform, process.env, os.homedir()).find((candidate) => existsSync(candidate))
