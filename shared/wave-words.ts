import type { RolloutWave } from './contract/index.ts'

type Wave = Pick<RolloutWave, 'number' | 'kind'>

const nouns = { lab: 'Lab', canary: 'Canary', rest: 'Wave' } as const

const sameKind = (wave: Wave, waves: readonly Wave[]): number[] =>
  waves.filter(({ kind }) => kind === wave.kind).map(({ number }) => number)

/** "Lab", "Canary", "Wave 2": each kind is counted by itself, a single lab or canary not at all. */
export function waveName(wave: Wave, waves: readonly Wave[]): string {
  const own = sameKind(wave, waves)
  const noun = nouns[wave.kind]
  return wave.kind !== 'rest' && own.length === 1 ? noun : `${noun} ${own.indexOf(wave.number) + 1}`
}

/** The same in the middle of a sentence: "the lab", "canary 2", "wave 2". */
export function waveInSentence(wave: Wave, waves: readonly Wave[]): string {
  const name = waveName(wave, waves).toLowerCase()
  return /\d$/.test(name) ? name : `the ${name}`
}

/** "wave 1 of 2", "canary": which of the waves this is. */
export function waveOf(wave: Wave, waves: readonly Wave[]): string {
  const name = waveName(wave, waves).toLowerCase()
  return /\d$/.test(name) ? `${name} of ${sameKind(wave, waves).length}` : name
}
