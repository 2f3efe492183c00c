import type { ExchangesAnswer, ExchangesRequest } from '../../runtimes/exchanges-answer.ts'
import type { FileTextRequest } from '../../runtimes/file-text.ts'
import type { LogAnswer, LogRequest } from '../../runtimes/log-answer.ts'
import type { Observed, ProbeRequest, Read } from '../../runtimes/observed.ts'
import {
  type CountRequest,
  countCommits,
  observeFolders,
  observeMachine,
  observeOpenclaw,
  observePeople,
  type PeopleRequest,
  readExchanges,
  readFileText,
  reading,
  readOpenclawLogs,
  readOpenclawSchema,
  showStrangers,
} from '../../runtimes/runtimes.ts'
import type { SchemaIndex, SchemaRequest } from '../../runtimes/setting-schema.ts'
import { serve } from '../serve.ts'
import { observeChanges } from './change/marker.ts'

/** Raised when the meaning of an answer changes. */
const programVersion = 1

declare const rest: string

/** Answers are text of a box: more than this is a mistake or an attack, and the console would refuse it anyway. */
const answerLimit = 2_000_000

async function probe(request: unknown): Promise<Observed> {
  const tookMs: Record<string, number> = {}
  const timed = async <T>(part: string, work: () => Promise<T>): Promise<T> => {
    const from = performance.now()
    try {
      return await work()
    } finally {
      tookMs[part] = Math.round(performance.now() - from)
    }
  }
  const { validate } = request as ProbeRequest
  const [machine, people, agents, folders] = await Promise.all([
    timed('machine', observeMachine),
    validate ? timed('people', observePeople) : null,
    timed('openclaw', () => observeOpenclaw(request as ProbeRequest)),
    timed('folders', () => observeFolders(request as ProbeRequest)),
  ])
  const observed = {
    programVersion,
    machine,
    people,
    agents,
    folders,
    changes: await reading('~/.wheelhouse/changes', observeChanges),
    tookMs,
  }
  return bounded(observed)
}

function bounded<T>(answer: T): T {
  if (JSON.stringify(answer).length > answerLimit) throw new Error('the answer would be larger than 2 MB')
  return answer
}

const logs = async (request: unknown): Promise<LogAnswer> => bounded(await readOpenclawLogs(request as LogRequest))

const schema = async (request: unknown): Promise<Read<SchemaIndex>> =>
  bounded(await readOpenclawSchema(request as SchemaRequest))

const exchanges = async (request: unknown): Promise<ExchangesAnswer> =>
  bounded(await readExchanges(request as ExchangesRequest))

serve(
  '@@WHEELHOUSE-NONCE@@',
  {
    hello: () => ({ programVersion, node: process.version }),
    probe,
    logs,
    schema,
    exchanges,
    people: (request) => bounded(showStrangers(request as PeopleRequest)),
    fileText: async (request) => bounded(await readFileText(request as FileTextRequest)),
    count: (request) => countCommits(request as CountRequest[]),
  },
  rest,
)
