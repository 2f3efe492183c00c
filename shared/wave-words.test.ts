import { expect, test } from 'vitest'
import type { RolloutWave } from './contract/index.ts'
import { waveInSentence, waveName, waveOf } from './wave-words.ts'

const wave = (number: number, kind: RolloutWave['kind'], agents: number, atOnce = 1, soakS = 600): RolloutWave => ({
  number,
  kind,
  agentIds: Array.from({ length: agents }, (_, at) => `${number}-${at}` as RolloutWave['agentIds'][number]),
  atOnce,
  soakS,
})
const waves = [wave(1, 'lab', 1), wave(2, 'canary', 1), wave(3, 'rest', 4, 4, 0), wave(4, 'rest', 5, 1, 60)] as const

test('waves after the canaries are counted by themselves', () => {
  expect(waves.map((each) => waveName(each, waves))).toEqual(['Lab', 'Canary', 'Wave 1', 'Wave 2'])
  expect(waves.map((each) => waveInSentence(each, waves))).toEqual(['the lab', 'the canary', 'wave 1', 'wave 2'])
  expect(waves.map((each) => waveOf(each, waves))).toEqual(['lab', 'canary', 'wave 1 of 2', 'wave 2 of 2'])
})

test('several of a kind are told apart', () => {
  const two = [wave(1, 'canary', 1), wave(2, 'canary', 1), wave(3, 'rest', 1)]
  expect(two.map((each) => waveName(each, two))).toEqual(['Canary 1', 'Canary 2', 'Wave 1'])
  expect(two.map((each) => waveOf(each, two))).toEqual(['canary 1 of 2', 'canary 2 of 2', 'wave 1 of 1'])
  expect(two.map((each) => waveInSentence(each, two))).toEqual(['canary 1', 'canary 2', 'wave 1'])
})
