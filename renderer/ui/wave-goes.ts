import type { RolloutWave } from '../../shared/contract/index.ts'
import { waveInSentence } from '../../shared/wave-words.ts'
import { spanText } from './times.ts'

/** "after the canary passes", "4 at once", "looked at after 10 min": when a wave begins and how it goes. */
export function waveGoes(wave: RolloutWave, waves: readonly RolloutWave[], when: 'now' | 'after-hours'): string[] {
  const before = waves[waves.indexOf(wave) - 1]
  const hours = when === 'after-hours' && wave.kind !== 'lab' ? 'after their hours' : ''
  const begins = before ? `after ${waveInSentence(before, waves)} passes` : hours === '' ? 'now' : ''
  return [
    begins,
    hours,
    wave.agentIds.length < 2 ? '' : wave.atOnce > 1 ? `${wave.atOnce} at once` : 'one at a time',
    wave.soakS > 0 ? `looked at after ${spanText(wave.soakS * 1000)}` : '',
  ].filter(Boolean)
}
