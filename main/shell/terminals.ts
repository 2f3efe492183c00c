import type { BoxId, TerminalEnd, TerminalId, TerminalOutput, TerminalSession } from '../../shared/contract/index.ts'
import { FaultError } from '../base/fault-error.ts'
import { newId } from '../base/ids.ts'
import { dateWords, spanWords } from '../base/words.ts'
import type { Connection, ShellChannel, Size } from '../ssh/ssh.ts'
import { type HeldOutput, holdOutput } from './held-output.ts'
import { terminalQuestion } from './questions.ts'
import { terminalRows } from './rows.ts'
import type { ShellParts } from './shell.ts'
import { targetOf } from './targets.ts'

/** Login shells on boxes, each on a terminal of its own. What passes through them is kept nowhere. */
export interface Terminals {
  /** Once a person has confirmed it. @throws FaultError `cancelled`, `not-found`, every fault of a connection. */
  open(input: { boxId: BoxId } & Size): Promise<TerminalSession>
  sessions(): TerminalSession[]
  output(terminalId: TerminalId, signal?: AbortSignal): AsyncGenerator<TerminalOutput>
  ack(input: { terminalId: TerminalId; chars: number }): void
  /** @throws FaultError `not-found`; `in-use` while it takes nothing more. */
  write(input: { terminalId: TerminalId; text: string; binary?: boolean | undefined }): void
  resize(input: { terminalId: TerminalId } & Size): void
  close(terminalId: TerminalId): void
  /** The console ends, and they with it. */
  endAll(): void
}

interface Session {
  info: TerminalSession
  readonly channel: ShellChannel
  readonly connection: Connection
  readonly held: HeldOutput
  /** What was typed and not taken yet, in characters, and the end of its line. */
  waiting: number
  written: Promise<void>
}

/** A box that takes no input for this much has hung. */
const mostWaiting = 1_000_000
/** Ended ones that nobody closed. */
const keptEnded = 20

export function createTerminals(parts: ShellParts): Terminals {
  const { store, ledger, inventory, ssh, clock, changes, log } = parts
  const rows = terminalRows(store.db)
  const sessions = new Map<TerminalId, Session>()
  if (store.writable) store.write(() => leftOver())

  function leftOver(): void {
    for (const { terminalId, boxId } of rows.unended()) {
      rows.ended(terminalId, clock.nowMs(), 'interrupted')
      tell(boxId, 'terminal.ended', 'A terminal on {box} ended with the console that had opened it.')
    }
  }

  function tell(boxId: BoxId, kind: string, words: string): void {
    ledger.append({ actor: 'operator', kind, boxId, words })
  }

  const one = (terminalId: TerminalId): Session => {
    const found = sessions.get(terminalId)
    if (!found) throw new FaultError({ code: 'not-found', what: 'terminal' })
    return found
  }

  async function ask(boxId: BoxId): Promise<void> {
    const box = inventory.box(boxId)
    const hold = box.clientId === null ? null : inventory.holdOf(box.clientId, clock.nowMs())
    const words = hold ? `On hold: no changes at this client until ${dateWords(hold.untilMs)}.` : ''
    if (!(await parts.confirm(terminalQuestion(targetOf(box, { inventory }), ssh.commandFor(boxId), words))))
      throw new FaultError({ code: 'cancelled', what: 'the terminal was not confirmed, so none was opened' })
  }

  async function connect(boxId: BoxId, size: Size): Promise<Pick<Session, 'channel' | 'connection'>> {
    const deadlineMs = parts.deadlineMs()
    const connection = await ssh.open(boxId, { deadlineMs })
    try {
      return { connection, channel: await connection.shell({ deadlineMs, size }) }
    } catch (error) {
      connection.release()
      throw error
    }
  }

  /** Reads it to its end; what the window has not drawn is not pulled any further, and then the box has to wait. */
  async function pump(session: Session): Promise<void> {
    const { channel, held } = session
    const decoder = new TextDecoder()
    try {
      for await (const chunk of channel.output) {
        held.push(decoder.decode(chunk, { stream: true }))
        await held.room()
      }
      end(session, { how: 'exit', ...(await channel.ended) })
    } catch (error) {
      const fault =
        error instanceof FaultError
          ? error.fault
          : { code: 'internal' as const, reference: log.error('terminal.failed', error) }
      end(session, { how: 'lost', fault })
    }
  }

  function end(session: Session, how: TerminalEnd): void {
    if (session.info.end !== null) return
    const { terminalId, boxId, openedAtMs } = session.info
    const atMs = clock.nowMs()
    try {
      store.write(() => {
        rows.ended(terminalId, atMs, how.how)
        tell(
          boxId,
          'terminal.ended',
          `The terminal on {box} ended after ${spanWords(atMs - openedAtMs)}: ${endWords(how)}.`,
        )
      })
    } catch (error) {
      log.error('terminal.end-not-kept', error)
    }
    session.info = { ...session.info, end: how }
    session.held.end()
    session.channel.close()
    session.connection.release()
    const ended = [...sessions.values()].filter(({ info }) => info.end !== null)
    for (const { info } of ended.slice(0, -keptEnded)) sessions.delete(info.terminalId)
    changes.publish('terminals', 'ledger')
    parts.lookAt(boxId)
  }

  return {
    async open({ boxId, columns, rows: lines }) {
      await ask(boxId)
      const opened = await connect(boxId, { columns, rows: lines })
      const terminalId = newId<TerminalId>()
      const openedAtMs = clock.nowMs()
      try {
        store.write(() => {
          rows.opened(terminalId, boxId, openedAtMs)
          tell(boxId, 'terminal.opened', 'A terminal was opened on {box}.')
        })
      } catch (error) {
        opened.channel.close()
        opened.connection.release()
        throw error
      }
      const session: Session = {
        info: { terminalId, boxId, boxName: inventory.box(boxId).name, openedAtMs, end: null },
        ...opened,
        held: holdOutput(),
        waiting: 0,
        written: Promise.resolve(),
      }
      sessions.set(terminalId, session)
      void pump(session)
      changes.publish('terminals', 'ledger')
      return session.info
    },
    sessions: () => [...sessions.values()].map(({ info }) => info),
    async *output(terminalId, signal) {
      const session = one(terminalId)
      for await (const said of session.held.follow(signal)) yield { kind: 'text', ...said }
      if (session.info.end !== null && !signal?.aborted) yield { kind: 'end', end: session.info.end }
    },
    ack: ({ terminalId, chars }) => one(terminalId).held.ack(chars),
    write({ terminalId, text, binary }) {
      const session = one(terminalId)
      if (session.info.end !== null) return
      if (session.waiting + text.length > mostWaiting)
        throw new FaultError({ code: 'in-use', what: 'The terminal', by: 'what was typed before and is not taken yet' })
      session.waiting += text.length
      session.written = session.written
        .then(() => session.channel.write(binary ? Buffer.from(text, 'latin1') : text))
        // That the connection went is told by the output.
        .catch(() => {})
        .finally(() => {
          session.waiting -= text.length
        })
    },
    resize({ terminalId, columns, rows: lines }) {
      const session = one(terminalId)
      if (session.info.end === null) session.channel.resize({ columns, rows: lines })
    },
    close(terminalId) {
      const session = one(terminalId)
      end(session, { how: 'closed' })
      sessions.delete(terminalId)
      changes.publish('terminals')
    },
    endAll() {
      for (const session of sessions.values()) end(session, { how: 'closed' })
    },
  }
}

function endWords(end: TerminalEnd): string {
  switch (end.how) {
    case 'closed':
      return 'it was closed here'
    case 'lost':
      return 'the connection was lost'
    case 'exit':
      return end.signal !== null
        ? `its shell was ended by ${end.signal}`
        : end.exitCode === null
          ? 'its shell ended nobody knows how'
          : `its shell ended with ${end.exitCode}`
  }
}
