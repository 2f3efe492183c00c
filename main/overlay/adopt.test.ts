import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { AgentId, BoxId, LayerRef } from '../../shared/contract/index.ts'
import type { Sections } from '../../shared/sections.ts'
import { sha256Of } from '../runtimes/runtimes.ts'
import {
  got,
  sampleAgent,
  sampleConfig,
  sampleInstall,
  sampleMachine,
  sampleObserved,
} from '../testing/observed-sample.ts'
import { content, faultOf, fleet, overlayLab } from '../testing/overlay-lab.ts'

/** A box with an agent of a client. */
function lab() {
  const opened = overlayLab()
  const { clock, inventory, overlay } = opened
  const { clientId } = inventory.addClient({ name: 'Bright Roofing', niche: 'Roofing' }).client
  const { boxId } = inventory.addBox({ name: 'bright-mini', host: 'h1', clientId }).box
  const agentId = inventory.seenAgent(boxId, { profile: 'default', stateDir: '/Users/dana/.openclaw' })
  const read = (settings: object, files: Record<string, string> = {}) => {
    clock.advance(1000)
    const nowMs = clock.nowMs()
    const redacted = JSON.stringify(settings)
    const agent = sampleAgent(nowMs, {
      install: got(sampleInstall({ version: '2026.9.6' })),
      config: got(
        sampleConfig(nowMs, { redacted, sha256: 'a'.repeat(64), fingerprint: sha256Of(Buffer.from(redacted)) }),
      ),
      ownFiles: got({
        files: Object.entries(files).map(([path, sha256]) => ({ path, sha256 })),
        total: Object.keys(files).length,
        digest: JSON.stringify(files).slice(0, 60),
        modifiedAtMs: nowMs,
      }),
    })
    const observed = sampleObserved(nowMs, { machine: sampleMachine(nowMs), agents: [agent] })
    const [box, client] = [inventory.box(boxId), inventory.client(clientId)]
    overlay.landed({ box, client, agents: [{ agentId, agent }], observed, nowMs })
  }
  return { ...opened, boxId, agentId, read }
}

let at: ReturnType<typeof lab>
let box: LayerRef
let ids: { agentId: AgentId; boxId: BoxId }
beforeEach(() => {
  at = lab()
  ids = at
  box = { kind: 'box', key: ids.boxId }
})
afterEach(() => at.temp[Symbol.dispose]())

const quiet = { gateway: { bind: 'loopback', auth: { mode: 'token', token: '#0123456789ab' } } }
const revision = (layer: LayerRef) => at.overlay.layer({ layer }).revision
const declare = (layer: LayerRef, sections: Sections) =>
  at.overlay.save({ layer, baseRevision: revision(layer), content: content({ sections }), because: 'for the test' })
const adopt = (path: string, layer: LayerRef = box) =>
  at.overlay.plans.adopt({ ...ids, path, layer, baseRevision: revision(layer), because: 'it is better' })
const adoption = (path: string) => at.overlay.plans.adoption({ ...ids, path })
const changed = () => at.overlay.plans.ofAgent(ids.agentId).changes.map(({ path }) => path)
const saidIn = (layer: LayerRef) => at.overlay.layer({ layer }).content

describe('a setting that a guided section decides', () => {
  beforeEach(() => declare(fleet, { heartbeat: { everyMinutes: 30 }, logging: { level: 'info' } }))

  test('is declared as it was found, in the words of the section; undo makes it drift again', () => {
    at.read({ ...quiet, agents: { defaults: { heartbeat: { every: '4h' } } }, logging: { level: 'info' } })
    expect(changed()).toEqual(['agents.defaults.heartbeat.every'])
    expect(adoption('agents.defaults.heartbeat.every')).toEqual({
      why: '',
      words: [{ path: 'sections.heartbeat.everyMinutes', value: '240' }],
      onlyIn: null,
    })
    const { undoId } = adopt('agents.defaults.heartbeat.every')
    expect(saidIn(box)).toEqual(content({ sections: { heartbeat: { everyMinutes: 240 } } }))
    expect(at.overlay.history({ layer: box, limit: 1 })).toMatchObject([{ how: 'adopted' }])
    expect(changed()).toEqual([])
    at.inventory.undo({ undoId })
    expect(changed()).toEqual(['agents.defaults.heartbeat.every'])
  })

  test('that no word of it says is refused, with what it can say; nothing is saved', () => {
    at.read({ ...quiet, agents: { defaults: { heartbeat: { every: '90s' } } }, logging: { level: 'trace' } })
    expect(adoption('logging.level').why).toContain('trace has no word of logging.level')
    expect(faultOf(() => adopt('agents.defaults.heartbeat.every'))).toMatchObject({
      code: 'invalid-input',
      detail: '90s has no word of heartbeat.everyMinutes: it says whole minutes.',
    })
    expect(revision(box)).toBe(0)
  })

  test('that is absent is left undeclared by the layer that says it, and by no other', () => {
    at.read({ ...quiet, logging: { level: 'info' } })
    const path = 'agents.defaults.heartbeat.every'
    expect(adoption(path)).toEqual({
      why: '',
      words: [{ path: 'sections.heartbeat.everyMinutes', value: null }],
      onlyIn: fleet,
    })
    expect(faultOf(() => adopt(path))).toMatchObject({ detail: expect.stringContaining('Nothing stands there') })
    adopt(path, fleet)
    expect(saidIn(fleet).sections).toEqual({ logging: { level: 'info' } })
    expect(changed()).toEqual([])
  })

  test('is not adopted where a narrower layer says otherwise', () => {
    at.read({ ...quiet, agents: { defaults: { heartbeat: { every: '4h' } } }, logging: { level: 'info' } })
    declare(box, { heartbeat: { everyMinutes: 60 } })
    expect(faultOf(() => adopt('agents.defaults.heartbeat.every', fleet))).toMatchObject({
      detail: 'In Fleet these words come to 60m there, so they do not say what was found.',
    })
  })
})

describe('who may talk', () => {
  const path = 'channels.telegram.allowFrom'
  const found = (allowFrom: string[], more: object = {}) =>
    at.read({
      ...quiet,
      session: { dmScope: 'per-channel-peer' },
      channels: {
        telegram: {
          enabled: true,
          dmPolicy: 'allowlist',
          allowFrom,
          groupPolicy: 'disabled',
          groupAllowFrom: [],
          configWrites: false,
          ...more,
        },
      },
    })
  const team = { name: 'Ann', handle: '111222333' }
  const other = { name: 'Bo', handle: '444555666' }
  beforeEach(() => {
    declare(box, { channels: { 'telegram/default': { enabled: true, kind: 'team', people: [team, other] } } })
  })

  test('somebody who was taken off is taken off; nobody comes in by a machine’s word', () => {
    found([team.handle])
    expect(changed()).toEqual([path])
    adopt(path)
    expect(saidIn(box).sections.channels?.['telegram/default']?.people).toEqual([team])
    expect(changed()).toEqual([])
    found([team.handle, '999888777'])
    expect(adoption(path).why).toBe('999888777 is nobody of the team on Telegram. Name the person there.')
    found(['*'])
    expect(faultOf(() => adopt(path))).toMatchObject({ code: 'invalid-input' })
    found([team.handle], { groupPolicy: 'open' })
    expect(adoption('channels.telegram.groupPolicy').why).toContain('never taken over from a machine')
  })

  test('switched off is declared off', () => {
    found([team.handle, other.handle], { enabled: false })
    adopt('channels.telegram.enabled')
    expect(saidIn(box).sections.channels?.['telegram/default']?.enabled).toBe(false)
    expect(changed()).toEqual([])
  })
})

test('a tool that moves money is never declared free; another is', () => {
  declare(fleet, { tools: { judged: { pay: { movesMoney: true }, web_search: { use: 'off' } } } })
  at.read({ ...quiet, tools: { deny: ['pay'] } })
  expect(changed()).toEqual(['tools.deny'])
  adopt('tools.deny')
  expect(saidIn(box).sections.tools).toEqual({ judged: { web_search: { use: 'free' } } })
  expect(changed()).toEqual([])
  at.read({ ...quiet, tools: { deny: [] } })
  expect(adoption('tools.deny').why).toBe('pay moves money, so it is never declared free.')
})

test('what fixed rules refuse is not adopted', () => {
  declare(fleet, { tools: { elevated: 'off' } })
  at.read({ ...quiet, tools: { elevated: { enabled: true } } })
  expect(adoption('tools.elevated.enabled').why).not.toBe('')
  expect(faultOf(() => adopt('tools.elevated.enabled'))).not.toBeNull()
  expect(revision(box)).toBe(0)
})

test('a file is declared by the hash it has there', () => {
  const bytes = Buffer.from('Say hello.\n').toString('base64')
  at.overlay.putFile({
    layer: fleet,
    baseRevision: 0,
    path: 'SOUL.md',
    content: bytes,
    executable: false,
    because: 'for the test',
  })
  at.read(quiet, { 'SOUL.md': 'e'.repeat(64) })
  expect(changed()).toEqual(['file SOUL.md'])
  adopt('file SOUL.md')
  expect(saidIn(box).sections.files).toEqual({ 'SOUL.md': { sha256: 'e'.repeat(64) } })
  expect(changed()).toEqual([])
})
