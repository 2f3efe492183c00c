import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { BoxId, CommandRun, TerminalId, TerminalOutput } from '../../shared/contract/index.ts'
import type { Question } from '../base/confirm.ts'
import { silentLog } from '../base/log.ts'
import { sshLab } from '../testing/ssh-lab.ts'
import { type SshdFleet, startSshdBox, startSshdFleet } from '../testing/sshd-box.ts'
import { mostOutputBytes } from './kept-output.ts'
import { createShell, type ShellOptions } from './shell.ts'

vi.setConfig({ testTimeout: 60_000 })

let fleet: SshdFleet
beforeAll(async () => {
  fleet = await startSshdFleet(4, { env: () => ({ PATH: process.env.PATH ?? '', ENV: '', PS1: '$ ' }) })
  for (const [at, { home }] of fleet.boxes.entries()) {
    mkdirSync(home, { recursive: true })
    writeFileSync(path.join(home, 'where'), at < 3 ? 'usual\n' : 'odd\n')
  }
})
afterAll(() => fleet.stop())

/** A console over the fleet whose person says yes unless told otherwise. `using` it. */
async function lab(change: Partial<ShellOptions> & { answer?: boolean } = {}) {
  const ssh = sshLab()
  const boxes = []
  for (const [at, box] of fleet.boxes.entries())
    boxes.push(await ssh.enrol({ ...box, user: fleet.user, keyPath: fleet.keyPath }, { name: `box-${at}` }))
  const asked: Question[] = []
  const looked: BoxId[] = []
  const build = () =>
    createShell({
      store: ssh.store,
      ledger: ssh.ledger,
      inventory: ssh.inventory,
      ssh: ssh.ssh,
      clock: ssh.clock,
      changes: ssh.changes,
      log: silentLog,
      confirm: async (question) => {
        asked.push(question)
        return change.answer ?? true
      },
      sweepOne: async (boxId) => void looked.push(boxId),
      waitAtClose: true,
      atOnce: () => 64,
      deadlineMs: () => 20_000,
      ...change,
    })
  const shell = build()
  const ids = boxes.map(({ boxId }) => boxId)
  const ended = async (run: CommandRun): Promise<CommandRun> => {
    let last = run
    for await (const next of shell.commands.watch(run.commandId)) last = next
    return last
  }
  return {
    ...ssh,
    shell,
    build,
    ids,
    asked,
    looked,
    ended,
    diary: (boxId?: BoxId) =>
      ssh.ledger
        .entries({ ...(boxId ? { boxId } : {}), limit: 50 })
        .map(({ kind, sentence }) => `${kind}: ${sentence}`)
        .filter((line) => /^(command|terminal)\./.test(line)),
    /** Previews, confirms and waits for the end. */
    async run(command: string, options: { boxIds?: BoxId[]; deadlineS?: number } = {}) {
      const { previewId } = shell.commands.preview({ boxIds: options.boxIds ?? ids, command })
      return ended(await shell.commands.start({ previewId, deadlineS: options.deadlineS ?? 30 }))
    },
    async [Symbol.asyncDispose]() {
      await shell.close()
      ssh[Symbol.dispose]()
    },
  }
}

test('the same answer of three boxes folds, the odd one is told apart, and the diary says where it ran', async () => {
  await using here = await lab()
  const run = await here.run('cat ~/where; echo loud >&2')
  expect(run).toMatchObject({ state: 'done', boxes: Array(4).fill({ state: 'ok', exitCode: 0, attempts: 1 }) })
  expect(here.shell.commands.groups(run.commandId)).toMatchObject([
    { boxIds: here.ids.slice(0, 3), majority: true, text: 'usual\nloud\n' },
    {
      boxIds: here.ids.slice(3),
      diff: [{ kind: 'less', text: 'usual' }, { kind: 'more', text: 'odd' }, { kind: 'same' }],
    },
  ])
  expect(here.asked).toMatchObject([{ title: 'Run this command on 4 machines?' }])
  expect(here.diary()).toContain('command.started: A command was sent to 4 machines: cat ~/where; echo loud >&2')
  expect(here.diary(here.ids[0])).toEqual(['command.ran: A command on box-0 ended with 0: cat ~/where; echo loud >&2'])
  await here.shell.close()
  expect(new Set(here.looked)).toEqual(new Set(here.ids))
})

test('without a yes nothing is sent, and the preview may be asked about again', async () => {
  await using here = await lab({ answer: false })
  const { previewId } = here.shell.commands.preview({ boxIds: here.ids, command: 'touch never' })
  await expect(here.shell.commands.start({ previewId, deadlineS: 30 })).rejects.toMatchObject({
    fault: { code: 'cancelled' },
  })
  await expect(here.shell.terminals.open({ boxId: here.ids[0]!, columns: 80, rows: 24 })).rejects.toMatchObject({
    fault: { code: 'cancelled' },
  })
  expect(here.ssh.openConnections()).toBe(0)
  expect(here.diary()).toEqual([])
})

test('a preview leaves out machines that nobody trusts, jump hosts, and clients on hold or paused, each with why', async () => {
  await using here = await lab()
  const clientOf = (name: string) => here.inventory.addClient({ name }).client.clientId
  const held = clientOf('Held')
  const away = clientOf('Away')
  const untilMs = here.clock.nowMs() + 86_400_000
  here.inventory.holdClient({ clientId: held, untilMs, reason: 'a launch' })
  here.inventory.pauseClient({ clientId: away, untilMs, reason: 'holidays' })
  const [first, second, third] = here.ids as [BoxId, BoxId, BoxId]
  here.inventory.editBox({ boxId: first, fields: { clientId: held } })
  here.inventory.editBox({ boxId: second, fields: { clientId: away } })
  here.inventory.editBox({ boxId: third, fields: { jumpOnly: true } })
  const stranger = here.add({ host: 'nowhere', name: 'stranger' })
  const preview = here.shell.commands.preview({ boxIds: [...here.ids, stranger.boxId], command: 'true' })
  expect(preview.targets.map(({ boxName }) => boxName)).toEqual(['box-3'])
  expect(preview.leftOut.map(({ boxName, why }) => [boxName, why.replace(/until .*/, 'until …')])).toEqual([
    ['box-0', 'No changes at this client until …'],
    ['box-1', 'Its client is paused until …'],
    ['box-2', 'It is a jump host only.'],
    ['stranger', 'Its host key was never accepted.'],
  ])
})

test('a box that cannot be reached is not attempted, one that fails has failed; retry asks those two alone, in the same record', async () => {
  await using here = await lab()
  const gone = here.ids[3]!
  here.inventory.editBox({ boxId: gone, fields: { port: 1 } })
  const home = (at: number) => fleet.boxes[at]!.home
  writeFileSync(path.join(home(1), 'trouble'), 'broken\n')
  const first = await here.run('cd; test ! -e trouble || { cat trouble; exit 3; }')
  expect(first.boxes.map(({ state, exitCode, attempts }) => [state, exitCode, attempts])).toEqual([
    ['ok', 0, 1],
    ['failed', 3, 1],
    ['ok', 0, 1],
    ['not-attempted', null, 0],
  ])
  expect(first.boxes[3]?.fault).toMatchObject({ code: 'refused' })
  rmSync(path.join(home(1), 'trouble'))
  here.inventory.editBox({ boxId: gone, fields: { port: fleet.boxes[3]!.port } })
  here.asked.length = 0
  const second = await here.ended(await here.shell.commands.retry(first.commandId))
  expect(here.asked).toMatchObject([{ title: 'Run this command on 2 machines?' }])
  expect(second.boxes.map(({ state, attempts }) => [state, attempts])).toEqual([
    ['ok', 1],
    ['ok', 2],
    ['ok', 1],
    ['ok', 1],
  ])
  expect(here.shell.commands.recent(9)).toMatchObject([{ commandId: first.commandId, boxes: 4 }])
})

test('cancel ends what runs, starts nothing more, and keeps what had arrived', async () => {
  await using here = await lab({ atOnce: () => 2 })
  const { previewId } = here.shell.commands.preview({ boxIds: here.ids, command: 'echo begun; exec sleep 60' })
  const { commandId } = await here.shell.commands.start({ previewId, deadlineS: 60 })
  const two = here.ids.slice(0, 2)
  await vi.waitFor(() => {
    for (const boxId of two) expect(here.shell.commands.output({ commandId, boxId }).text).toBe('begun\n')
  })
  here.shell.commands.cancel(commandId)
  const run = await here.ended(here.shell.commands.get(commandId))
  expect(run.state).toBe('cancelled')
  expect(run.boxes.map(({ state }) => state)).toEqual(['cancelled', 'cancelled', 'not-attempted', 'not-attempted'])
  expect(here.shell.commands.groups(commandId)).toMatchObject([{ state: 'not-attempted' }, { text: 'begun\n' }])
})

test('a command that does not end in time is ended, also where it will not listen', async () => {
  await using here = await lab()
  const run = await here.run('trap "" TERM; echo here; while :; do sleep 1; done', {
    boxIds: here.ids.slice(0, 1),
    deadlineS: 1,
  })
  expect(run.boxes).toMatchObject([{ state: 'timed-out', bytes: 5 }])
})

test('of an output without end the beginning is kept and the rest counted', async () => {
  await using here = await lab()
  const run = await here.run('head -c 3000000 /dev/zero | tr "\\0" x', { boxIds: here.ids.slice(0, 1) })
  expect(run.boxes).toMatchObject([{ state: 'ok', bytes: 3_000_000, cutBytes: 3_000_000 - mostOutputBytes }])
  expect(here.shell.commands.groups(run.commandId)[0]).toMatchObject({ moreBytes: 2_900_000, lines: 1 })
})

test('what ran when the console ended is interrupted, never resumed; its secrets stand nowhere', async () => {
  await using here = await lab()
  const { previewId } = here.shell.commands.preview({
    boxIds: here.ids.slice(0, 1),
    command: 'echo --token=abcdefghijkl1234; sleep 60',
  })
  const { commandId } = await here.shell.commands.start({ previewId, deadlineS: 60 })
  await vi.waitFor(() => expect(here.shell.commands.get(commandId).boxes[0]?.attempts).toBe(1))
  const next = here.build()
  expect(next.commands.get(commandId)).toMatchObject({ state: 'interrupted', boxes: [{ state: 'failed' }] })
  expect(next.commands.get(commandId).command).toBe('echo *** sleep 60')
  await expect(next.commands.retry(commandId)).rejects.toMatchObject({ fault: { code: 'not-found' } })
  expect(here.diary().join('\n')).not.toContain('abcdefghijkl1234')
  here.shell.commands.cancel(commandId)
})

/** What is left of it. */
async function all<T>(output: AsyncGenerator<T>): Promise<T[]> {
  const got: T[] = []
  for await (const each of output) got.push(each)
  return got
}

/** Reads a terminal until its text holds `wanted`. */
async function until(output: AsyncGenerator<TerminalOutput>, wanted: string | RegExp, ack: (chars: number) => void) {
  let text = ''
  for (;;) {
    const { value, done } = await output.next()
    if (done || value.kind === 'end') throw new Error(`it ended before it said ${wanted}: ${text}`)
    text += value.text
    ack(value.text.length)
    if (typeof wanted === 'string' ? text.includes(wanted) : wanted.test(text)) return text
  }
}

test('a terminal takes what is typed, knows its size and its change, survives a listener that leaves, and its end is in the diary', async () => {
  await using here = await lab()
  const boxId = here.ids[0]!
  const { terminals } = here.shell
  const { terminalId } = await terminals.open({ boxId, columns: 91, rows: 27 })
  const ack = (chars: number) => terminals.ack({ terminalId, chars })
  const first = terminals.output(terminalId)
  terminals.write({ terminalId, text: 'stty size; echo $TERM\r' })
  expect(await until(first, 'xterm-256color\r\n', ack)).toContain('27 91')
  terminals.resize({ terminalId, columns: 120, rows: 40 })
  terminals.write({ terminalId, text: 'stty size\r' })
  await until(first, '40 120', ack)
  await first.return(undefined)
  terminals.write({ terminalId, text: 'echo "still"" here"\r' })
  const second = terminals.output(terminalId)
  const replayed = await until(second, 'still here\r\n', ack)
  expect(replayed).toContain('27 91')
  terminals.write({ terminalId, text: 'exit 7\r' })
  const rest = await all(second)
  expect(rest.at(-1)).toEqual({ kind: 'end', end: { how: 'exit', exitCode: 7, signal: null } })
  expect(here.diary(boxId)).toEqual([
    expect.stringMatching(/^terminal.ended: The terminal on box-0 ended after \d+ s: its shell ended with 7\.$/),
    'terminal.opened: A terminal was opened on box-0.',
  ])
  expect(JSON.stringify(here.ledger.entries({ limit: 50 }))).not.toContain('stty')
  expect(terminals.sessions()).toMatchObject([{ terminalId, end: { how: 'exit' } }])
  terminals.close(terminalId)
  expect(terminals.sessions()).toEqual([])
  await vi.waitFor(() => expect(here.looked).toEqual([boxId]))
})

test('a window that draws nothing holds the box up instead of filling this computer', async () => {
  await using here = await lab()
  const { terminals } = here.shell
  const { terminalId } = await terminals.open({ boxId: here.ids[0]!, columns: 80, rows: 24 })
  const output = terminals.output(terminalId)
  terminals.write({
    terminalId,
    text: 'stty -echo; cd; head -c 5000000 /dev/zero | tr "\\0" x; echo; echo en""d > finished\r',
  })
  let got = 0
  while (got < 250_000) {
    const { value } = await output.next()
    if (value?.kind === 'text') got += value.text.length
  }
  // Nothing is drawn: what is under way ends somewhere between here and the box, far from the end.
  const before = await here.run('test -e ~/finished && echo yes || echo no', { boxIds: here.ids.slice(0, 1) })
  expect(here.shell.commands.output({ commandId: before.commandId, boxId: here.ids[0]! }).text).toBe('no\n')
  terminals.ack({ terminalId, chars: got })
  while (got < 5_000_000) {
    const { value, done } = await output.next()
    if (done) break
    if (value.kind !== 'text') continue
    got += value.text.length
    terminals.ack({ terminalId, chars: value.text.length })
  }
  expect(got).toBeGreaterThanOrEqual(5_000_000)
})

test('a lost connection and a close by the operator are told apart', async () => {
  await using here = await lab()
  const { terminals } = here.shell
  const open = () => terminals.open({ boxId: here.ids[1]!, columns: 80, rows: 24 })
  const [first, second] = [await open(), await open()]
  terminals.close(first.terminalId)
  here.ssh.drop(here.ids[1]!)
  const said = await all(terminals.output(second.terminalId))
  expect(said.at(-1)).toMatchObject({ kind: 'end', end: { how: 'lost', fault: { code: 'cancelled' } } })
  expect(here.diary(here.ids[1]).map((line) => line.replace(/after \d+ s/, 'after …'))).toEqual([
    'terminal.ended: The terminal on box-1 ended after …: the connection was lost.',
    'terminal.ended: The terminal on box-1 ended after …: it was closed here.',
    'terminal.opened: A terminal was opened on box-1.',
    'terminal.opened: A terminal was opened on box-1.',
  ])
  expect(() => terminals.write({ terminalId: 'gone' as TerminalId, text: 'x' })).toThrow()
})

test('a machine that gives no terminal is told from one that cannot be reached, and leaves nothing in the diary', async () => {
  await using here = await lab()
  const strict = await startSshdBox({ config: ['PermitTTY no'] })
  const { boxId } = await here.enrol(strict, { name: 'strict' })
  await expect(here.shell.terminals.open({ boxId, columns: 80, rows: 24 })).rejects.toMatchObject({
    fault: { code: 'no-terminal', boxName: 'strict' },
  })
  expect(here.diary(boxId)).toEqual([])
  await strict.stop()
})

test('snippets are saved, renamed, removed and taken back; two never share a name', async () => {
  await using here = await lab()
  const { snippets } = here.shell
  const { snippet, undoId } = snippets.saveSnippet({ name: 'Disk', command: 'df -h /' })
  expect(() => snippets.saveSnippet({ name: 'disk', command: 'df' })).toThrow()
  expect(snippets.snippets()).toEqual([snippet])
  const removed = snippets.removeSnippet({ snippetId: snippet.snippetId })
  expect(snippets.snippets()).toEqual([])
  here.inventory.undo({ undoId: removed.undoId })
  expect(snippets.snippets()).toEqual([snippet])
  here.inventory.undo({ undoId })
  expect(snippets.snippets()).toEqual([])
})
