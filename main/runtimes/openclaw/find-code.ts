import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import type { ObservedAgent } from '../observed.ts'
import { withoutSecret } from '../read-git.ts'
import { clip, isForeign } from '../reading.ts'
import { isSettings, type Settings } from './settings.ts'

type FoundCode = ObservedAgent['ownCode'][number]

const mostFound = 20

/**
 * Runs on a box. Checkouts where an agent keeps what the operator wrote: its workspaces and its skills, by their own
 * files alone; git is not started.
 */
export function findCode(home: string, stateDir: string, settings: Settings): FoundCode[] {
  const at = (text: string) => path.resolve(home, text.replace(/^~(?=$|[\\/])/, home))
  const workspaces = [...namedWorkspaces(settings).map(at), ...childrenOf(stateDir, /^workspace/)]
  const skills = [
    path.join(stateDir, 'skills'),
    ...workspaces.map((folder) => path.join(folder, 'skills')),
    ...extraSkills(settings).map(at),
  ]
  const places = new Set([...workspaces, ...skills, ...skills.flatMap((folder) => childrenOf(folder, /^[^.]/))])
  return [...places].flatMap((place) => describe(place) ?? []).slice(0, mostFound)
}

function namedWorkspaces(settings: Settings): string[] {
  const agents = isSettings(settings.agents) ? settings.agents : {}
  const entries = isSettings(agents.entries) ? Object.values(agents.entries) : []
  const list = Array.isArray(agents.list) ? agents.list : []
  return [agents.defaults, settings.agent, ...entries, ...list].flatMap((each) =>
    isSettings(each) && typeof each.workspace === 'string' && each.workspace !== '' ? [each.workspace] : [],
  )
}

function extraSkills(settings: Settings): string[] {
  const skills = isSettings(settings.skills) ? settings.skills : {}
  const load = isSettings(skills.load) ? skills.load : {}
  return Array.isArray(load.extraDirs) ? load.extraDirs.filter((each) => typeof each === 'string') : []
}

function childrenOf(folder: string, name: RegExp): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && name.test(entry.name))
      .slice(0, 100)
      .map((entry) => path.join(folder, entry.name))
  } catch {
    return []
  }
}

function describe(place: string): FoundCode | null {
  const marker = path.join(place, '.git')
  try {
    if (!existsSync(marker) || isForeign(place)) return null
    const folder = statSync(marker).isDirectory()
      ? marker
      : path.resolve(
          place,
          readFileSync(marker, 'utf8')
            .replace(/^gitdir:\s*/, '')
            .trim(),
        )
    const branch = /^ref: refs\/heads\/(.+)$/m.exec(readFileSync(path.join(folder, 'HEAD'), 'utf8'))?.[1] ?? ''
    return { path: clip(place, 1000), remote: clip(withoutSecret(remoteOf(folder)), 1000), branch: clip(branch, 200) }
  } catch {
    return null
  }
}

/** `url` of `[remote "origin"]`, else of the first remote; empty where the checkout has none (git-config). */
function remoteOf(folder: string): string {
  const file = path.join(folder, 'config')
  const text = existsSync(file) && statSync(file).size < 1_000_000 ? readFileSync(file, 'utf8') : ''
  const urls = [...text.matchAll(/^\[remote "([^"\n]*)"\]((?:\n(?!\[).*)*)/gm)].map(([, name, body]) => ({
    name,
    url: /^\s*url\s*=\s*(.+)$/m.exec(body ?? '')?.[1]?.trim() ?? '',
  }))
  return (urls.find(({ name }) => name === 'origin') ?? urls[0])?.url ?? ''
}
