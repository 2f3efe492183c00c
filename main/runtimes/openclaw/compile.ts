import { applyOperations, dottedPath, ImpossibleOperation, type Operation } from '../operations.ts'
import { judgeSetting } from '../setting-schema.ts'
import { compileHeartbeat, compileModel } from './compiling/agent-life.ts'
import { compileChannels, compileNobody } from './compiling/channels.ts'
import {
  type Compiled,
  type CompileRequest,
  createDraft,
  type Draft,
  type Drafted,
  runtimeName,
} from './compiling/draft.ts'
import { compileRaw } from './compiling/raw.ts'
import { compileTools } from './compiling/tools.ts'
import {
  compileEscalation,
  compileFlags,
  compileLogging,
  compileRetention,
  compileUpdates,
} from './compiling/upkeep.ts'

export type { Compiled, CompileRequest } from './compiling/draft.ts'

/**
 * What an overlay comes to in the settings of one agent's OpenClaw, of both eras; and what it cannot come to there, in
 * words, before anything is sent. Pure. The operations say all that is declared: `smallestOperations` leaves out what holds.
 *
 * With the schema of that version at hand, nothing is answered that it would refuse.
 */
export function compileSections(request: CompileRequest): Compiled {
  const draft = createDraft(request)
  const { isPublic } = compileChannels(draft)
  compileModel(draft)
  compileTools(draft, isPublic)
  compileHeartbeat(draft, isPublic)
  compileLogging(draft)
  compileRetention(draft)
  compileEscalation(draft)
  compileFlags(draft)
  compileUpdates(draft)
  compileRaw(draft)
  const operations = possible(draft).map(({ operation }) => operation)
  return { operations, cannot: draft.refused }
}

/** What shuts one account to everybody, also of a channel that this console does not know. Pure. */
export function closeDoor(
  { found, version, schema }: Pick<CompileRequest, 'found' | 'version' | 'schema'>,
  door: { readonly channel: string; readonly account: string },
): Operation[] {
  const nothing = { sections: {}, raw: {}, client: null, platform: '' }
  const draft = createDraft({ ...nothing, found, version, schema })
  compileNobody(draft, door)
  return possible(draft).map(({ operation: { from: _from, ...operation } }) => operation)
}

/** Those that this version takes and that can be done on what was found; of a bundle all or none, of one place the last. */
function possible(draft: Draft): Drafted[] {
  const broken = new Set<string>()
  const fits = draft.drafted.filter(({ operation, bundle }) => {
    const problem = refusal(draft, operation)
    if (problem === null) return true
    draft.cannot(operation.from, problem.because, problem.words)
    if (bundle !== null) broken.add(bundle)
    return false
  })
  const whole = fits.filter(({ operation, bundle }) => {
    if (bundle === null || !broken.has(bundle)) return true
    draft.cannot(operation.from, 'conflict', 'It is left as it is, because not all of what makes it safe can be set.')
    return false
  })
  return whole.filter(
    ({ operation }, at) =>
      whole.findLastIndex((other) => dottedPath(other.operation.path) === dottedPath(operation.path)) === at,
  )
}

function refusal(
  { schema, found, version }: Draft,
  operation: Drafted['operation'],
): { because: 'version' | 'conflict'; words: string } | null {
  if (schema !== null && 'set' in operation) {
    const [problem] = judgeSetting(schema, operation.path, operation.set)
    if (problem !== undefined) return { because: 'version', words: `${runtimeName(version)}: ${problem.words}` }
  }
  try {
    applyOperations(found, [operation])
    return null
  } catch (error) {
    if (!(error instanceof ImpossibleOperation)) throw error
    return { because: 'conflict', words: error.message }
  }
}
