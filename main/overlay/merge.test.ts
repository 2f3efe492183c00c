import { describe, expect, test } from 'vitest'
import type { LayerContent, LayerKind, LayerRef } from '../../shared/contract/index.ts'
import { dice } from '../demo/dice.ts'
import { mergeSettings } from '../runtimes/openclaw/settings.ts'
import { dottedPath, isEqual, pathOfDotted } from '../runtimes/operations.ts'
import { type Layer, mergeLayers } from './overlay.ts'

const nowMs = 1_795_000_000_000
type Json = LayerContent['raw']['openclaw'][string]

const content = (change: Partial<LayerContent> = {}): LayerContent => ({
  sections: {},
  raw: { openclaw: {} },
  excepts: [],
  ...change,
})
const layer = (kind: LayerKind, change: Partial<LayerContent>): Layer => ({
  layer: { kind, key: kind === 'fleet' ? '' : 'k' },
  content: content(change),
})
const raw = (settings: Record<string, Json>) => ({ raw: { openclaw: settings } })
const kinds: LayerKind[] = ['fleet', 'os', 'niche', 'client', 'box', 'agent']

describe('what layers declare together', () => {
  test('objects merge, lists and scalars replace, and each value knows its layer', () => {
    const merged = mergeLayers(
      [
        layer('fleet', {
          sections: { model: { primary: 'a/one', fallbacks: ['a/two', 'a/three'] }, updates: { automatic: false } },
        }),
        layer('client', { sections: { model: { fallbacks: ['b/one'] } } }),
      ],
      nowMs,
    )
    expect(merged.content.sections).toEqual({
      model: { primary: 'a/one', fallbacks: ['b/one'] },
      updates: { automatic: false },
    })
    expect(merged.provenance).toEqual({
      'sections.model.fallbacks': { kind: 'client', key: 'k' },
      'sections.model.primary': { kind: 'fleet', key: '' },
      'sections.updates.automatic': { kind: 'fleet', key: '' },
    })
  })

  test('raw settings merge as objects do, whether written as paths or as objects', () => {
    const merged = mergeLayers(
      [
        layer(
          'fleet',
          raw({ gateway: { bind: 'loopback', port: 18789 }, 'plugins.entries': { imap: { enabled: true } } }),
        ),
        layer('box', raw({ 'gateway.bind': 'tailnet', 'plugins.entries.imap': null })),
      ],
      nowMs,
    )
    expect(merged.content.raw.openclaw).toEqual({
      'gateway.bind': 'tailnet',
      'gateway.port': 18789,
      'plugins.entries.imap': null,
    })
    expect(merged.provenance['raw.openclaw.gateway.port']?.kind).toBe('fleet')
    expect(merged.provenance['raw.openclaw.plugins.entries.imap']?.kind).toBe('box')
  })

  test('a dot inside a name is no step of a path', () => {
    const merged = mergeLayers([layer('fleet', raw({ 'models.providers.a\\.b': { api: 'x' } }))], nowMs)
    expect(merged.content.raw.openclaw).toEqual({ 'models.providers.a\\.b.api': 'x' })
    expect(Object.keys(merged.provenance)).toEqual(['raw.openclaw.models.providers.a\\.b.api'])
  })

  test('a name like __proto__ stays a name and reaches no prototype', () => {
    const parsed = JSON.parse('{"a":{"__proto__":{"polluted":true}}}') as Record<string, Json>
    mergeLayers([layer('fleet', raw(parsed)), layer('box', raw(parsed))], nowMs)
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined()
  })
})

describe('an exception', () => {
  const fleet = layer('fleet', { sections: { model: { primary: 'a/one' }, logging: { level: 'info' } } })
  const excepted = (untilMs: number) =>
    layer('box', { excepts: [{ path: 'sections.model.primary', untilMs, because: 'the client tries another' }] })

  test('sets aside what wider layers say, until its end', () => {
    const during = mergeLayers([fleet, excepted(nowMs + 1)], nowMs)
    expect(during.content.sections).toEqual({ logging: { level: 'info' } })
    expect(during.excepts).toEqual([
      {
        path: 'sections.model.primary',
        untilMs: nowMs + 1,
        because: 'the client tries another',
        layer: { kind: 'box', key: 'k' },
        hides: ['sections.model.primary'],
      },
    ])
    const after = mergeLayers([fleet, excepted(nowMs + 1)], nowMs + 1)
    expect(after.content.sections).toEqual(fleet.content.sections)
    expect(after.excepts).toEqual([])
  })

  test('does not hold against a narrower layer', () => {
    const merged = mergeLayers(
      [fleet, excepted(nowMs + 1), layer('agent', { sections: { model: { primary: 'b/one' } } })],
      nowMs,
    )
    expect(merged.content.sections.model?.primary).toBe('b/one')
  })
})

const names = ['a', 'b', 'c', 'd.e']

/** A random object, at most `deep` levels, now and then empty, with null among its values. */
function randomSettings(throws: ReturnType<typeof dice>, deep: number): Record<string, Json> {
  const entries = Array.from({ length: throws.between(0, 3) }, (): [string, Json] => {
    const name = names[throws.between(0, names.length - 1)]!
    if (deep > 0 && throws.happens(55)) return [name, randomSettings(throws, deep - 1)]
    const values: Json[] = [null, true, throws.between(0, 9), throws.hex(1), [throws.between(0, 9), null], []]
    return [name, values[throws.between(0, values.length - 1)]!]
  })
  return Object.fromEntries(entries)
}

/** The same settings as paths, written out two names deep. */
const asPaths = (value: Json, path: string[] = []): [string, Json][] =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  path.length < 2 &&
  Object.keys(value).length > 0
    ? Object.entries(value).flatMap(([name, inner]) => asPaths(inner!, [...path, name]))
    : path.length === 0
      ? []
      : [[dottedPath(path), value]]

const valueAt = (value: unknown, path: readonly string[]): unknown =>
  path.reduce<unknown>((at, name) => (at as Record<string, unknown> | null | undefined)?.[name], value)

/** The settings that flat paths stand for, as a plain reading builds them. */
function nested(flat: Record<string, Json>): Record<string, unknown> {
  return Object.entries(flat).reduce<Record<string, unknown>>(
    (all, [text, value]) =>
      mergeSettings(
        all,
        pathOfDotted(text)!.reduceRight<unknown>((inner, name) => ({ [name]: inner }), value),
      ) as Record<string, unknown>,
    {},
  )
}

/** Without objects that hold nothing: they declare nothing. */
const pruned = (value: unknown): unknown => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  const entries = Object.entries(value)
    .map(([name, inner]) => [name, pruned(inner)] as const)
    .filter(([, inner]) => inner !== undefined)
  return entries.length === 0 ? undefined : Object.fromEntries(entries)
}

test('500 random stacks of layers: what a plain reading says, each value from the narrowest layer that says it', () => {
  const throws = dice('layers')
  for (let round = 0; round < 500; round++) {
    const said = kinds.slice(0, throws.between(1, 6)).map((kind) => ({ kind, settings: randomSettings(throws, 3) }))
    const layers = said.map(({ kind, settings }) => {
      const names = Object.entries(settings).map(([name, value]) => [dottedPath([name]), value])
      return layer(kind, raw(Object.fromEntries(throws.happens(50) ? names : asPaths(settings))))
    })
    const merged = mergeLayers(layers, nowMs)
    const whole = said.reduce<unknown>((under, { settings }) => mergeSettings(under, settings), {})
    expect(pruned(nested(merged.content.raw.openclaw)), JSON.stringify(said)).toEqual(pruned(whole))

    const wrong = Object.entries(merged.content.raw.openclaw).filter(([text, value]) => {
      const from = merged.provenance[`raw.openclaw.${text}`] as LayerRef
      const at = said.findIndex(({ kind }) => kind === from.kind)
      const read = said.slice(at).map(({ settings }) => valueAt(settings, pathOfDotted(text)!))
      const narrower = read.slice(1).filter((one) => one !== undefined && JSON.stringify(one) !== '{}')
      return !isEqual(read[0], value) || narrower.length > 0
    })
    expect(wrong, JSON.stringify(said)).toEqual([])
    expect(Object.keys(merged.provenance)).toHaveLength(Object.keys(merged.content.raw.openclaw).length)
    expect(isEqual(mergeLayers([...layers, ...layers.slice(-1), layer('agent', {})], nowMs), merged)).toBe(true)
  }
})

test('300 random exceptions: nothing of their path is left but what a narrower layer says', () => {
  const throws = dice('excepts')
  for (let round = 0; round < 300; round++) {
    const layers = kinds.map((kind) => layer(kind, raw(Object.fromEntries(asPaths(randomSettings(throws, 3))))))
    const at = throws.between(0, 5)
    const path = Array.from({ length: throws.between(1, 3) }, () => names[throws.between(0, 3)]!)
    const except = { path: dottedPath(['raw', 'openclaw', ...path]), untilMs: nowMs + 1, because: 'tried' }
    const withIt = layers.map((each, index) =>
      index === at ? { ...each, content: { ...each.content, excepts: [except] } } : each,
    )
    const merged = mergeLayers(withIt, nowMs)
    const isUnder = (text: string) => text === except.path || text.startsWith(`${except.path}.`)
    const under = Object.entries(merged.provenance).filter(([text]) => isUnder(text))
    expect(under.filter(([, from]) => kinds.indexOf(from.kind) <= at)).toEqual([])
    const later = mergeLayers(withIt, nowMs + 1)
    expect(isEqual(later.content, mergeLayers(layers, nowMs).content)).toBe(true)
    const beside = Object.entries(later.provenance).filter(([text]) => !isUnder(text))
    const kept = Object.entries(merged.provenance).filter(([text]) => !isUnder(text))
    if (under.length === 0) expect(isEqual(Object.fromEntries(kept), Object.fromEntries(beside))).toBe(true)
  }
})
