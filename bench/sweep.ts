/** `npm run bench:sweep [-- --quick] [--boxes 100,1000] [--rounds 5] [--out FILE] [--more] [--saved]`: see `docs/benchmarks.md`. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { demoFleet } from '../main/demo/fleet.ts'
import { writeHome } from '../main/demo/home.ts'
import { planMorning } from '../main/demo/morning.ts'
import { type SshdFleet, startSshdFleet } from '../main/testing/sshd-box.ts'
import { bundleOurs } from './bundle.ts'
import { type Ours, startOurs } from './host-ours.ts'
import { surroundings } from './machine.ts'
import { createPeers, type Peers, type Timed } from './peers.ts'
import { oneLine, probeScript } from './remote.ts'
import {
  judge,
  type Measure,
  markdown,
  measures,
  median,
  type SizeResult,
  type Surroundings,
  seconds,
} from './report.ts'
import { mediansOf, type Round, readRun, type SizeRun, writeRun } from './rounds.ts'

const root = path.resolve(import.meta.dirname, '..')
const boxProgramsDir = path.join(root, 'out/box')
const atOnce = 64
const patienceMs = 60_000

const { values: chosen } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    boxes: { type: 'string' },
    rounds: { type: 'string' },
    /** Leaves the other tools out: their goals are then not judged. */
    'ours-only': { type: 'boolean', default: false },
    /** Goes on with the rounds that an earlier run left here, until there are as many as wanted. */
    more: { type: 'boolean', default: false },
    /** Puts the sizes of earlier runs of this computer on the page too, each with its own day. */
    saved: { type: 'boolean', default: false },
    out: { type: 'string', default: path.join(root, 'docs/benchmarks.md') },
  },
})
const sizes = (chosen.boxes ?? (chosen.quick ? '12' : '100,1000')).split(',').map(Number)
const rounds = Number(chosen.rounds ?? (chosen.quick ? 1 : 5))
const say = (text: string) => process.stderr.write(`${text}\n`)

const program = await bundleOurs()
const results = new Map<number, SizeResult>()
const savedFile = (size: number) => path.join(root, `out/bench/sweep-${size}.json`)
for (const size of chosen.saved ? [100, 1000] : []) {
  const run = readRun(savedFile(size))
  if (run !== null) results.set(size, mediansOf(run))
}
for (const size of sizes) await measure(size)
for (const { boxes, words, found, met } of [...results.values()].flatMap(judge)) {
  process.stdout.write(`${met ? 'met    ' : 'NOT MET'}  ${boxes} boxes: ${words}: ${found}\n`)
}
process.stdout.write(`Written to ${chosen.out}\n`)

/** Writes the page anew after each round, so that a run that is stopped leaves what it found. */
function keep(run: SizeRun): void {
  results.set(run.boxes, mediansOf(run))
  if (!chosen['ours-only']) writeRun(savedFile(run.boxes), run)
  writeFileSync(chosen.out, markdown([...results.values()].sort((a, b) => a.boxes - b.boxes)))
}

/** One fleet of `size` boxes, all measures, `rounds` times, in turn. */
async function measure(size: number): Promise<void> {
  const around = surroundings(['clush', 'ansible', 'parallel-ssh'])
  say(`${size} boxes: starting sshd`)
  const fleet = await startSshdFleet(size, { env: () => ({ PATH: `${path.dirname(process.execPath)}:/usr/bin:/bin` }) })
  try {
    fillHomes(fleet)
    const common = { program, fleet, boxProgramsDir, atOnce, hanging: null }
    const ours = await startOurs({ ...common, keepAll: false })
    const warm = await startOurs({ ...common, keepAll: true })
    try {
      let run = (chosen.more && readRun(savedFile(size))) || { boxes: size, rounds: [], hanging: null }
      const peers = createPeers(fleet, atOnce)
      while (run.rounds.length < rounds) {
        say(`${size} boxes, round ${run.rounds.length + 1} of ${rounds}`)
        run = { ...run, rounds: [...run.rounds, await runRound(around, { ours, warm }, peers)] }
        keep(run)
      }
      if (size <= 100) keep({ ...run, hanging: await withOneHanging(fleet) })
    } finally {
      await Promise.all([ours.end(), warm.end()])
    }
  } finally {
    await fleet.stop()
  }
}

async function runRound(
  around: Surroundings,
  { ours, warm }: { ours: Ours; warm: Ours },
  peers: Peers,
): Promise<Round> {
  const script = probeScript(readFileSync(path.join(boxProgramsDir, 'probe.js'), 'latin1'))
  const found: Partial<Record<Measure, Timed>> = {}
  let peakRssBytes = 0
  let warmRssBytes = 0
  let firstFailure = ''
  const time = async (name: Measure, work: () => Promise<Timed & { peakRssBytes?: number; firstFailure?: string }>) => {
    const timed = await work()
    found[name] = { ms: timed.ms, failures: timed.failures }
    if (name === 'ours-probe-warm') warmRssBytes = timed.peakRssBytes ?? 0
    else peakRssBytes = Math.max(peakRssBytes, timed.peakRssBytes ?? 0)
    firstFailure ||= timed.firstFailure ?? ''
    say(
      `  ${measures[name]}: ${seconds(timed.ms)}${timed.failures > 0 ? `, ${timed.failures} without an answer ${timed.firstFailure ?? ''}` : ''}`,
    )
  }
  const peer: typeof time = async (name, work) => (chosen['ours-only'] ? undefined : time(name, work))
  await time('ours-line-cold', () => ours.run('one-line-cold', patienceMs))
  await peer('pssh-line', () => peers.parallelSsh(oneLine, { over: 'fresh' }))
  await peer('clush-line', () => peers.clush(oneLine))
  await time('ours-probe-cold', () => ours.run('probe-cold', patienceMs))
  await ours.run('cool-down', patienceMs)
  await warm.run('probe-warm', patienceMs)
  await time('ours-probe-warm', () => warm.run('probe-warm', patienceMs))
  await warm.run('cool-down', patienceMs)
  await peer('pssh-probe', () => peers.parallelSsh(script, { over: 'fresh' }))
  await peer('pssh-probe-warm', () => overWarm(peers, script))
  await peer('clush-probe', () => peers.clush(script))
  await peer('ansible-facts', () => peers.ansibleFacts())
  return { around, timed: found, firstFailure, peakRssBytes, warmRssBytes }
}

/** Only what runs over the open masters is timed, not their opening. */
async function overWarm(peers: Peers, script: string): Promise<Timed> {
  await peers.warmUp()
  const timed = await peers.parallelSsh(script, { over: 'warm' })
  await peers.coolDown()
  return timed
}

/** The last of the boxes is replaced by one that takes connections and never says a word. Medians of `rounds`, in turn. */
async function withOneHanging(fleet: SshdFleet): Promise<SizeResult['hanging']> {
  const silent = createServer((socket) => socket.resume())
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
  const { port } = silent.address() as { port: number }
  const well = await startOurs({ program, fleet, boxProgramsDir, atOnce, hanging: null, keepAll: false })
  const ill = await startOurs({
    program,
    fleet,
    boxProgramsDir,
    atOnce,
    hanging: { host: '127.0.0.1', port },
    keepAll: false,
  })
  try {
    const without: number[] = []
    const during: number[] = []
    let extraFailures = 0
    for (let round = 0; round < rounds; round++) {
      without.push((await well.run('probe-cold', patienceMs)).lastGoodMs)
      await well.run('cool-down', patienceMs)
      const answer = await ill.run('probe-cold', 15_000)
      during.push(answer.lastGoodMs)
      extraFailures = Math.max(extraFailures, answer.failures)
      await ill.run('cool-down', patienceMs)
    }
    return { withoutMs: median(without), withMs: median(during), extraFailures }
  } finally {
    await Promise.all([well.end(), ill.end()])
    silent.close()
  }
}

/** Every box gets the same OpenClaw home, of a machine like itself. */
function fillHomes(fleet: SshdFleet): void {
  const model = demoFleet.find(({ box }) => box.name === 'fox-mini')
  if (!model) throw new Error('the demo fleet has no fox-mini')
  const template = mkdtempSync(path.join(os.tmpdir(), 'wheelhouse-bench-home-'))
  const nowMs = Date.now()
  writeHome(template, { ...model, machine: { ...model.machine, platform: 'linux' } }, nowMs, planMorning(nowMs))
  rmSync(path.join(template, '.demo'), { recursive: true })
  for (const { home } of fleet.boxes) cpSync(template, home, { recursive: true })
  rmSync(template, { recursive: true })
}
