import { existsSync, readdirSync, realpathSync, statSync } from 'node:fs'
import path from 'node:path'
import { remembered, type Watch } from '../remember.ts'

/** One agent of a box: an OpenClaw profile with its state folder. */
export interface FoundAgent {
  readonly profile: string
  readonly stateDir: string
  readonly configPath: string
}

const configNames = ['openclaw.json', 'clawdbot.json']

/** `~/.openclaw` → default, `~/.openclaw-x` → x, the older `~/.clawdbot` → clawdbot, anything else by its own name. */
export function profileOf(stateDir: string): string {
  const name = path.basename(stateDir)
  if (name === '.openclaw') return 'default'
  if (name.startsWith('.openclaw-')) return name.slice('.openclaw-'.length).slice(0, 100)
  return name.replace(/^\./, '').slice(0, 100)
}

/**
 * Runs on a box. State folders in the usual places of this login, those found at enrolment, and the one the login's
 * environment names. A folder counts when it holds a config or a state database; links to one folder count once.
 */
export function findAgents(home: string, env: NodeJS.ProcessEnv, known: readonly string[]): readonly FoundAgent[] {
  const named = env.OPENCLAW_STATE_DIR?.trim() ?? ''
  return remembered(`agents ${[home, named, env.OPENCLAW_CONFIG_PATH, ...known].join('\0')}`, (watch) =>
    lookForAgents(home, env, named, known, watch),
  )
}

function lookForAgents(
  home: string,
  env: NodeJS.ProcessEnv,
  named: string,
  known: readonly string[],
  watch: Watch,
): readonly FoundAgent[] {
  watch(home)
  const usual = names(home).filter((name) => /^\.(openclaw|clawdbot)(-[\w.-]+)?$/.test(name))
  const candidates = [...(named === '' ? [] : [named]), ...usual.sort().map((name) => path.join(home, name)), ...known]
  const agents = new Map<string, FoundAgent>()
  for (const candidate of candidates) {
    const stateDir = path.resolve(home, candidate.replace(/^~(?=$|[\\/])/, home))
    for (const place of [stateDir, path.join(stateDir, 'state')]) watch(place)
    const real = realPath(stateDir)
    if (real === null || agents.has(real)) continue
    const configPath = configOf(stateDir, env, stateDir === path.resolve(home, named))
    watch(configPath)
    if (!existsSync(configPath) && !existsSync(path.join(stateDir, 'state', 'openclaw.sqlite'))) continue
    agents.set(real, { profile: profileOf(stateDir), stateDir, configPath })
  }
  return [...agents.values()].slice(0, 32)
}

function configOf(stateDir: string, env: NodeJS.ProcessEnv, isNamed: boolean): string {
  const override = env.OPENCLAW_CONFIG_PATH?.trim()
  if (isNamed && override) return path.resolve(override)
  const present = configNames.map((name) => path.join(stateDir, name)).find((file) => existsSync(file))
  return present ?? path.join(stateDir, 'openclaw.json')
}

function names(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

function realPath(folder: string): string | null {
  try {
    return statSync(folder).isDirectory() ? realpathSync(folder) : null
  } catch {
    return null
  }
}
