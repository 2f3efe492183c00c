import { accessSync, constants, statSync } from 'node:fs'
import { platform } from 'node:os'
import path from 'node:path'
import type { LookAnswer, LookRequest } from '../looked-for.ts'
import { clip, reading, Unreadable } from '../reading.ts'
import { findKnownAgent } from './find-known-agent.ts'
import { findModule } from './find-module.ts'
import { loadConfig } from './read-config.ts'
import { lookForNames } from './read-exports.ts'
import { workspaceOf } from './read-own-files.ts'

type Looked = Extract<LookAnswer, { read: true }>['value']
type Found = Looked['files'][number]

const isFile = (file: string): boolean => {
  try {
    return statSync(file).isFile()
  } catch {
    return false
  }
}

const isProgram = (file: string): boolean => {
  try {
    accessSync(file, constants.X_OK)
    return statSync(file).isFile()
  } catch {
    return false
  }
}

/** Where programs usually lie besides; a login over SSH has none of these in its PATH. */
const usualFolders = (home: string): string[] => [
  '/opt/homebrew/bin',
  '/usr/local/bin',
  '/home/linuxbrew/.linuxbrew/bin',
  path.join(home, '.local/bin'),
  path.join(home, 'bin'),
]

function findCommand(name: string, home: string, nodeFolder: string): Found {
  const isWindows = platform() === 'win32'
  const endings = isWindows ? (process.env.PATHEXT ?? '.EXE;.CMD;.BAT').split(';') : ['']
  const inFolder = (folder: string) => endings.map((ending) => path.join(folder, `${name}${ending}`)).find(isProgram)
  const inPath = (process.env.PATH ?? '').split(path.delimiter).filter((folder) => folder !== '')
  const own = inPath.map(inFolder).find((file) => file !== undefined)
  if (own !== undefined) return { name, state: 'there', where: clip(own, 500) }
  const beside = [nodeFolder, ...usualFolders(home)].map(inFolder).find((file) => file !== undefined)
  return { name, state: beside === undefined ? 'missing' : 'beside', where: clip(beside ?? '', 500) }
}

/** Runs on a box. Whether commands, modules and files are there, by name. Nothing is run, imported or written. */
export const lookForOpenclaw = (request: LookRequest): Promise<LookAnswer> => reading('its files', () => look(request))

async function look({ stateDir, entries, commands, modules, files }: LookRequest): Promise<Looked> {
  const { home, agent, install, version, node } = await findKnownAgent({ stateDir, entries })
  const { settings, problem } = loadConfig(agent.configPath).parsed
  if (problem !== '') throw new Unreadable(`Its config cannot be read, so its workspace is not known: ${problem}`)
  const workspace = workspaceOf(home, stateDir, settings)
  const nodeFolder = path.dirname(node)
  return {
    version,
    commands: commands.slice(0, 500).map((name) => findCommand(name, home, nodeFolder)),
    modules: modules.slice(0, 500).map(({ name, folder, exports }) => {
      const module = findModule(name, path.join(workspace, folder), install?.root ?? null)
      if (module === null) return { name, state: 'missing' as const, where: '', version: '', exports: [] }
      const { files: found, version: its } = module
      return {
        name,
        state: 'there' as const,
        where: clip(found[0], 500),
        version: clip(its, 60),
        exports: lookForNames(found, exports.slice(0, 200)).map((one) => ({
          ...one,
          name: clip(one.name, 200),
          why: clip(one.why, 300),
        })),
      }
    }),
    files: files.slice(0, 500).map((name) => {
      const file = path.join(workspace, name)
      const isThere = isFile(file)
      return { name, state: isThere ? ('there' as const) : ('missing' as const), where: isThere ? clip(file, 500) : '' }
    }),
  }
}
