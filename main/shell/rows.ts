import * as z from 'zod'
import {
  type BoxId,
  CommandBox,
  type CommandId,
  type CommandRun,
  CommandTarget,
  type Snippet,
  type SnippetId,
  type TerminalId,
} from '../../shared/contract/index.ts'
import type { Db } from '../store/store.ts'

type RunRow = Omit<CommandRun, 'boxes' | 'leftOut'> & { leftOut: string }
type BoxRow = Omit<CommandBox, 'fault'> & { fault: string | null }

const LeftOut = z.array(CommandTarget.extend({ why: z.string() }))

/** Terminals: when each was opened and how it ended. */
export function terminalRows(db: Db) {
  const opened = db.prepare<[TerminalId, BoxId, number]>(
    'insert into terminal_session (terminal_id, box_id, opened_at_ms) values (?, ?, ?)',
  )
  const ended = db.prepare<[number, string, TerminalId]>(
    'update terminal_session set ended_at_ms = ?, how = ? where terminal_id = ?',
  )
  const unended = db.prepare<[], { terminalId: TerminalId; boxId: BoxId }>(
    'select terminal_id as terminalId, box_id as boxId from terminal_session where ended_at_ms is null',
  )
  return {
    opened: (terminalId: TerminalId, boxId: BoxId, atMs: number): void => void opened.run(terminalId, boxId, atMs),
    ended: (terminalId: TerminalId, atMs: number, how: string): void => void ended.run(atMs, how, terminalId),
    unended: () => unended.all(),
  }
}

/** Commands and where each stands on its machines. */
export function commandRows(db: Db) {
  const columns = 'command_id as commandId, command, begun_at_ms as begunAtMs, ended_at_ms as endedAtMs, state'
  const insert = db.prepare(
    `insert into command_run (command_id, command, begun_at_ms, state, left_out)
     values (@commandId, @command, @begunAtMs, 'running', @leftOut)`,
  )
  const insertBox = db.prepare(
    `insert into command_box (command_id, box_id, position, box_name, client_name, state, bytes, cut_bytes, attempts)
     values (@commandId, @boxId, @position, @boxName, @clientName, 'waiting', 0, 0, 0)`,
  )
  const setBox = db.prepare(
    `update command_box set state = @state, exit_code = @exitCode, signal = @signal, fault = @fault, took_ms = @tookMs,
       bytes = @bytes, cut_bytes = @cutBytes, attempts = @attempts
     where command_id = @commandId and box_id = @boxId`,
  )
  const setRun = db.prepare<[CommandRun['state'], number | null, CommandId]>(
    'update command_run set state = ?, ended_at_ms = ? where command_id = ?',
  )
  const interruptBoxes = db.prepare(
    `update command_box set state = case state when 'running' then 'failed' else 'not-attempted' end
     where state in ('waiting', 'running')`,
  )
  const interrupt = db.prepare<[number]>(
    `update command_run set state = 'interrupted', ended_at_ms = ? where state = 'running'`,
  )
  const one = db.prepare<[string], RunRow>(
    `select ${columns}, left_out as leftOut from command_run where command_id = ?`,
  )
  const boxes = db.prepare<[string], BoxRow>(
    `select box_id as boxId, box_name as boxName, client_name as clientName, state, exit_code as exitCode, signal, fault,
       took_ms as tookMs, bytes, cut_bytes as cutBytes, attempts
     from command_box where command_id = ? order by position`,
  )
  const recent = db.prepare<[number], Omit<RunRow, 'leftOut'> & { boxes: number }>(
    `select ${columns}, (select count(*) from command_box where command_id = command_run.command_id) as boxes
     from command_run order by begun_at_ms desc, command_id limit ?`,
  )
  return {
    insert(run: CommandRun, command: string): void {
      const { commandId, begunAtMs } = run
      insert.run({ commandId, command, begunAtMs, leftOut: JSON.stringify(run.leftOut) })
      for (const [position, { boxId, boxName, clientName }] of run.boxes.entries())
        insertBox.run({ commandId, boxId, position, boxName, clientName })
    },
    setBox(commandId: CommandId, { boxName, clientName, ...box }: CommandBox): void {
      setBox.run({ ...box, commandId, fault: box.fault === null ? null : JSON.stringify(box.fault) })
    },
    setRun: (commandId: CommandId, state: CommandRun['state'], endedAtMs: number | null): void =>
      void setRun.run(state, endedAtMs, commandId),
    /** What ran when the console ended. @returns how many runs. */
    interrupt(atMs: number): number {
      interruptBoxes.run()
      return interrupt.run(atMs).changes
    },
    one(commandId: CommandId): CommandRun | null {
      const row = one.get(commandId)
      if (!row) return null
      return {
        ...row,
        leftOut: LeftOut.parse(JSON.parse(row.leftOut)),
        boxes: boxes
          .all(commandId)
          .map((box) => CommandBox.parse({ ...box, fault: box.fault === null ? null : JSON.parse(box.fault) })),
      }
    },
    recent: (limit: number) => recent.all(limit),
  }
}

/** Commands the operator saved. */
export function snippetRows(db: Db) {
  const columns = 'snippet_id as snippetId, name, command, saved_at_ms as savedAtMs'
  const list = db.prepare<[], Snippet>(
    `select ${columns} from command_snippet where removed_at_ms is null order by saved_at_ms desc, snippet_id`,
  )
  const one = db.prepare<[string], Snippet>(
    `select ${columns} from command_snippet where snippet_id = ? and removed_at_ms is null`,
  )
  const put = db.prepare<[Snippet]>(
    `insert into command_snippet (snippet_id, name, command, saved_at_ms) values (@snippetId, @name, @command, @savedAtMs)
     on conflict (snippet_id) do update set name = excluded.name, command = excluded.command`,
  )
  const mark = db.prepare<[number | null, SnippetId]>(
    'update command_snippet set removed_at_ms = ? where snippet_id = ?',
  )
  return {
    list: () => list.all(),
    one: (snippetId: SnippetId): Snippet | null => one.get(snippetId) ?? null,
    put: (snippet: Snippet): void => void put.run(snippet),
    mark: (snippetId: SnippetId, removedAtMs: number | null): void => void mark.run(removedAtMs, snippetId),
  }
}
