import { describe, expect, it } from 'vitest'
import { parseConfig } from './includes.ts'

const parse = (files: Record<string, string>) =>
  parseConfig('/home/a/.openclaw/openclaw.json', files['openclaw.json'] ?? '', (file) => {
    const text = files[file.replace('/home/a/.openclaw/', '')]
    if (text === undefined) throw new Error('ENOENT')
    return text
  })

describe('a config with includes', () => {
  it('reads JSON5 with comments', () => {
    expect(parse({ 'openclaw.json': '{ // mine\n gateway: { port: 1, }, }' })).toMatchObject({
      settings: { gateway: { port: 1 } },
      problem: '',
    })
  })

  it('merges an array of files deeply, later wins, own keys override, and lists follow each other', () => {
    const { settings, included } = parse({
      'openclaw.json': "{ $include: ['./a.json5', './b.json5'], channels: { imessage: { dmPolicy: 'allowlist' } } }",
      'a.json5': "{ channels: { imessage: { dmPolicy: 'open', allowFrom: ['*'] }, telegram: { enabled: true } } }",
      'b.json5': "{ channels: { imessage: { allowFrom: ['+1'] } } }",
    })
    expect(settings).toEqual({
      channels: { imessage: { dmPolicy: 'allowlist', allowFrom: ['*', '+1'] }, telegram: { enabled: true } },
    })
    expect(included).toHaveLength(2)
  })

  it('stops at a bomb of files that include files', () => {
    const many = (name: string) => JSON.stringify({ $include: Array(50).fill(`./${name}`) })
    let reads = 0
    const parsed = parseConfig('/home/a/.openclaw/openclaw.json', many('outer.json5'), (file) => {
      reads += 1
      return file.endsWith('outer.json5') ? many('inner.json5') : '{}'
    })
    expect(parsed.problem).toBe('$include brings more than 200 files')
    expect(reads).toBeLessThan(201)
  })

  it('takes an include anywhere, and relative to its own file', () => {
    const files = {
      'openclaw.json': "{ channels: { $include: './parts/c.json5' } }",
      'parts/c.json5': "{ imessage: { $include: './d.json5' } }",
      'parts/d.json5': "{ allowFrom: ['*'] }",
    }
    expect(parse(files).settings).toEqual({ channels: { imessage: { allowFrom: ['*'] } } })
  })

  it.each([
    ['not JSON5', { 'openclaw.json': '{ gateway: ' }, 'openclaw.json'],
    ['not an object', { 'openclaw.json': '[1]' }, 'not an object'],
    ['empty', { 'openclaw.json': '' }, 'openclaw.json'],
    ['a missing include', { 'openclaw.json': "{ $include: './gone.json5' }" }, './gone.json5 cannot be read'],
    ['an include outside', { 'openclaw.json': "{ $include: '../../etc/passwd' }" }, 'outside the config folder'],
    ['an absolute include', { 'openclaw.json': "{ $include: '/etc/passwd' }" }, 'outside the config folder'],
    ['an include of itself', { 'openclaw.json': "{ $include: './openclaw.json' }" }, 'deeper than 10'],
    ['a broken include', { 'openclaw.json': "{ $include: './b.json5' }", 'b.json5': '{' }, 'b.json5'],
  ])('names what is wrong: %s', (_, files, words) => {
    const { problem, settings } = parse(files)
    expect(problem).toContain(words)
    expect(settings).toEqual({})
  })

  it('does not touch prototypes', () => {
    parse({ 'openclaw.json': '{ "__proto__": { "polluted": true } }' })
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
  })
})
