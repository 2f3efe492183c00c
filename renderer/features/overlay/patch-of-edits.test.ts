import { expect, it } from 'vitest'
import type { LayerDraft } from './draft.ts'
import { patchOfEdits, proposedName } from './patch-of-edits.ts'

const layer = (change: Partial<LayerDraft>): LayerDraft => ({ sections: {}, raw: {}, excepts: [], ...change })
const except = { path: 'sections.logging.level', untilMs: 1_790_000_000_000, because: 'watched' }

it('declares exactly what was edited, and leaves to wider layers what was taken out', () => {
  const saved = layer({ sections: { logging: { level: 'info', file: 'a' } }, raw: { 'gateway.bind': 'lan' } })
  const draft = layer({ sections: { logging: { level: 'warn', file: 'a' } } })
  expect(patchOfEdits(saved, draft)).toEqual({
    edit: { set: { 'sections.logging.level': 'warn' }, reset: ['raw.openclaw.gateway.bind'] },
    excepts: [],
  })
})

it('keeps an edited exception out of the patch', () => {
  const edited = patchOfEdits(layer({}), layer({ excepts: [except], raw: { 'logging.level': null } }))
  expect(edited).toEqual({ edit: { set: { 'raw.openclaw.logging.level': null }, reset: [] }, excepts: [except] })
})

it.each([
  [['sections.logging.messageAudit'], [], 'logging-message-audit'],
  [['sections.logging.level', 'raw.openclaw.x'], ['logging-level'], 'logging-level-2'],
  [['raw.openclaw.agents\\.x.Ü'], [], 'x'],
  [[], [], 'edits'],
])('%j is called after its first value, once', (paths, taken, name) =>
  expect(proposedName(paths, new Set(taken))).toBe(name),
)
