import { describe, expect, it } from 'vitest'
import type { Fact, FactKey } from '../../../shared/contract/index.ts'
import { markOf, notRight, wrongText } from '../../ui/not-right.ts'
import { factName, sections } from './facts-view.ts'

const fact = (key: FactKey, text: string, more: Partial<Fact> = {}): Fact =>
  ({ key, text, verdict: 'ok', instance: '', agentId: null, ...more }) as Fact

describe('what is not right', () => {
  it('puts wrong before nearly wrong and leaves unknown out', () => {
    const facts = [
      fact('system.node', '22.19.0', { verdict: 'warn' }),
      fact('backup.last', '', { verdict: 'unknown' }),
      fact('version.gap', '366 commits', { verdict: 'bad' }),
      fact('system.os', 'macOS'),
    ]
    expect(notRight(facts).map((each) => each.key)).toEqual(['version.gap', 'system.node'])
  })

  it('tells one gap in one line, and leaves the rest of it in its group', () => {
    const gap = [
      fact('version.gap', '366 commits', { verdict: 'bad', value: 366 }),
      fact('version.days', '23 days', { verdict: 'bad', value: 23 }),
      fact('version.lab', '366 commits behind lab-mini', { verdict: 'bad', value: 366 }),
      fact('version.lab-days', '23 days', { verdict: 'bad', value: 23 }),
    ]
    const [line, ...others] = notRight(gap)
    expect([line && wrongText(line, gap), others]).toEqual(['366 commits and 23 days behind lab-mini', []])
    expect(sections(gap)[0]?.facts.map(({ key }) => key)).toEqual(['version.gap', 'version.days', 'version.lab-days'])
    const further = gap.map((each) =>
      each.key === 'version.gap' ? { ...each, value: 400, text: '400 commits' } : each,
    )
    expect(notRight(further).map((each) => wrongText(each, further))).toEqual([
      '400 commits and 23 days',
      '366 commits and 23 days behind lab-mini',
    ])
  })

  it('draws what is behind as a triangle however far, and what fails as a diamond', () => {
    expect(markOf(fact('version.gap', '', { verdict: 'bad' }))).toBe('Behind')
    expect(markOf(fact('config.valid', '', { verdict: 'bad' }))).toBe('Failing')
    expect(markOf(fact('config.valid', '', { verdict: 'unknown' }))).toBe('Not seen')
  })
})

describe('groups', () => {
  it('stand in the order of the page and sum up what is in them', () => {
    const shown = sections([
      fact('system.os', 'macOS 15.4'),
      fact('channel.connected', 'connected', { instance: 'telegram/default' }),
      fact('channel.connected', 'linked', { instance: 'imessage/default' }),
      fact('reach.answers', 'yes', { value: true }),
      fact('version.gap', '366 commits', { verdict: 'bad' }),
    ])
    expect(shown.map(({ group, summary }) => [group, summary])).toEqual([
      ['reach', 'reached'],
      ['channels', 'imessage linked · telegram connected'],
      ['system', 'macOS 15.4'],
    ])
  })

  it('never sum up what nobody has seen as fine', () => {
    const [backups] = sections([fact('backup.last', 'yesterday', { verdict: 'unknown' })])
    expect(backups).toMatchObject({ summary: 'not seen', unknown: 1 })
  })

  it('say why nothing was read, and what is known beside the lab machine only once', () => {
    const [reach] = sections([fact('reach.login', 'not read: it does not answer', { verdict: 'unknown' })])
    expect(reach?.summary).toBe('not read: it does not answer')
    const [versions] = sections([
      fact('version.disk', '2026.9.6'),
      fact('version.gap', 'none', { value: 0 }),
      fact('version.lab', 'none, it has what lab-mini has', { value: 0 }),
    ])
    expect(versions?.summary).toBe('2026.9.6 · has what lab-mini has')
  })

  it('name the channel once, and keep the order of the fact list', () => {
    const [channels, access] = sections([
      fact('access.answers', 'iMessage: Ruth only', { instance: 'imessage/default' }),
      fact('activity.reply', '13 h ago'),
      fact('channel.connected', 'iMessage connected', { instance: 'imessage/default' }),
    ])
    expect(channels?.summary).toBe('iMessage connected · last good reply 13 h ago')
    expect(access?.summary).toBe('iMessage: Ruth only')
  })

  it('name the account a fact is about', () => {
    expect(factName(fact('channel.connected', '', { instance: 'telegram/default' }))).toBe(
      'Connected, telegram/default',
    )
  })
})
