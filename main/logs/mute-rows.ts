import type { AgentId, BoxId, PatternId } from '../../shared/contract/index.ts'
import type { Db } from '../store/store.ts'

export interface Mute {
  readonly patternId: PatternId
  readonly boxId: BoxId
  readonly agentId: AgentId | ''
  readonly text: string
  readonly reason: string
  readonly mutedAtMs: number
}

/** Kinds of lines that are muted, in the console's own store. */
export function muteRows(db: Db) {
  const all = db.prepare<[], Mute>(
    `select pattern_id as patternId, box_id as boxId, agent_id as agentId, text, reason, muted_at_ms as mutedAtMs
     from pattern_mute order by muted_at_ms`,
  )
  const put = db.prepare<[Mute]>(
    `insert into pattern_mute (pattern_id, box_id, agent_id, text, reason, muted_at_ms)
     values (:patternId, :boxId, :agentId, :text, :reason, :mutedAtMs)
     on conflict do update set text = excluded.text, reason = excluded.reason, muted_at_ms = excluded.muted_at_ms`,
  )
  const remove = db.prepare<[{ patternId: string; boxId: string; agentId: string; text: string }]>(
    `delete from pattern_mute
     where pattern_id = :patternId or (box_id = :boxId and agent_id = :agentId and text = :text)`,
  )
  return {
    all: (): Mute[] => all.all(),
    put: (mute: Mute): void => {
      put.run(mute)
    },
    remove: ({ patternId, boxId, agentId, text }: Pick<Mute, 'patternId' | 'boxId' | 'agentId' | 'text'>): void => {
      remove.run({ patternId, boxId, agentId, text })
    },
  }
}
