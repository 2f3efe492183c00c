import { expect, it } from 'vitest'
import type { LayerContent } from '../../../shared/contract/index.ts'
import {
  draftOf,
  editedPaths,
  editsBetween,
  laidOver,
  problemsAt,
  readDraft,
  readKept,
  sectionOfPath,
  withExcept,
  withRaw,
  withValue,
} from './draft.ts'

const content: LayerContent = {
  sections: { logging: { level: 'info' }, channels: { 'telegram/shop.eu': { kind: 'team' } } },
  raw: { openclaw: { 'gateway.port': 1 } },
  excepts: [],
}
const saved = draftOf(content)
const day = () => '5 December'

it('takes a value out with the objects that are empty then, and leaves the rest', () => {
  const draft = withValue(withValue(saved, ['logging', 'level'], undefined), ['model', 'primary'], 'a/b')
  expect(draft.sections).toEqual({ channels: { 'telegram/shop.eu': { kind: 'team' } }, model: { primary: 'a/b' } })
  expect(saved.sections.logging).toEqual({ level: 'info' })
})

it('names every edit by a path, with what was and what is', () => {
  const draft = withExcept(
    withRaw(withValue(saved, ['channels', 'telegram/shop.eu', 'kind'], undefined), 'gateway.port', null),
    'sections.logging.level',
    { path: 'sections.logging.level', untilMs: 1, because: 'a test' },
  )
  expect(editsBetween(saved, draft, day)).toEqual([
    { path: 'except sections.logging.level', before: null, after: 'until 5 December: a test' },
    { path: 'raw.openclaw.gateway.port', before: '1', after: 'nothing may stand there' },
    { path: 'sections.channels.telegram/shop\\.eu.kind', before: 'team', after: null },
  ])
})

it('lays edits over what was saved elsewhere meanwhile, and names what both sides changed', () => {
  const edited = withValue(withValue(saved, ['logging', 'level'], 'debug'), ['updates', 'automatic'], false)
  const elsewhere = draftOf({
    ...content,
    sections: { logging: { level: 'warn', audit: true }, channels: content.sections.channels },
  })
  const { draft, clashes } = laidOver(saved, edited, elsewhere)
  expect(draft.sections).toEqual({
    logging: { level: 'debug', audit: true },
    channels: content.sections.channels,
    updates: { automatic: false },
  })
  expect(clashes).toEqual(['sections.logging.level'])
  expect(laidOver(saved, edited, edited).clashes).toEqual([])
})

it('keeps what was typed and is no value, and says where', () => {
  const draft = withValue(withValue(saved, ['heartbeat', 'from'], '8 am'), ['model', 'mostPerDay'], 'much')
  const { content: read, problems } = readDraft(draft)
  expect(read).toBeNull()
  expect(problems.map(({ path }) => path)).toEqual(
    expect.arrayContaining(['sections.heartbeat.from', 'sections.model.mostPerDay']),
  )
  expect(readDraft(saved)).toEqual({ content, problems: [] })
})

it('finds what is wrong at a place and below it, however a name with a dot was written', () => {
  const at = (path: string) => ({ path, words: '', typed: false })
  const problems = [
    at('sections.channels.telegram/shop.eu.people[0]'),
    at('sections.channels.telegram/shop.eu.people[10]'),
    at('sections.channels.telegram/shop.europe'),
  ]
  expect(problemsAt(problems, 'sections.channels.telegram/shop\\.eu')).toEqual(problems.slice(0, 2))
  expect(problemsAt(problems, 'sections.channels.telegram/shop.eu.people[1]')).toEqual([])
})

it('knows the section of every path', () => {
  expect(
    ['sections.logging.level', 'raw.openclaw.gateway.port', 'except sections.model.primary', ''].map(sectionOfPath),
  ).toEqual(['logging', 'all', 'model', 'all'])
})

it('reads back what was kept, and nothing else', () => {
  const kept = { base: saved, draft: withRaw(saved, 'a', 'b') }
  expect(readKept(JSON.stringify(kept))).toEqual(kept)
  for (const text of ['', 'null', '{}', '{"base":{},"draft":{}}', '[']) expect(readKept(text)).toBeNull()
  expect(editedPaths(saved, kept.draft)).toEqual(['raw.openclaw.a'])
})
