import { describe, expect, it } from 'vitest'
import {
  type ChannelSection,
  DoorKey,
  doorOfKey,
  type EscalationSection,
  missingSafeguards,
  type Safeguard,
  Sections,
  safeguardWords,
} from './sections.ts'

const safe: ChannelSection = {
  kind: 'public',
  safeguards: { sessionPerSender: true, toolsDenied: true, groupsOff: true, mostPerHour: 60, firstApprovals: 100 },
}
const escalation: EscalationSection = { humanNumber: '+13105550142', fallbackSentence: 'I need help with that.' }

describe('sections', () => {
  it('may all be undeclared, and every value of them', () => {
    for (const empty of [{}, { channels: {}, model: {}, tools: { judged: {} }, heartbeat: {}, logging: {}, files: {} }])
      expect(Sections.parse(empty)).toEqual(empty)
  })

  it.each([
    ['a section nobody knows', { chanels: {} }],
    ['a value nobody knows', { updates: { auto: false } }],
    ['a channel without an account', { channels: { telegram: {} } }],
    ['a channel that is a path', { channels: { 'a/b/c': {} } }],
    ['an account called __proto__', JSON.parse('{"channels":{"telegram/__proto__":{}}}')],
    ['an account called constructor', { channels: { 'telegram/constructor': {} } }],
    ['a kind nobody knows', { channels: { 'telegram/default': { kind: 'open' } } }],
    ['typed handles of the client', { channels: { 'telegram/default': { kind: 'clients-own', allow: ['*'] } } }],
    ['a file out of the workspace', { files: { '../openclaw.json': {} } }],
    ['a hidden file', { files: { '.env': {} } }],
    ['an absolute file', { files: { '/etc/passwd': {} } }],
    ['a model without a provider', { model: { primary: 'sonnet' } }],
    ['half past twenty-five', { heartbeat: { from: '25:30' } }],
  ])('refuse %s', (_name, value) => {
    expect(Sections.safeParse(value).success).toBe(false)
  })
})

describe('a public channel', () => {
  it('lacks nothing with all of its safeguards', () => {
    expect(missingSafeguards(safe, escalation)).toEqual([])
  })

  const without = (name: Safeguard): Safeguard[] => {
    const { [name as 'groupsOff']: _left, ...safeguards } = safe.safeguards ?? {}
    const { [name as 'humanNumber']: _out, ...rest } = escalation
    return missingSafeguards({ ...safe, safeguards }, rest)
  }
  it.each(Object.keys(safeguardWords) as Safeguard[])('says that it lacks %s', (name) => {
    expect(without(name)).toEqual([name])
  })

  it('lacks what is declared off', () => {
    expect(missingSafeguards({ ...safe, safeguards: { ...safe.safeguards, toolsDenied: false } }, escalation)).toEqual([
      'toolsDenied',
    ])
  })
})

it('tells a door in its two parts', () => {
  expect(doorOfKey(DoorKey.parse('telegram/front.desk'))).toEqual({ channel: 'telegram', account: 'front.desk' })
})
