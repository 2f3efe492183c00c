import { expect, test } from 'vitest'
import type { RolloutWave } from '../../shared/contract/index.ts'
import { waveGoes as goes } from './wave-goes.ts'

const wave = (number: number, kind: RolloutWave['kind'], agents: number, atOnce = 1, soakS = 600): RolloutWave => ({
  number,
  kind,
  agentIds: Array.from({ length: agents }, (_, at) => `${number}-${at}` as RolloutWave['agentIds'][number]),
  atOnce,
  soakS,
})
const waves = [wave(1, 'lab', 1), wave(2, 'canary', 1), wave(3, 'rest', 4, 4, 0), wave(4, 'rest', 5, 1, 60)] as const
const waveGoes = (...asked: Parameters<typeof goes>) => goes(...asked).join(' · ')
const [lab, canary, first, second] = waves

test('each says when it begins, how many at once, and when they are looked at again', () => {
  expect(waveGoes(lab, waves, 'now')).toBe('now · looked at after 10 min')
  expect(waveGoes(canary, waves, 'now')).toBe('after the lab passes · looked at after 10 min')
  expect(waveGoes(first, waves, 'now')).toBe('after the canary passes · 4 at once')
  expect(waveGoes(second, waves, 'now')).toBe('after wave 1 passes · one at a time · looked at after 1 min')
})

test('after hours holds for clients, not for the lab', () => {
  expect(waveGoes(lab, waves, 'after-hours')).toBe('now · looked at after 10 min')
  expect(waveGoes(canary, waves, 'after-hours')).toBe(
    'after the lab passes · after their hours · looked at after 10 min',
  )
  expect(waveGoes(canary, [canary], 'after-hours')).toBe('after their hours · looked at after 10 min')
})
