import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  type BoxId,
  type ClientId,
  GuardSaid,
  type PatchClass,
  type PatchContent,
  type PatchId,
} from '../../shared/contract/index.ts'
import { patchHash } from '../patch/hash.ts'
import { faultInTheEnd as faultOf } from '../testing/overlay-lab.ts'
import { patchContent, rolloutLab } from '../testing/rollout-lab.ts'

const hourMs = 3_600_000
let at: ReturnType<typeof rolloutLab>
beforeEach(() => {
  at = rolloutLab()
})
afterEach(() => at.temp[Symbol.dispose]())

const warmer = { 'raw.openclaw.messages.prefix': 'Hello' }
const asked: GuardSaid = { kind: 'asked', words: 'Dana: “Please greet them by name.”', benefits: 'Dana’s callers' }
const unasked: GuardSaid = { kind: 'unasked', words: 'The greeting reads as a form letter.', benefits: 'all callers' }

async function make(change: Partial<PatchContent> = {}): Promise<{ patchId: PatchId; revision: number }> {
  const content = patchContent(warmer, { name: 'warmer-tone', class: 'behavioural', ...change })
  const { patch } = await at.patches.save({ patchId: null, baseRevision: 0, content, files: [], because: 'x' })
  return settle(patch)
}
/** The next revision, its needs confirmed. */
async function edit(
  { patchId, revision }: { patchId: PatchId; revision: number },
  change: Partial<PatchContent>,
): Promise<{ patchId: PatchId; revision: number }> {
  const { content } = await at.patches.get({ patchId })
  const { patch } = await at.patches.save({
    patchId,
    baseRevision: revision,
    content: { ...content, ...change },
    files: [],
    because: 'x',
  })
  return settle(patch)
}
async function settle(patch: { patchId: PatchId; revision: number; open: number }) {
  if (patch.open === 0) return { patchId: patch.patchId, revision: patch.revision }
  const confirmed = await at.patches.confirm({ patchId: patch.patchId, baseRevision: patch.revision })
  return { patchId: patch.patchId, revision: confirmed.patch.revision }
}
const guardOf = async (patchId: PatchId, boxIds?: BoxId[]) => (await at.rollouts.preview({ patchId, boxIds })).guard
const say = (patchId: PatchId, said: GuardSaid, boxIds?: BoxId[]) => at.rollouts.justify({ patchId, boxIds, said })
const clientOf = (boxId: BoxId): ClientId => {
  const { clientId } = at.inventory.box(boxId)
  if (clientId === null) throw new Error('it is a client’s')
  return clientId
}
/** Each client it reaches says so. */
async function askedByAll(patchId: PatchId) {
  let done = null as Awaited<ReturnType<typeof say>> | null
  for (const { clientId } of (await guardOf(patchId))?.clients ?? []) done = await say(patchId, { ...asked, clientId })
  if (done === null) throw new Error('it reaches clients')
  return done
}
/** What comes of a start: the guard's fault, or that a person was asked in the end, who says no. */
async function start(patchId: PatchId, boxIds?: BoxId[]): Promise<string> {
  const { hash } = await at.rollouts.preview({ patchId, boxIds })
  return startWith(patchId, hash, boxIds)
}
const startWith = async (patchId: PatchId, hash: string, boxIds?: BoxId[]): Promise<string> =>
  (await faultOf(() => at.runs.start({ patchId, boxIds, hash, options: { when: 'now' } })))?.code ?? 'begun'

describe('a change of behaviour', () => {
  test.each<[PatchClass]>([['neutral'], ['fix'], ['security']])('%s: nobody is asked who wanted it', async (its) => {
    const content = patchContent({ 'sections.logging.level': 'debug' }, { class: its })
    const { patch } = await at.patches.save({ patchId: null, baseRevision: 0, content, files: [], because: 'x' })
    const { patchId } = await settle(patch)
    expect(await guardOf(patchId)).toBeNull()
    expect(await start(patchId)).toBe('cancelled')
    expect(await faultOf(() => say(patchId, asked))).toMatchObject({ code: 'invalid-input' })
  })

  test('names whom it reaches with their workflows, and is not begun before somebody said who asked', async () => {
    const { canary } = at.boxes
    const { clientId } = at.inventory.box(canary.boxId)
    if (clientId === null) throw new Error('it is a client’s')
    at.inventory.saveWorkflow({ clientId, name: 'Quote requests', description: '' })
    const { patchId } = await make()
    const guard = await guardOf(patchId)
    expect(guard).toMatchObject({ state: 'open', answer: null, words: 'Nobody said yet who asked for it.' })
    expect(guard?.clients.map(({ clientName, workflows }) => [clientName, workflows])).toEqual([
      ['Client of a-rest', []],
      ['Client of c-canary', ['Quote requests']],
      ['Client of z-old', []],
    ])
    expect(await start(patchId)).toBe('guarded')
    expect(at.asked()).toBe(0)
  })

  test('asked for: the quote is on record and not in the diary, and it may begin at once', async () => {
    const { patchId, revision } = await make()
    const done = await askedByAll(patchId)
    expect(done.preview.guard).toMatchObject({ state: 'ready', answer: { ...asked, revision, waitsUntilMs: null } })
    expect(await start(patchId)).toBe('cancelled')
    expect(at.asked()).toBe(1)
    const diary = at.temp.ledger.entries({ limit: 20 })
    expect(diary.map(({ kind }) => kind)).toContain('rollout.justified')
    expect(JSON.stringify(diary)).not.toContain('greet them')
  })

  test('unasked: it waits 24 hours to the millisecond, whoever starts it with whatever hash', async () => {
    const { patchId } = await make()
    const { hash } = await at.rollouts.preview({ patchId })
    const { preview } = await say(patchId, unasked)
    const untilMs = at.clock.nowMs() + 24 * hourMs
    expect(preview.guard).toMatchObject({ state: 'cooling', answer: { waitsUntilMs: untilMs } })
    expect(preview.hash).toBe(hash)
    expect(await startWith(patchId, hash)).toBe('guarded')
    at.clock.advance(24 * hourMs - 1)
    expect(await start(patchId)).toBe('guarded')
    expect(at.asked()).toBe(0)
    at.clock.advance(1)
    expect(await guardOf(patchId)).toMatchObject({ state: 'ready', words: '' })
    expect(await start(patchId)).toBe('cancelled')
    expect(at.asked()).toBe(1)
  })

  test('a reason has words: what says nothing is refused', () => {
    for (const words of ['', '   ', 'because', ' x         '])
      expect(GuardSaid.safeParse({ ...unasked, words }).success, words).toBe(false)
    expect(GuardSaid.safeParse({ ...asked, benefits: ' ' }).success).toBe(false)
  })
})

describe('there is no way round the cool-off', () => {
  test('saying it again in other words does not begin it anew, and does not shorten it', async () => {
    const { patchId } = await make()
    await say(patchId, unasked)
    at.clock.advance(20 * hourMs)
    const { preview } = await say(patchId, { ...unasked, words: 'Callers hang up at the greeting.' })
    expect(preview.guard).toMatchObject({
      state: 'cooling',
      answer: { words: 'Callers hang up at the greeting.', waitsUntilMs: at.clock.nowMs() + 4 * hourMs },
    })
  })

  test('another revision of the patch is asked about anew, also one that restores what was there', async () => {
    const first = await make()
    await say(first.patchId, unasked)
    at.clock.advance(25 * hourMs)
    const second = await edit(first, { author: 'kit and lou' })
    expect(await guardOf(first.patchId)).toMatchObject({ state: 'open', answer: null })
    expect(await start(first.patchId)).toBe('guarded')
    await at.patches.restore({ ...second, baseRevision: second.revision, revision: first.revision, because: 'x' })
    expect(await start(first.patchId)).toBe('guarded')
    await say(first.patchId, unasked)
    expect(await guardOf(first.patchId)).toMatchObject({
      state: 'cooling',
      answer: { waitsUntilMs: at.clock.nowMs() + 24 * hourMs },
    })
  })

  test('what was said for one client does not hold for another', async () => {
    const { canary, rest } = at.boxes
    const { patchId } = await make()
    await say(patchId, unasked, [canary.boxId])
    at.clock.advance(24 * hourMs)
    expect(await start(patchId, [canary.boxId])).toBe('cancelled')
    expect(await guardOf(patchId, [rest.boxId])).toMatchObject({ state: 'open' })
    expect(await start(patchId)).toBe('guarded')
    await say(patchId, unasked)
    expect(await guardOf(patchId)).toMatchObject({
      state: 'cooling',
      answer: { waitsUntilMs: at.clock.nowMs() + 24 * hourMs },
    })
  })

  test('what one client asked for opens for them alone; for the others somebody says why, and it waits', async () => {
    const { canary, rest } = at.boxes
    const { patchId } = await make()
    expect(await faultOf(() => say(patchId, asked))).toMatchObject({
      code: 'invalid-input',
      detail: expect.stringContaining('Say which client asked for it: Client of a-rest, Client of c-canary'),
    })
    const stranger = at.inventory.addClient({ name: 'Peak Realty' }).client.clientId
    expect(await faultOf(() => say(patchId, { ...asked, clientId: stranger }))).toMatchObject({ code: 'invalid-input' })

    await say(patchId, { ...asked, clientId: clientOf(canary.boxId) })
    expect(await guardOf(patchId)).toMatchObject({
      state: 'open',
      words: 'Nobody said yet who asked for it at Client of a-rest and 1 more.',
      answers: [{ kind: 'asked', clients: ['Client of c-canary'] }],
    })
    expect(await start(patchId)).toBe('guarded')
    // To them alone it may go.
    expect(await start(patchId, [canary.boxId])).toBe('cancelled')

    await say(patchId, unasked)
    const untilMs = at.clock.nowMs() + 24 * hourMs
    expect(await guardOf(patchId)).toMatchObject({
      state: 'cooling',
      words: expect.stringContaining('Nobody asked for it at Client of a-rest and 1 more, so it waits until'),
      answer: { waitsUntilMs: untilMs, clients: ['Client of a-rest', 'Client of z-old'] },
      answers: { length: 2 },
    })
    expect(await start(patchId)).toBe('guarded')
    expect(await start(patchId, [canary.boxId])).toBe('cancelled')
    // Another quote opens for one more; the last still waits, and no longer than before.
    at.clock.advance(hourMs)
    await say(patchId, { ...asked, clientId: clientOf(rest.boxId) })
    expect(await guardOf(patchId)).toMatchObject({ state: 'cooling', answer: { waitsUntilMs: untilMs } })
    expect(await start(patchId)).toBe('guarded')
    at.clock.advance(23 * hourMs)
    expect(await start(patchId)).toBe('cancelled')
  })

  test('a quote that is taken back leaves what counted for that client before it', async () => {
    const { canary } = at.boxes
    const { patchId } = await make()
    await say(patchId, unasked)
    const untilMs = at.clock.nowMs() + 24 * hourMs
    at.clock.advance(hourMs)
    const { undoId } = await say(patchId, { ...asked, clientId: clientOf(canary.boxId) })
    expect(await start(patchId, [canary.boxId])).toBe('cancelled')
    at.inventory.undo({ undoId })
    expect(await start(patchId, [canary.boxId])).toBe('guarded')
    expect(await guardOf(patchId)).toMatchObject({ state: 'cooling', answer: { waitsUntilMs: untilMs } })
  })

  test('a clock that is set back only makes it longer', async () => {
    const { patchId } = await make()
    await say(patchId, unasked)
    const untilMs = at.clock.nowMs() + 24 * hourMs
    at.clock.setWall(at.clock.nowMs() - 72 * hourMs)
    expect(await start(patchId)).toBe('guarded')
    at.clock.setWall(untilMs - 1)
    expect(await start(patchId)).toBe('guarded')
    at.clock.setWall(untilMs)
    expect(await start(patchId)).toBe('cancelled')
  })

  test('what is said while the clock is set back counts from the latest moment on record', async () => {
    const { patchId } = await make()
    const nowMs = at.clock.nowMs()
    at.clock.setWall(nowMs - 48 * hourMs)
    await say(patchId, unasked)
    at.clock.setWall(nowMs)
    expect(await guardOf(patchId)).toMatchObject({ state: 'cooling', answer: { waitsUntilMs: nowMs + 24 * hourMs } })
    expect(await start(patchId)).toBe('guarded')
  })

  test('a patch that is called less than it is: refused when it is saved, and judged by what it touches where a row says so', async () => {
    const first = await make()
    expect(await faultOf(() => edit(first, { class: 'neutral' }))).toMatchObject({
      code: 'invalid-input',
      field: 'class',
    })
    const { content } = await at.patches.get(first)
    const called = { ...content, class: 'neutral' } as const
    at.temp.store.write(() =>
      at.temp.store.db
        .prepare('update patch_revision set content_json = ?, hash = ? where patch_id = ? and revision = ?')
        .run(JSON.stringify(called), patchHash(called), first.patchId, first.revision),
    )
    expect(await guardOf(first.patchId)).toMatchObject({ state: 'open' })
    expect(await start(first.patchId)).toBe('guarded')
  })

  test('raised by hand it is guarded from then on, and lowered by no hand', async () => {
    const neutral = patchContent({ 'sections.logging.level': 'debug' }, { class: 'neutral' })
    const { patch } = await at.patches.save({
      patchId: null,
      baseRevision: 0,
      content: neutral,
      files: [],
      because: 'x',
    })
    const first = await settle(patch)
    const { hash } = await at.rollouts.preview(first)
    const raised = await edit(first, { class: 'behavioural' })
    expect(await guardOf(first.patchId)).toMatchObject({ state: 'open' })
    expect(await startWith(first.patchId, hash)).toBe('plan-stale')
    expect(await start(first.patchId)).toBe('guarded')
    expect(await faultOf(() => edit(raised, { class: 'neutral' }))).toMatchObject({ code: 'invalid-input' })
    const { patchId, revision } = raised
    expect(
      await faultOf(() =>
        at.patches.restore({ patchId, baseRevision: revision, revision: first.revision, because: 'x' }),
      ),
    ).toMatchObject({ code: 'invalid-input' })
  })

  test('what was said can be taken back; then it is open again', async () => {
    const { patchId } = await make()
    const { undoId } = await askedByAll(patchId)
    expect(await start(patchId)).toBe('cancelled')
    at.inventory.undo({ undoId })
    expect(await guardOf(patchId)).toMatchObject({ state: 'open', answer: null, answers: { length: 2 } })
    expect(await start(patchId)).toBe('guarded')
  })

  test('while needs are open nobody is asked: confirming them is another revision', async () => {
    const content = patchContent({ 'raw.openclaw.gateway.new': 'on' }, { name: 'n', class: 'behavioural' })
    const { patch } = await at.patches.save({ patchId: null, baseRevision: 0, content, files: [], because: 'x' })
    expect(patch.open).toBeGreaterThan(0)
    expect(await faultOf(() => say(patch.patchId, asked))).toMatchObject({ code: 'invalid-input' })
  })
})
