import { type BoxId, KeyBox, KeyRun, type KeyRunId } from '../../shared/contract/index.ts'
import type { Db } from '../store/store.ts'

/** One half of a change: a private key file of this computer by its place, and its public half. */
export interface KeptKey {
  readonly path: string
  readonly type: string
  readonly blob: string
  readonly comment: string
}

/** What a machine's change is made of, beside what is shown. */
export interface KeptBox {
  readonly boxId: BoxId
  readonly oldKey: KeptKey
  readonly newKey: KeptKey
  readonly oldLine: string | null
}

type RunRow = Omit<KeyRun, 'boxes' | 'leftOut'> & { leftOut: string }
type BoxRow = Omit<KeyBox, 'fault'> & { fault: string | null; oldKey: string; newKey: string; oldLine: string | null }

const runColumns = `run_id as runId, reverts, new_fingerprint as newFingerprint, begun_at_ms as begunAtMs,
  ended_at_ms as endedAtMs, state, left_out as leftOut`

/** Changes of the operator's key, and where each machine stands in them. */
export function keyRows(db: Db) {
  const insert = db.prepare(
    `insert into key_run (run_id, reverts, new_fingerprint, begun_at_ms, state, left_out)
     values (@runId, @reverts, @newFingerprint, @begunAtMs, 'running', @leftOut)`,
  )
  const insertBox = db.prepare(
    `insert into key_box (run_id, box_id, position, box_name, client_name, ring, wave, old_fingerprint, old_key, new_key,
       old_line, state, words, next_step)
     values (@runId, @boxId, @position, @boxName, @clientName, @ring, @wave, @oldFingerprint, @oldKey, @newKey, @oldLine,
       @state, '', '')`,
  )
  const putBox = db.prepare(
    `update key_box set state = @state, step = @step, words = @words, next_step = @nextStep, fault = @fault,
       took_ms = @tookMs where run_id = @runId and box_id = @boxId`,
  )
  const putLine = db.prepare<[string, KeyRunId, BoxId]>(
    'update key_box set old_line = ? where run_id = ? and box_id = ?',
  )
  const setRun = db.prepare<[KeyRun['state'], number | null, KeyRunId]>(
    'update key_run set state = ?, ended_at_ms = ? where run_id = ?',
  )
  const running = db.prepare<[], { runId: KeyRunId }>("select run_id as runId from key_run where state = 'running'")
  const one = db.prepare<[string], RunRow>(`select ${runColumns} from key_run where run_id = ?`)
  const recent = db.prepare<[number], RunRow>(
    `select ${runColumns} from key_run order by begun_at_ms desc, run_id limit ?`,
  )
  const boxes = db.prepare<[string], BoxRow>(
    `select box_id as boxId, box_name as boxName, client_name as clientName, ring, wave, old_fingerprint as oldFingerprint,
       state, step, words, next_step as nextStep, fault, took_ms as tookMs, old_key as oldKey, new_key as newKey,
       old_line as oldLine
     from key_box where run_id = ? order by position`,
  )
  const whole = (row: RunRow): KeyRun =>
    KeyRun.parse({
      ...row,
      leftOut: JSON.parse(row.leftOut),
      boxes: boxes
        .all(row.runId)
        .map((box) => KeyBox.parse({ ...box, fault: box.fault === null ? null : JSON.parse(box.fault) })),
    })
  return {
    insert(run: KeyRun, kept: readonly KeptBox[]): void {
      const { runId, reverts, newFingerprint, begunAtMs, leftOut } = run
      insert.run({ runId, reverts, newFingerprint, begunAtMs, leftOut: JSON.stringify(leftOut) })
      for (const [
        position,
        { step: _step, words: _words, nextStep: _next, fault: _fault, tookMs: _took, ...box },
      ] of run.boxes.entries()) {
        const own = kept.find(({ boxId }) => boxId === box.boxId)
        if (!own) throw new Error('a machine without its keys')
        insertBox.run({
          ...box,
          runId,
          position,
          oldKey: JSON.stringify(own.oldKey),
          newKey: JSON.stringify(own.newKey),
          oldLine: own.oldLine,
        })
      }
    },
    putBox(runId: KeyRunId, { boxId, state, step, words, nextStep, fault, tookMs }: KeyBox): void {
      putBox.run({
        runId,
        boxId,
        state,
        step,
        words,
        nextStep,
        tookMs,
        fault: fault === null ? null : JSON.stringify(fault),
      })
    },
    putLine: (runId: KeyRunId, boxId: BoxId, line: string): void => void putLine.run(line, runId, boxId),
    setRun: (runId: KeyRunId, state: KeyRun['state'], endedAtMs: number | null): void =>
      void setRun.run(state, endedAtMs, runId),
    running: (): KeyRunId[] => running.all().map(({ runId }) => runId),
    one(runId: KeyRunId): KeyRun | null {
      const row = one.get(runId)
      return row ? whole(row) : null
    },
    kept: (runId: KeyRunId): KeptBox[] =>
      boxes.all(runId).map(({ boxId, oldKey, newKey, oldLine }) => ({
        boxId,
        oldKey: JSON.parse(oldKey) as KeptKey,
        newKey: JSON.parse(newKey) as KeptKey,
        oldLine,
      })),
    recent: (limit: number): KeyRun[] => recent.all(limit).map(whole),
  }
}
