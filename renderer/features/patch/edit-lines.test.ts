import { expect, it } from 'vitest'
import type { LayerContent } from '../../../shared/contract/index.ts'
import { editLines } from './edit-lines.ts'

const content: LayerContent = {
  sections: { logging: { level: 'info' } },
  raw: { openclaw: { 'gateway.bind': 'lan' } },
  excepts: [],
}

it('shows each value against what the layer declares now', () =>
  expect(
    editLines({ set: { 'sections.logging.level': 'warn' }, reset: ['raw.openclaw.gateway.bind'] }, content),
  ).toEqual({
    lines: [
      { path: 'sections.logging.level', before: 'info', after: 'warn' },
      { path: 'raw.openclaw.gateway.bind', before: 'lan', after: null },
    ],
    declared: false,
  }))

it('says that the layer declares it already', () =>
  expect(
    editLines({ set: { 'sections.logging.level': 'info' }, reset: ['sections.model.primary'] }, content),
  ).toMatchObject({ declared: true }))

it('claims nothing of a layer that was not read', () =>
  expect(editLines({ set: {}, reset: ['sections.model.primary'] }, undefined).declared).toBe(false))
