import pLimit from 'p-limit'
import type { BoxId, KeyBox, KeyPreview, KeyRun, KeyRunId } from '../../shared/contract/index.ts'
import { showHidden } from '../../shared/untrusted.ts'
import type { Changes } from '../base/changes.ts'
import type { Clock } from '../base/clock.ts'
import type { Confirm } from '../base/confirm.ts'
import { FaultError } from '../base/fault-error.ts'
import { newId } from '../base/ids.ts'
import type { Log } from '../base/log.ts'
import { type WatchedRun, watchRun } from '../base/watched-run.ts'
import { counted, dateWords } from '../base/words.ts'
import type { Inventory, StoredBox } from '../inventory/inventory.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { Onbox } from '../onbox/onbox.ts'
import type { Ssh } from '../ssh/ssh.ts'
import type { Store } from '../store/store.ts'
import { wavesOf } from './order.ts'
import { askBox, type KeyEnd, rotateBox } from './rotate-box.ts'
import { type KeptBox, keyRows } from './rows.ts'

export interface KeyParts {
  readonly store: Store
  readonly ledger: Ledger
  readonly inventory: Pick<Inventory, 'box' | 'boxes' | 'client' | 'holdOf' | 'editBox'>
  readonly onbox: Pick<Onbox, 'keys'>
  readonly ssh: Pick<Ssh, 'trust' | 'proveLogin' | 'publicKey'>
  readonly clock: Clock
  readonly changes: Changes
  readonly log: Log
  /** Asks a person at this computer before anything is sent. */
  readonly confirm: Confirm
  /** For each connection and question. Default 60 s. */
  readonly stepMs?: number
}

interface Wanted {
  readonly newKeyPath: string
  readonly boxIds?: readonly BoxId[] | undefined
}

/** The operator's own SSH key on the machines, changed for another: canary first, and no further after the first that does not go well. */
export interface Keys {
  /** @throws FaultError `key-file-unreadable`, `not-found`. */
  preview(wanted: Wanted): Promise<KeyPreview>
  /** @throws FaultError as `preview`; `in-use`, `cancelled`, `invalid-input`. */
  start(wanted: Wanted): Promise<KeyRun>
  /** @throws FaultError `not-found`. */
  get(runId: KeyRunId): KeyRun
  watch(runId: KeyRunId, signal?: AbortSignal): AsyncGenerator<KeyRun>
  /** @throws FaultError `not-found` when it does not run. */
  stop(runId: KeyRunId): void
  /** @throws FaultError as `start`. */
  continue(runId: KeyRunId): Promise<KeyRun>
  /** @throws FaultError `in-use` while it runs. */
  ask(runId: KeyRunId): Promise<KeyRun>
  /** @throws FaultError as `start`. */
  revert(runId: KeyRunId): Promise<KeyRun>
  recent(limit: number): KeyRun[]
  /** Begins no further machine, and waits for those under way. */
  close(): Promise<void>
}

interface Live {
  run: KeyRun
  readonly watched: WatchedRun<KeyRun>
  stopping: boolean
  finished: Promise<void>
}

export function createKeys(parts: KeyParts): Keys {
  const { store, ledger, inventory, onbox, ssh, clock, changes, log } = parts
  const stepMs = parts.stepMs ?? 60_000
  const rows = keyRows(store.db)
  let live: Live | null = null
  if (store.writable) store.write(() => rows.running().forEach(interrupt))

  /** Each machine stands where its last step left it; which that is, it has to say. */
  function interrupt(runId: KeyRunId): void {
    for (const box of rows.one(runId)?.boxes ?? [])
      if (box.state === 'waiting') rows.putBox(runId, { ...box, ...notBegun('The console ended before.') })
      else if (box.state === 'running')
        rows.putBox(runId, {
          ...box,
          state: 'unknown',
          words: `The console ended while it was ${box.step ?? 'connecting'}.`,
          nextStep: 'Ask the machine which keys stand there.',
        })
    rows.setRun(runId, 'interrupted', clock.nowMs())
    ledger.append({
      actor: 'console',
      kind: 'key.interrupted',
      words: 'A change of the SSH key ended with its console.',
    })
  }

  const isRunning = () => live !== null && live.run.endedAtMs === null
  const free = () => {
    if (isRunning()) throw new FaultError({ code: 'in-use', what: 'The SSH key', by: 'another change of it' })
  }
  const lookUp = (runId: KeyRunId): KeyRun => {
    const run = live?.run.runId === runId ? live.run : rows.one(runId)
    if (!run) throw new FaultError({ code: 'not-found', what: 'change of the SSH key' })
    return run
  }

  function whyNot(box: StoredBox): string | null {
    if (box.jumpOnly) return 'It is a jump host only: change its key by hand.'
    if (ssh.trust(box.boxId).pin === null) return 'Its host key was never accepted.'
    if (box.auth.kind === 'agent') return 'It logs in with keys of the ssh agent, so which one goes is not known.'
    if (box.auth.kind === 'password') return 'It logs in with a password.'
    return whyHeld(box)
  }

  /** Why nothing is changed there now, whatever was begun before; null: it may be. */
  function whyHeld({ clientId }: StoredBox): string | null {
    const hold = clientId === null ? null : inventory.holdOf(clientId, clock.nowMs())
    return hold ? `No changes at this client until ${dateWords(hold.untilMs)}.` : null
  }

  const nameOf = ({ clientId }: StoredBox) => (clientId === null ? null : inventory.client(clientId).name)

  async function plan({ newKeyPath, boxIds }: Wanted) {
    const { fingerprint: newFingerprint, ...newKey } = await ssh.publicKey(newKeyPath)
    const leftOut: KeyRun['leftOut'] = []
    const going: { box: StoredBox; kept: KeptBox; oldFingerprint: string }[] = []
    for (const boxId of new Set(boxIds ?? inventory.boxes().map((box) => box.boxId))) {
      const box = inventory.box(boxId)
      const why = whyNot(box)
      const leave = (words: string) => leftOut.push({ boxId, boxName: box.name, why: words })
      if (why !== null || box.auth.kind !== 'key') leave(why ?? 'It logs in otherwise.')
      else {
        const { fingerprint, ...oldKey } = await ssh.publicKey(box.auth.path)
        if (oldKey.blob === newKey.blob) leave('It logs in with this key already.')
        else
          going.push({
            box,
            oldFingerprint: fingerprint,
            kept: { boxId, oldKey, newKey, oldLine: null },
          })
      }
    }
    return { newFingerprint, leftOut, going }
  }

  const shown = (going: Awaited<ReturnType<typeof plan>>['going']): KeyBox[] =>
    wavesOf(
      going.map(({ box, oldFingerprint }) => ({
        ...waiting,
        boxId: box.boxId,
        boxName: box.name,
        clientName: nameOf(box),
        ring: box.ring,
        oldFingerprint,
      })),
    )

  async function confirmed(title: string, boxes: readonly KeyBox[], detail: string): Promise<void> {
    const named = boxes.map(({ wave, boxName, clientName }) =>
      showHidden(`    ${wave}. ${boxName}${clientName === null ? '' : ` (${clientName})`}`),
    )
    if (!(await parts.confirm({ title, detail: [detail, named.join('\n')].join('\n\n'), button: 'Change the key' })))
      throw new FaultError({ code: 'cancelled', what: 'the change of the key was not confirmed, so nothing was sent' })
  }

  /** The row first, then what is shown. */
  function put(one: Live, boxId: BoxId, change: Partial<KeyBox>, more: () => void = () => {}): void {
    const old = one.run.boxes.find((box) => box.boxId === boxId)
    if (!old) return
    const next = { ...old, ...change }
    store.write(() => {
      rows.putBox(one.run.runId, next)
      more()
    })
    one.run = { ...one.run, boxes: one.run.boxes.map((box) => (box.boxId === boxId ? next : box)) }
    one.watched.changed()
  }

  async function onBox(one: Live, box: KeyBox, own: KeptBox): Promise<KeyEnd['state']> {
    const { boxId } = box
    const { runId, reverts } = one.run
    const startedMs = clock.monotonicMs()
    put(one, boxId, { state: 'running', fault: null, words: '', nextStep: '' }, () =>
      ledger.append({
        actor: 'operator',
        kind: 'key.began',
        boxId,
        words: 'A change of the SSH key of {box} was begun.',
      }),
    )
    const end = await rotateBox({
      onbox,
      ssh,
      boxId,
      old: own.oldKey,
      fresh: own.newKey,
      line: reverts === null ? null : own.oldLine,
      stepMs,
      at: (step) => put(one, boxId, { step }),
      found: (line) => {
        if (reverts === null) store.write(() => rows.putLine(runId, boxId, line))
      },
      use: ({ path }) => void inventory.editBox({ boxId, fields: { auth: { kind: 'key', path } } }),
    }).catch((error: unknown): KeyEnd => {
      // Such as a full disk here: the row of its last step stands.
      const reference = log.error('key.failed', error, { boxId })
      return {
        state: 'unknown',
        words: 'The console could not go on.',
        nextStep: 'Ask the machine which keys stand there.',
        fault: error instanceof FaultError ? error.fault : { code: 'internal', reference },
      }
    })
    put(one, boxId, { ...end, tookMs: Math.round(clock.monotonicMs() - startedMs) }, () => told(boxId, end))
    return end.state
  }

  /** Such as a full disk here: its row stays as its last step left it, and no further wave begins. */
  function notKept(one: Live, { boxId }: KeyBox, error: unknown): KeyEnd['state'] {
    log.error('key.end-not-kept', error, { boxId })
    const end = {
      state: 'unknown',
      words: 'Its end could not be kept here.',
      nextStep: 'Ask the machine which keys stand there.',
    } as const
    one.run = { ...one.run, boxes: one.run.boxes.map((box) => (box.boxId === boxId ? { ...box, ...end } : box)) }
    one.watched.changed()
    return end.state
  }

  const told = (boxId: BoxId, { state, words }: KeyEnd): void =>
    void ledger.append({
      actor: 'console',
      kind: `key.${state}`,
      boxId,
      words: `{box}: a change of its SSH key: ${state}. ${words}`,
    })

  /** A client who came to be on hold since: its machine stays as its last step left it. */
  function passOver(one: Live, { boxId, state }: KeyBox, why: string): 'held' {
    put(one, boxId, state === 'waiting' ? notBegun(why) : { words: why })
    return 'held'
  }

  async function go(one: Live): Promise<void> {
    const kept = rows.kept(one.run.runId)
    const waves = [...Map.groupBy(one.run.boxes, ({ wave }) => wave).entries()].sort(([a], [b]) => a - b)
    for (const [, boxes] of waves) {
      const lane = pLimit(boxes.length)
      const open = boxes.filter(({ state }) => state !== 'rotated')
      const ends = await Promise.all(
        open.map((box) =>
          lane(async () => {
            const own = kept.find(({ boxId }) => boxId === box.boxId)
            if (one.stopping || own === undefined) return 'not-attempted'
            const why = whyHeld(inventory.box(box.boxId))
            if (why !== null) return passOver(one, box, why)
            return onBox(one, box, own).catch((error: unknown) => notKept(one, box, error))
          }),
        ),
      )
      // One that is held shows nothing: before any machine has shown that the key works, no other goes.
      const isShown = one.run.boxes.some(({ state }) => state === 'rotated')
      if (ends.some((state) => state !== 'rotated' && (state !== 'held' || !isShown))) one.stopping = true
      if (one.stopping) break
    }
    finish(one)
  }

  function finish(one: Live): void {
    const endedAtMs = clock.nowMs()
    const state = one.run.boxes.every((box) => box.state === 'rotated') ? 'done' : 'stopped'
    try {
      for (const box of one.run.boxes)
        if (box.state === 'waiting') put(one, box.boxId, notBegun('It was stopped before.'))
      store.write(() => rows.setRun(one.run.runId, state, endedAtMs))
    } catch (error) {
      log.error('key.end-not-kept', error)
    }
    one.run = { ...one.run, state, endedAtMs }
    one.watched.changed()
    changes.publish('keys', 'inventory', 'ledger')
  }

  function begin(run: KeyRun): KeyRun {
    const one: Live = {
      run,
      watched: watchRun(
        clock,
        () => one.run,
        () => one.run.endedAtMs !== null,
      ),
      stopping: false,
      finished: Promise.resolve(),
    }
    live = one
    changes.publish('keys', 'ledger')
    one.finished = go(one)
    return run
  }

  function insert(run: KeyRun, kept: readonly KeptBox[]): KeyRun {
    store.write(() => {
      rows.insert(run, kept)
      ledger.append({
        actor: 'operator',
        kind: run.reverts === null ? 'key.started' : 'key.reverting',
        words: `The SSH key is ${run.reverts === null ? 'changed' : 'changed back'} on ${counted(run.boxes.length, 'machine')}${run.newFingerprint === null ? '' : ` for ${run.newFingerprint}`}.`,
      })
    })
    return begin(run)
  }

  function refuseHeld([first]: readonly KeyBox[]): never {
    const why = first === undefined ? '' : whyHeld(inventory.box(first.boxId))
    throw new FaultError({
      code: 'invalid-input',
      field: 'machines',
      detail: `There is no machine to change. ${why ?? ''}`.trim(),
    })
  }

  const newRun = (boxes: KeyBox[], rest: Pick<KeyRun, 'reverts' | 'newFingerprint' | 'leftOut'>): KeyRun => {
    if (boxes.length === 0) {
      const why = rest.leftOut[0]?.why ?? ''
      throw new FaultError({
        code: 'invalid-input',
        field: 'machines',
        detail: `There is no machine to change. ${why}`.trim(),
      })
    }
    return { ...rest, runId: newId<KeyRunId>(), begunAtMs: clock.nowMs(), endedAtMs: null, state: 'running', boxes }
  }

  const stays = 'Each gets the new key beside the old one. Only after a login with it is the old one taken out.'

  return {
    async preview(wanted) {
      const { newFingerprint, leftOut, going } = await plan(wanted)
      return { newFingerprint, leftOut, boxes: shown(going) }
    },
    async start(wanted) {
      free()
      const { newFingerprint, leftOut, going } = await plan(wanted)
      const run = newRun(shown(going), { reverts: null, newFingerprint, leftOut })
      await confirmed(`Change your SSH key on ${counted(run.boxes.length, 'machine')}?`, run.boxes, stays)
      free()
      return insert(
        run,
        going.map(({ kept }) => kept),
      )
    },
    get: lookUp,
    async *watch(runId, signal) {
      if (live?.run.runId === runId) yield* live.watched.watch(signal)
      else yield lookUp(runId)
    },
    stop(runId) {
      if (live?.run.runId !== runId || !isRunning())
        throw new FaultError({ code: 'not-found', what: 'running change of the SSH key' })
      live.stopping = true
    },
    async continue(runId) {
      free()
      const run = lookUp(runId)
      const open = run.boxes.filter(({ state }) => state !== 'rotated')
      if (open.length === 0)
        throw new FaultError({ code: 'invalid-input', field: 'machines', detail: 'Every machine is done.' })
      const going = open.filter(({ boxId }) => whyHeld(inventory.box(boxId)) === null)
      if (going.length === 0) refuseHeld(open)
      await confirmed(`Go on with your SSH key on ${counted(going.length, 'machine')}?`, going, stays)
      free()
      store.write(() => rows.setRun(runId, 'running', null))
      return begin({ ...run, state: 'running', endedAtMs: null })
    },
    async ask(runId) {
      free()
      const run = lookUp(runId)
      const kept = rows.kept(runId)
      const lane = pLimit(8)
      const boxes = await Promise.all(
        run.boxes.map((box) =>
          lane(async (): Promise<KeyBox> => {
            const own = kept.find(({ boxId }) => boxId === box.boxId)
            if (own === undefined || box.state === 'not-attempted') return box
            const end = await askBox({ onbox, ssh, boxId: box.boxId, old: own.oldKey, fresh: own.newKey, stepMs })
            // Somebody went on with it meanwhile, which tells more.
            if (isRunning()) return box
            const next = { ...box, ...end }
            store.write(() => {
              rows.putBox(runId, next)
              if (next.state !== box.state) told(box.boxId, end)
            })
            return next
          }),
        ),
      )
      changes.publish('keys', 'ledger')
      const asked = { ...run, boxes }
      if (isRunning()) return lookUp(runId)
      if (live?.run.runId === runId) live.run = asked
      return asked
    },
    async revert(runId) {
      free()
      const run = lookUp(runId)
      const kept = rows.kept(runId)
      const own = (boxId: BoxId) => kept.find((each) => each.boxId === boxId)
      const wanted = run.boxes.filter(
        ({ boxId, state }) => ['rotated', 'both'].includes(state) && own(boxId) !== undefined,
      )
      const leftOut = wanted.flatMap(({ boxId, boxName }) => {
        const why = whyHeld(inventory.box(boxId))
        return why === null ? [] : [{ boxId, boxName, why }]
      })
      const going = wanted.filter(({ boxId }) => !leftOut.some((one) => one.boxId === boxId))
      const boxes = going.map((box) => ({
        ...box,
        ...waiting,
        oldFingerprint: run.newFingerprint ?? box.oldFingerprint,
      }))
      const back = newRun(boxes, { reverts: runId, newFingerprint: null, leftOut })
      await confirmed(`Give ${counted(boxes.length, 'machine')} the earlier SSH key back?`, boxes, stays)
      free()
      return insert(
        back,
        going.flatMap(({ boxId }) => {
          const one = own(boxId)
          return one ? [{ ...one, oldKey: one.newKey, newKey: one.oldKey }] : []
        }),
      )
    },
    recent: (limit) => rows.recent(limit).map((run) => (live?.run.runId === run.runId ? live.run : run)),
    async close() {
      if (live) live.stopping = true
      await live?.finished
    },
  }
}

const waiting = { state: 'waiting', step: null, words: '', nextStep: '', fault: null, tookMs: null } as const
const notBegun = (words: string) => ({ state: 'not-attempted', words }) as const
