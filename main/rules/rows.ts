import type { AgentId, BoxId, RuleVerdict, Stranger, VersionFloor } from '../../shared/contract/index.ts'
import type { ObservedDoor } from '../runtimes/observed.ts'
import type { Settings } from '../runtimes/runtimes.ts'
import type { Db } from '../store/store.ts'
import type { DutyFacts } from './subject.ts'

/** An agent as it was looked at last. */
export interface Seen {
  readonly boxId: BoxId
  readonly agentId: AgentId
  readonly version: string
  readonly settings: Settings | null
  readonly doors: readonly ObservedDoor[] | null
  readonly pairing: Pairing
  readonly duties: DutyFacts
  readonly verdicts: readonly RuleVerdict[]
  readonly cannotTell: string | null
  readonly takenAtMs: number
}
export interface Pairing {
  readonly entries: readonly { channel: string; account: string; handle: string }[]
  readonly unread: string
}

interface Row {
  box_id: string
  agent_id: string
  version: string
  settings_json: string | null
  doors_json: string | null
  pairing_json: string
  duties_json: string
  verdicts_json: string
  cannot_tell: string | null
  taken_at_ms: number
}

const parsed = <T>(json: string): T => JSON.parse(json) as T

/** Older rows say what is unknown only where nothing was broken. */
type WrittenVerdict = Omit<RuleVerdict, 'unknown'> & Partial<RuleVerdict>
const asNow = (verdict: WrittenVerdict): RuleVerdict => ({
  ...verdict,
  unknown: verdict.unknown ?? (verdict.state === 'unknown' ? verdict.where : []),
})

const fromRow = (row: Row): Seen => ({
  boxId: row.box_id as BoxId,
  agentId: row.agent_id as AgentId,
  version: row.version,
  settings: row.settings_json === null ? null : parsed<Settings>(row.settings_json),
  doors: row.doors_json === null ? null : parsed<ObservedDoor[]>(row.doors_json),
  pairing: parsed<Pairing>(row.pairing_json),
  duties: parsed<DutyFacts>(row.duties_json),
  verdicts: parsed<WrittenVerdict[]>(row.verdicts_json).map(asNow),
  cannotTell: row.cannot_tell,
  takenAtMs: row.taken_at_ms,
})

/** A stranger with the place it was found in. */
export type StoredStranger = Stranger & { readonly boxId: BoxId; readonly agentId: AgentId }

export function createRows(db: Db) {
  const put = db.prepare(
    `insert into rule_subject (box_id, agent_id, version, settings_json, doors_json, pairing_json, duties_json, verdicts_json, cannot_tell, taken_at_ms)
     values (@boxId, @agentId, @version, @settings, @doors, @pairing, @duties, @verdicts, @cannotTell, @takenAtMs)
     on conflict do update set version = excluded.version, settings_json = excluded.settings_json, doors_json = excluded.doors_json,
       pairing_json = excluded.pairing_json, duties_json = excluded.duties_json, verdicts_json = excluded.verdicts_json,
       cannot_tell = excluded.cannot_tell, taken_at_ms = excluded.taken_at_ms`,
  )
  const one = db.prepare<[string, string], Row>('select * from rule_subject where box_id = ? and agent_id = ?')
  const all = db.prepare<[], Row>('select * from rule_subject order by box_id, agent_id')
  const dropPeople = db.prepare('delete from rule_person where box_id = ? and agent_id = ?')
  const putPerson = db.prepare('insert or ignore into rule_person (person, box_id, agent_id) values (?, ?, ?)')
  const others = db.prepare<[string, string], { person: string; boxId: BoxId }>(
    `select person, box_id as boxId from rule_person
     where person in (select value from json_each(?)) and box_id <> ? order by person, box_id limit 100`,
  )
  const putStranger = db.prepare(
    `insert into rule_stranger (box_id, agent_id, mark, ending, channel, account, how, times, first_at_ms, last_at_ms)
     values (@boxId, @agentId, @mark, @ending, @channel, @account, @how, @times, @firstAtMs, @lastAtMs)
     on conflict do update set times = max(times, excluded.times), first_at_ms = min(first_at_ms, excluded.first_at_ms),
       last_at_ms = max(last_at_ms, excluded.last_at_ms)`,
  )
  const strangers = db.prepare<[string, string], StoredStranger>(
    `select box_id as boxId, agent_id as agentId, mark, ending, channel, account, how, times, first_at_ms as firstAtMs,
       last_at_ms as lastAtMs, looked_after_at_ms as lookedAfterAtMs
     from rule_stranger where box_id = ? and agent_id = ? order by last_at_ms desc, mark limit 500`,
  )
  const lookAfter = db.prepare(
    'update rule_stranger set looked_after_at_ms = ? where box_id = ? and agent_id = ? and (looked_after_at_ms is null or looked_after_at_ms < last_at_ms)',
  )
  const floors = db.prepare<[], VersionFloor>(
    'select version, reason, link, set_at_ms as setAtMs from version_floor order by version',
  )
  const putFloor = db.prepare(
    `insert into version_floor (version, reason, link, set_at_ms) values (@version, @reason, @link, @setAtMs)
     on conflict do update set reason = excluded.reason, link = excluded.link, set_at_ms = excluded.set_at_ms`,
  )
  const dropFloor = db.prepare('delete from version_floor where version = ?')
  return {
    put({ settings, doors, pairing, duties, verdicts, ...seen }: Seen, people: readonly string[]): void {
      put.run({
        ...seen,
        settings: settings === null ? null : JSON.stringify(settings),
        doors: doors === null ? null : JSON.stringify(doors),
        pairing: JSON.stringify(pairing),
        duties: JSON.stringify(duties),
        verdicts: JSON.stringify(verdicts),
      })
      if (doors === null) return
      dropPeople.run(seen.boxId, seen.agentId)
      for (const person of people) putPerson.run(person, seen.boxId, seen.agentId)
    },
    one(boxId: BoxId, agentId: AgentId): Seen | null {
      const row = one.get(boxId, agentId)
      return row ? fromRow(row) : null
    },
    all: (): Seen[] => all.all().map(fromRow),
    /** Other boxes at which one of these people is let in. */
    others: (people: readonly string[], boxId: BoxId) => others.all(JSON.stringify(people), boxId),
    putStranger: (stranger: Omit<StoredStranger, 'lookedAfterAtMs'>): void => {
      putStranger.run(stranger)
    },
    strangers: (boxId: BoxId, agentId: AgentId): StoredStranger[] => strangers.all(boxId, agentId),
    lookAfter: (boxId: BoxId, agentId: AgentId, atMs: number): number => lookAfter.run(atMs, boxId, agentId).changes,
    floors: (): VersionFloor[] => floors.all(),
    putFloor: (floor: VersionFloor): void => {
      putFloor.run(floor)
    },
    dropFloor: (version: string): boolean => dropFloor.run(version).changes > 0,
  }
}
