import { describe, expect, it } from 'vitest'
import type { Fact, FactKey } from '../../../shared/contract/index.ts'
import { factName, notRight, sections } from './facts-view.ts'

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
})

describe('groups', () => {
  it('stand in the order of the page and sum up what is in them', () => {
    const shown = sections([
      fact('system.os', 'macOS 15.4'),
      fact('channel.connected', 'connected', { instance: 'telegram/default' }),
      fact('channel.connected', 'linked', { instance: 'imessage/default' }),
      fact('reach.answers', 'in 0.2 s'),
      fact('version.gap', '366 commits', { verdict: 'bad' }),
    ])
    expect(shown.map(({ group, summary }) => [group, summary])).toEqual([
      ['reach', 'answers in 0.2 s'],
      ['channels', 'imessage linked · telegram connected'],
      ['system', 'macOS 15.4'],
    ])
  })

  it('never sum up what nobody has seen as fine', () => {
    const [backups] = sections([fact('backup.last', 'yesterday', { verdict: 'unknown' })])
    expect(backups).toMatchObject({ summary: 'not seen', unknown: 1 })
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
