import type { AgentId, BoxId, KnownSchema, RuntimeSetting, SettingVerdict } from '../../shared/contract/index.ts'
import { untrusted } from '../../shared/untrusted.ts'
import type { Clock } from '../base/clock.ts'
import { FaultError } from '../base/fault-error.ts'
import type { Log } from '../base/log.ts'
import type { InventoryReads } from '../inventory/inventory.ts'
import type { Onbox } from '../onbox/onbox.ts'
import type { Observed } from '../runtimes/observed.ts'
import { type Json, pathOfDotted } from '../runtimes/operations.ts'
import { isAtLeast } from '../runtimes/runtimes.ts'
import { judgeSetting, type SchemaIndex } from '../runtimes/setting-schema.ts'
import type { Store } from '../store/store.ts'
import { schemaRows } from './rows.ts'
import { searchSchemas } from './search.ts'

/** What each version of a runtime can be set to, asked of one machine a version and kept. */
export interface Schemas {
  /** Newest version first. */
  known(): KnownSchema[]
  /** Null: nobody was asked yet. */
  ofVersion(version: string): SchemaIndex | null
  /**
   * Asks the agent's own runtime; what it answers counts for every machine of that version, though never against the word
   * of a machine's own check.
   *
   * @throws FaultError any connection fault, `not-found`.
   */
  learn(agentId: AgentId): Promise<Learned>
  /**
   * A machine answered a full sweep: when nobody knows the settings of its version yet, and its own check of the config
   * gave a verdict, it is asked for them. Nobody waits, and one machine is asked a version.
   */
  answered(boxId: BoxId, observed: Observed): void
  search(query: { words: string; below?: string; versions?: readonly string[]; limit: number }): {
    settings: RuntimeSetting[]
    total: number
  }
  check(asked: { paths: readonly { path: string; value: Json }[]; versions: readonly string[] }): {
    verdicts: SettingVerdict[]
    /** Versions whose settings nobody knows: they are not checked. */
    unasked: string[]
  }
}

export interface Learned {
  /** Null: it gave no answer, and `why`. */
  readonly known: KnownSchema | null
  readonly why: string
}

export interface SchemasParts {
  readonly store: Store
  readonly inventory: Pick<InventoryReads, 'agents'>
  readonly onbox: Pick<Onbox, 'schema'>
  readonly clock: Clock
  readonly log: Log
}

/** Starting the runtime takes seconds on a good machine and most of a minute on a busy one. */
const deadlineMs = 90_000
/** More versions than this are made up; they are asked for by hand alone. */
const mostVersions = 60

export function createSchemas({ store, inventory, onbox, clock, log }: SchemasParts): Schemas {
  const rows = schemaRows(store.db)
  const kept = new Map<string, SchemaIndex>()
  const asking = new Map<AgentId, Promise<Learned>>()
  /** Asked without a person, by version and by machine and version: a version again only of another machine. */
  const busy = new Set<string>()
  const tried = new Set<string>()

  const ofVersion = (version: string): SchemaIndex | null => {
    const index = kept.get(version) ?? rows.index(version)
    if (index !== null) kept.set(version, index)
    return index
  }
  const known = () => rows.all().sort((left, right) => (isAtLeast(left.version, right.version) ? -1 : 1))

  const ask = async (boxId: BoxId, stateDir: string): Promise<Learned> => {
    const answer = await onbox.schema(boxId, { stateDir, entries: [] }, { deadlineMs })
    if (!answer.read) return { known: null, why: untrusted(answer.why, 300) }
    const index = cleaned(answer.value)
    const entry = {
      version: index.version,
      boxId,
      takenAtMs: clock.nowMs(),
      settings: Object.keys(index.settings).length,
    }
    store.write(() => rows.put(entry, index))
    kept.set(index.version, index)
    return { known: entry, why: '' }
  }

  const askUnasked = async (boxId: BoxId, stateDir: string, version: string): Promise<void> => {
    busy.add(version)
    tried.add(`${boxId} ${version}`)
    try {
      const { why } = await ask(boxId, stateDir)
      if (why !== '') log.info('schema-not-learned', { boxId, version, why })
    } catch (error) {
      log.info('schema-not-learned', { boxId, version, why: error instanceof Error ? error.message : String(error) })
    } finally {
      busy.delete(version)
    }
  }

  return {
    known,
    ofVersion,
    learn(agentId) {
      const agent = inventory.agents().find((each) => each.agentId === agentId)
      if (agent === undefined) throw new FaultError({ code: 'not-found', what: 'This agent' })
      const running = asking.get(agentId) ?? ask(agent.boxId, agent.stateDir)
      asking.set(agentId, running)
      return running.finally(() => asking.delete(agentId))
    },
    answered(boxId, { agents }) {
      const versions = new Set(rows.all().map(({ version }) => version))
      for (const { install, config, stateDir } of agents) {
        if (!install.read || !config.read || config.value.schemaValid === null) continue
        const version = untrusted(install.value.version, 60)
        const isKnown = version === '' || versions.has(version) || versions.size >= mostVersions
        if (isKnown || busy.has(version) || tried.has(`${boxId} ${version}`)) continue
        void askUnasked(boxId, stateDir, version)
      }
    },
    search({ versions, ...query }) {
      const wanted = known().filter(({ version }) => versions === undefined || versions.includes(version))
      return searchSchemas(
        wanted.map(({ version }) => ofVersion(version)).filter((index) => index !== null),
        query,
      )
    },
    check({ paths, versions }) {
      const verdicts: SettingVerdict[] = []
      const unasked: string[] = []
      for (const version of new Set(versions)) {
        const schema = ofVersion(version)
        if (schema === null) unasked.push(version)
        else for (const { path, value } of paths) verdicts.push(...judged(schema, path, value))
      }
      return { verdicts, unasked }
    },
  }
}

function judged(schema: SchemaIndex, path: string, value: Json): SettingVerdict[] {
  const { version } = schema
  const names = pathOfDotted(path)
  if (names === null)
    return [{ path, version, problem: 'unknown', words: `${path} is no path of a setting.`, allowed: [] }]
  // Taking something away is never refused.
  if (value === null) return []
  return judgeSetting(schema, names, value).map(({ kind, allowed, words, path: where }) => ({
    path: where,
    version,
    problem: kind,
    words: untrusted(words, 500),
    allowed: [...allowed],
  }))
}

/** What a machine says of itself, made safe to show; paths that hide something are left out. */
function cleaned({ version, settings }: SchemaIndex): SchemaIndex {
  const entries = Object.entries(settings)
    .filter(([path]) => untrusted(path, 1000) === path)
    .map(([path, shape]) => {
      const values = shape.values.map((value) => (typeof value === 'string' ? untrusted(value) : value))
      const usual = typeof shape.usual === 'string' ? untrusted(shape.usual) : shape.usual
      const title = untrusted(shape.title, 120)
      return [path, { ...shape, values, usual, title, description: untrusted(shape.description, 400) }] as const
    })
  return { version: untrusted(version, 60), settings: Object.fromEntries(entries) }
}
