import type { ManifestLine, Need } from '../../shared/contract/index.ts'
import { untrusted } from '../../shared/untrusted.ts'
import { canonicalJson } from '../base/canonical.ts'
import type { LookAnswer, LookRequest } from '../runtimes/looked-for.ts'
import type { NeedAnswer } from './judge-need.ts'

/** A need as it is kept: the same whoever wrote it. */
export const needKey = (need: Need): string => canonicalJson(need)

/** The folder, from the workspace, of the file that a line of the manifest comes from. */
const folderOf = (from: string): string => {
  const [, folder = ''] = /^((?:[\w. -]+\/)*)[\w. -]+, line \d+/.exec(from) ?? []
  return folder.replace(/\/$/, '')
}

interface Asked {
  readonly need: Extract<Need, { kind: 'command' | 'module' | 'file' }>
  readonly folder: string
}

/** What of a manifest has to be looked for on the machine itself. Pure. */
export const lookedFor = (needs: readonly ManifestLine[]): Asked[] =>
  needs.flatMap(({ need, from, state }) =>
    state !== 'dropped' && (need.kind === 'command' || need.kind === 'module' || need.kind === 'file')
      ? [{ need, folder: folderOf(from) }]
      : [],
  )

export function lookRequest(stateDir: string, asked: readonly Asked[]): LookRequest {
  return {
    stateDir,
    entries: [],
    commands: asked.flatMap(({ need }) => (need.kind === 'command' ? [need.name] : [])),
    modules: asked.flatMap(({ need, folder }) =>
      need.kind === 'module' ? [{ name: need.name, folder, exports: need.exports }] : [],
    ),
    files: asked.flatMap(({ need }) => (need.kind === 'file' ? [need.path] : [])),
  }
}

/** What a machine's answer says of each need; what it did not answer nobody can tell. Pure. */
export function answersIn(
  asked: readonly Asked[],
  answer: LookAnswer,
): { need: Need; version: string; answer: NeedAnswer }[] {
  const version = answer.read ? untrusted(answer.value.version, 60) : ''
  const at = new Map<string, number>()
  return asked.map(({ need }) => {
    // A module may be asked for twice, from two folders or for other names.
    const key = nameOf(need)
    const place = at.get(key) ?? 0
    at.set(key, place + 1)
    return { need, version, answer: answerOf(need, answer, place) }
  })
}

const nameOf = (need: Asked['need']): string => `${need.kind} ${need.kind === 'file' ? need.path : need.name}`

type Names = Extract<LookAnswer, { read: true }>['value']['modules'][number]

/** What is said of the names taken out of a module that is there. */
function answerOfNames({ name, where, version, exports }: Names, wanted: readonly string[]): NeedAnswer {
  const module = `${untrusted(name, 100)}${version === '' ? '' : `@${untrusted(version, 40)}`}`
  const listed = (found: readonly { name: string }[]) =>
    found
      .slice(0, 5)
      .map((one) => untrusted(one.name, 60))
      .join(', ')
  const missing = exports.filter(({ state }) => state === 'missing')
  if (missing.length > 0)
    return {
      state: 'missing',
      words: `${listed(missing)} ${missing.length === 1 ? 'is' : 'are'} not exported by ${module}`,
    }
  const open = wanted.flatMap((one) => {
    const found = exports.find((given) => given.name === one)
    return found?.state === 'there' ? [] : [{ name: one, why: found?.why ?? 'the machine did not answer that' }]
  })
  if (open.length === 0) return { state: 'ok', words: untrusted(where, 300) }
  return {
    state: 'cant-tell',
    words: `it is there, and nobody can tell whether ${module} exports ${listed(open)}: ${untrusted(open[0]?.why ?? '', 200)}`,
  }
}

function answerOf(need: Asked['need'], answer: LookAnswer, place: number): NeedAnswer {
  if (!answer.read) return { state: 'cant-tell', words: `it could not be looked for: ${untrusted(answer.why, 200)}` }
  const { commands, modules, files } = answer.value
  const name = need.kind === 'file' ? need.path : need.name
  const list = { command: commands, module: modules, file: files }[need.kind]
  const found = list.filter((one) => one.name === name)[place]
  if (found === undefined) return { state: 'cant-tell', words: 'the machine did not answer that' }
  const where = untrusted(found.where, 300)
  if (found.state === 'missing') return { state: 'missing', words: `there is no ${need.kind} ${name}` }
  if (found.state === 'beside')
    return { state: 'cant-tell', words: `it lies in ${where}, where this login does not look` }
  const module = need.kind === 'module' ? modules.filter((one) => one.name === name)[place] : undefined
  return module && need.kind === 'module' ? answerOfNames(module, need.exports) : { state: 'ok', words: where }
}
