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
  return asked.map(({ need }) => ({ need, version, answer: answerOf(need, answer) }))
}

function answerOf(need: Asked['need'], answer: LookAnswer): NeedAnswer {
  if (!answer.read) return { state: 'cant-tell', words: `it could not be looked for: ${untrusted(answer.why, 200)}` }
  const name = need.kind === 'file' ? need.path : need.name
  const list = { command: answer.value.commands, module: answer.value.modules, file: answer.value.files }[need.kind]
  const found = list.find((one) => one.name === name)
  if (found === undefined) return { state: 'cant-tell', words: 'the machine did not answer that' }
  const where = untrusted(found.where, 300)
  if (found.state === 'missing') return { state: 'missing', words: `there is no ${need.kind} ${name}` }
  if (found.state === 'beside')
    return { state: 'cant-tell', words: `it lies in ${where}, where this login does not look` }
  const unseen = need.kind === 'module' && 'unseen' in found ? (found.unseen as string[]) : []
  return unseen.length === 0
    ? { state: 'ok', words: where }
    : {
        state: 'cant-tell',
        words: `it is there, and its file does not say that it gives ${unseen
          .slice(0, 5)
          .map((one) => untrusted(one, 60))
          .join(', ')}`,
      }
}
