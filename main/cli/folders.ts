import { existsSync } from 'node:fs'
import path from 'node:path'

/** Where the window keeps its data when nobody says otherwise: the system's folder for application data, as Electron finds it. */
export function defaultDataDir(platform: NodeJS.Platform, env: NodeJS.ProcessEnv, homeDir: string): string {
  return path.join(appData(platform, env, homeDir), 'Wheelhouse')
}

function appData(platform: NodeJS.Platform, env: NodeJS.ProcessEnv, homeDir: string): string {
  if (platform === 'darwin') return path.join(homeDir, 'Library', 'Application Support')
  if (platform === 'win32') return env.APPDATA || path.join(homeDir, 'AppData', 'Roaming')
  return env.XDG_CONFIG_HOME || path.join(homeDir, '.config')
}

/** Folder of the bundled box programs, whether this runs bundled (`out/main`) or from its source. */
export function boxProgramsDir(here: string): string {
  const beside = path.join(here, '..', 'box')
  return existsSync(beside) ? beside : path.join(here, '..', '..', 'out', 'box')
}
