import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { AgentId, BoxId, PatchId, RolloutPreview } from '../../shared/contract/index.ts'
import { FaultError } from '../base/fault-error.ts'
import { sha256Of } from '../patch/hash.ts'
import type { LookRequest } from '../runtimes/looked-for.ts'
import { faultInTheEnd as faultOf } from '../testing/overlay-lab.ts'
import { patchContent as content, rolloutLab } from '../testing/rollout-lab.ts'

let at: ReturnType<typeof rolloutLab>
beforeEach(() => {
  at = rolloutLab()
})
afterEach(() => at.temp[Symbol.dispose]())

/** A patch whose needs are confirmed. */
async function make(set: Record<string, string>): Promise<PatchId> {
  const { patch } = await at.patches.save({
    patchId: null,
    baseRevision: 0,
    content: content(set),
    files: [],
    because: 'x',
  })
  const { patchId, revision } = patch
  if (patch.open > 0) await at.patches.confirm({ patchId, baseRevision: revision })
  return patchId
}
const preview = (patchId: PatchId, boxIds?: BoxId[]) => at.rollouts.preview({ patchId, boxIds })
const choose = (patchId: PatchId, key: string, exit: 'exclude' | 'guarded' | 'accept', agentIds?: AgentId[]) =>
  at.rollouts.choose({ patchId, key, exit, because: 'as agreed', agentIds })
const answer = ({ answers }: RolloutPreview, about: string) => answers.find((one) => one.about === about)

const newKey = { 'raw.openclaw.gateway.new': 'on' }
const lacks = 'needs/setting raw.openclaw.gateway.new'

describe('a patch that all can take', () => {
  test('the lab first, then the canary, then the rest; the same change once; a hash that stays the same', async () => {
    const patchId = await make({ 'sections.logging.level': 'debug' })
    const first = await preview(patchId)
    expect(first.targets.map(({ name, goes }) => [name, goes])).toEqual([
      ['y-lab', true],
      ['c-canary', true],
      ['a-rest', true],
      ['z-old', true],
    ])
    expect(first).toMatchObject({
      choicesLeft: 0,
      questions: [],
      sentence: 'Changes 1 setting on 4 agents of 3 clients.',
      groups: [{ agentIds: { length: 4 }, changes: [{ path: 'logging.level', after: 'debug' }] }],
    })
    expect(first.answers.map(({ state }) => state)).toEqual(Array(9).fill('ok'))
    expect(first.hash).toMatch(/^[0-9a-f]{64}$/)
    at.clock.advance(60_000)
    expect((await preview(patchId)).hash).toBe(first.hash)
  })

  test('a machine that goes as a canary now is another hash: who goes after whom is part of what is confirmed', async () => {
    const patchId = await make({ 'sections.logging.level': 'debug' })
    const { canary, old } = at.boxes
    const wanted = [canary.boxId, old.boxId]
    const before = await preview(patchId, wanted)
    expect(before.hash).not.toBe('')
    at.inventory.editBox({ boxId: old.boxId, fields: { ring: 'canary' } })
    expect((await preview(patchId, wanted)).hash).not.toBe(before.hash)
  })

  test('a machine whose config moved, another choice of machines, another revision: each is another hash', async () => {
    const patchId = await make({ 'sections.logging.level': 'debug' })
    const hashes = [(await preview(patchId)).hash]
    const { canary, lab: own } = at.boxes
    hashes.push((await preview(patchId, [canary.boxId, own.boxId])).hash)
    at.read(canary, { gateway: { bind: 'loopback', port: 1 } })
    hashes.push((await preview(patchId)).hash)
    await at.patches.save({
      patchId,
      baseRevision: 2,
      content: content({ 'sections.logging.level': 'warn' }),
      files: [],
      because: 'x',
    })
    const open = await preview(patchId)
    expect(open.hash).not.toBe(hashes[2])
    expect(new Set(hashes).size).toBe(3)
  })

  test('what has it already has nothing to do; what drifted goes back too, and is said', async () => {
    const fleet = { kind: 'fleet', key: '' } as const
    at.overlay.save({
      layer: fleet,
      baseRevision: 0,
      content: { sections: {}, raw: { openclaw: { 'gateway.bind': 'loopback' } }, excepts: [] },
      because: 'x',
    })
    at.read(at.boxes.rest, { gateway: { bind: 'lan' } })
    at.read(at.boxes.lab, { gateway: { bind: 'loopback' }, logging: { level: 'debug' } })
    const patchId = await make({ 'sections.logging.level': 'debug' })
    const found = await preview(patchId)
    expect(found.targets.map(({ name, drifted, why }) => [name, drifted, why])).toEqual([
      ['y-lab', 0, 'nothing to do'],
      ['c-canary', 0, ''],
      ['a-rest', 1, ''],
      ['z-old', 0, ''],
    ])
    expect(found.sentence).toBe(
      'Changes 2 settings on 3 agents of 3 clients; on 1 of them 1 value that drifted go back too; 1 with nothing to do.',
    )
  })
})

test('what had it when it was last read, long ago, is asked about like any other', async () => {
  at.read(at.boxes.lab, { gateway: { bind: 'loopback' }, logging: { level: 'debug' } })
  const patchId = await make({ 'sections.logging.level': 'debug' })
  at.nothingIsFresh()
  const found = await preview(patchId, [at.boxes.lab.boxId])
  expect(found.targets).toMatchObject([{ name: 'y-lab', goes: false, why: '' }])
  expect(found.questions).toMatchObject([{ key: 'version/stale', state: 'cant-tell', agents: [{ name: 'y-lab' }] }])
  expect(found.hash).toBe('')
})

describe('a patch that one machine cannot take', () => {
  test('it is blocked there by the missing name, and nobody goes until a person has chosen', async () => {
    const patchId = await make(newKey)
    const before = await preview(patchId)
    expect(before).toMatchObject({ hash: '', choicesLeft: 2 })
    expect(answer(before, 'needs')).toMatchObject({
      state: 'blocked',
      words: expect.stringContaining('z-old: setting raw.openclaw.gateway.new: 2026.6.11 has no setting gateway.new'),
    })
    expect(answer(before, 'oldest')).toMatchObject({ state: 'blocked', words: expect.stringContaining('On 2026.6.11') })
    expect(before.questions.map(({ key, agents, exits }) => [key, agents.map(({ name }) => name), exits])).toEqual([
      [lacks, ['z-old'], ['update-first', 'exclude', 'guarded']],
      ['needs/runtime >=2026.9.6', ['z-old'], ['update-first', 'exclude', 'guarded']],
    ])
    expect(await faultOf(() => choose(patchId, lacks, 'accept'))).toMatchObject({ code: 'invalid-input' })
    expect(await faultOf(() => choose(patchId, 'needs/other', 'exclude'))).toMatchObject({ code: 'not-found' })

    const { preview: after, undoId } = await choose(patchId, lacks, 'exclude')
    expect(after).toMatchObject({
      choicesLeft: 0,
      sentence: 'Changes 1 setting on 3 agents of 2 clients; 1 left out (z-old).',
    })
    expect(after.targets.at(-1)).toMatchObject({
      name: 'z-old',
      goes: false,
      why: expect.stringMatching(/^left out: /),
    })
    expect(after.hash).not.toBe('')
    expect(at.temp.ledger.entries({ limit: 1 })).toMatchObject([
      {
        kind: 'rollout.chosen',
        sentence: expect.stringContaining(`“${lacks}” at 1 agent: exclude. Because: as agreed`),
      },
    ])
    at.inventory.undo({ undoId })
    expect(await preview(patchId)).toMatchObject({ hash: '', choicesLeft: 2 })
  })

  test('a choice is of one revision: another patch asks again', async () => {
    const patchId = await make(newKey)
    await choose(patchId, lacks, 'exclude')
    const { content: now, revision } = await at.patches.get({ patchId })
    const edited = { ...now, author: 'ann' }
    await at.patches.save({ patchId, baseRevision: revision, content: edited, files: [], because: 'x' })
    expect(await preview(patchId)).toMatchObject({ choicesLeft: 2, hash: '' })
  })

  test('a hold leaves only one way out', async () => {
    const patchId = await make({ 'sections.logging.level': 'debug' })
    const { clientId } = at.inventory.box(at.boxes.canary.boxId)
    if (clientId === null) throw new Error('a canary has a client')
    at.inventory.holdClient({ clientId, untilMs: at.clock.nowMs() + 9 * 86_400_000, reason: 'opening week' })
    const held = await preview(patchId)
    expect(held.questions).toMatchObject([{ key: 'client/hold', exits: ['exclude'], evidence: 'opening week' }])
    expect(held.targets.filter(({ goes }) => goes)).toHaveLength(3)
    expect(held.hash).toBe('')
  })
})

test('a manifest nobody confirmed keeps all from going, and no choice helps', async () => {
  const { patch } = await at.patches.save({
    patchId: null,
    baseRevision: 0,
    content: content(newKey),
    files: [],
    because: 'x',
  })
  const found = await preview(patch.patchId)
  expect(found.questions[0]).toMatchObject({ key: 'manifest/open', agents: [], exits: [] })
  expect(found.targets.every(({ goes }) => !goes)).toBe(true)
  expect(found.hash).toBe('')
})

test('a machine that nobody has read is left out or waited for', async () => {
  const { boxId } = at.inventory.addBox({ name: 'new-box', host: 'n' }).box
  at.inventory.seenAgent(boxId, { profile: 'default', stateDir: '/home/dana/.openclaw' })
  const patchId = await make({ 'sections.logging.level': 'debug' })
  const found = await preview(patchId)
  expect(found.questions).toMatchObject([{ key: 'version/unread', agents: [{ name: 'new-box' }], exits: ['exclude'] }])
  const { preview: after } = await choose(patchId, 'version/unread', 'exclude')
  expect(after).toMatchObject({ choicesLeft: 0, hash: expect.stringMatching(/^[0-9a-f]{64}$/) })
})

test('where it reaches nobody, nothing is answered with yes', async () => {
  const patchId = await make({ 'sections.logging.level': 'debug' })
  const { boxId } = at.inventory.addBox({ name: 'empty-box', host: 'e' }).box
  const { answers, hash, sentence } = await preview(patchId, [boxId])
  expect(answers.filter(({ state }) => state === 'ok').map(({ about }) => about)).toEqual(['manifest'])
  expect({ hash, sentence }).toEqual({ hash: '', sentence: 'It reaches no agent.' })
})

describe('what only the machine itself can tell', () => {
  const code = 'import { send } from "sheets"\n'
  const bytes = Buffer.from(code)
  const path = 'skills/orders/run.mjs'
  const makeScript = async (): Promise<PatchId> => {
    const { patch } = await at.patches.save({
      patchId: null,
      baseRevision: 0,
      content: content(
        {},
        {
          class: 'fix',
          parts: [
            {
              kind: 'files',
              files: [{ path, sha256: sha256Of(bytes), bytes: bytes.length, mode: '0644', back: 'restore' }],
            },
          ],
        },
      ),
      files: [{ path, base64: bytes.toString('base64') }],
      because: 'x',
    })
    await at.patches.confirm({ patchId: patch.patchId, baseRevision: 1 })
    return patch.patchId
  }
  const key = 'needs/module sheets with send'

  test('a module is asked for where the file would import it; the machine that lacks it is blocked by its name', async () => {
    const patchId = await makeScript()
    expect((await preview(patchId)).questions).toMatchObject([
      { key, state: 'cant-tell', agents: { length: 4 }, exits: ['exclude', 'accept'] },
    ])
    const asked: LookRequest[] = []
    const lacks = at.boxes.rest.boxId
    at.answerWith((boxId, request) => {
      asked.push(request)
      if (boxId === at.boxes.canary.boxId)
        throw new FaultError({ code: 'refused', boxName: 'c-canary', host: 'c', port: 22 })
      const isThere = boxId !== at.boxes.old.boxId
      const found = {
        name: 'sheets',
        state: isThere ? ('there' as const) : ('missing' as const),
        where: '/x',
        version: '1.2.0',
        exports: isThere
          ? [{ name: 'send', state: lacks === boxId ? ('missing' as const) : ('there' as const), why: '' }]
          : [],
      }
      return { read: true, value: { version: '2026.9.6', commands: [], modules: [found], files: [] }, source: '' }
    })
    const { preview: after, notReached } = await at.rollouts.look({ patchId })
    expect(asked[0]?.modules).toEqual([{ name: 'sheets', folder: 'skills/orders', exports: ['send'] }])
    expect(notReached).toMatchObject([{ boxName: 'c-canary', fault: { code: 'refused' } }])
    expect(after.questions.map(({ state, agents, exits }) => [state, agents.map(({ name }) => name), exits])).toEqual([
      ['cant-tell', ['c-canary'], ['exclude', 'accept']],
      ['blocked', ['a-rest'], ['update-first', 'exclude', 'guarded']],
      ['blocked', ['z-old'], ['update-first', 'exclude', 'guarded']],
    ])
    expect(after.questions[1]?.words).toContain('send is not exported by sheets@1.2.0')
    expect(after.questions[2]?.words).toContain('there is no module sheets')
    expect(after.targets.filter(({ goes }) => goes)).toHaveLength(1)
    expect(after.hash).toBe('')
  })
})
