/** `npm run bench:sweep [-- --quick] [--boxes 100,1000] [--rounds 5] [--out FILE]`: see `docs/benchmarks.md`. */
import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { demoFleet } from '../main/demo/fleet.ts'
import { writeHome } from '../main/demo/home.ts'
import { type SshdFleet, startSshdFleet } from '../main/testing/sshd-box.ts'
import { bundleOurs } from './bundle.ts'
import { type Ours, startOurs } from './host-ours.ts'
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
    out: { type: 'string', default: path.join(root, 'docs/benchmarks.md') },
  },
})
const sizes = (chosen.boxes ?? (chosen.quick ? '12' : '100,1000')).split(',').map(Number)
const rounds = Number(chosen.rounds ?? (chosen.quick ? 1 : 5))
const say = (text: string) => process.stderr.write(`${text}\n`)

const around = surroundings()
const program = await bundleOurs()
const results: SizeResult[] = []
for (const size of sizes) results.push(await measure(size))
writeFileSync(chosen.out, markdown(results, around))
for (const { boxes, words, found, met } of results.flatMap(judge)) {
  process.stdout.write(`${met ? 'met    ' : 'NOT MET'}  ${boxes} boxes: ${words}: ${found}\n`)
}
process.stdout.write(`Written to ${chosen.out}\n`)

/** One fleet of `size` boxes, all measures, `rounds` times, in turn. */
async function measure(size: number): Promise<SizeResult> {
  say(`${size} boxes: starting sshd`)
  const fleet = await startSshdFleet(size, { env: () => ({ PATH: `${path.dirname(process.execPath)}:/usr/bin:/bin` }) })
  try {
    fillHomes(fleet)
    const common = { program, fleet, boxProgramsDir, atOnce, hanging: null }
    const ours = await startOurs({ ...common, keepAll: false })
    const warm = await startOurs({ ...common, keepAll: true })
    try {
      return await runRounds(size, fleet, { ours, warm }, createPeers(fleet, atOnce))
    } finally {
      await Promise.all([ours.end(), warm.end()])
    }
  } finally {
    await fleet.stop()
  }
}

async function runRounds(
  size: number,
  fleet: SshdFleet,
  { ours, warm }: { ours: Ours; warm: Ours },
  peers: Peers,
): Promise<SizeResult> {
  const script = probeScript(readFileSync(path.join(boxProgramsDir, 'probe.js'), 'latin1'))
  const found = new Map<Measure, Timed[]>()
  let peakRssBytes = 0
  let warmRssBytes = 0
  let firstFailure = ''
  const time = async (name: Measure, work: () => Promise<Timed & { peakRssBytes?: number; firstFailure?: string }>) => {
    const timed = await work()
    found.set(name, [...(found.get(name) ?? []), timed])
    if (name === 'ours-probe-warm') warmRssBytes = Math.max(warmRssBytes, timed.peakRssBytes ?? 0)
    else peakRssBytes = Math.max(peakRssBytes, timed.peakRssBytes ?? 0)
    firstFailure ||= timed.firstFailure ?? ''
    say(
      `  ${measures[name]}: ${seconds(timed.ms)}${timed.failures > 0 ? `, ${timed.failures} without an answer ${timed.firstFailure ?? ''}` : ''}`,
    )
  }
  const peer: typeof time = async (name, work) => (chosen['ours-only'] ? undefined : time(name, work))
  for (let round = 1; round <= rounds; round++) {
    say(`${size} boxes, round ${round} of ${rounds}`)
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
  }
  const each = <T>(pick: (timed: readonly Timed[]) => T) =>
    Object.fromEntries(
      (Object.keys(measures) as Measure[]).map((name) => [name, pick(found.get(name) ?? [])]),
    ) as Record<Measure, T>
  return {
    boxes: size,
    rounds,
    ms: each((timed) => median(timed.map(({ ms }) => ms))),
    failures: each((timed) => Math.max(0, ...timed.map(({ failures }) => failures))),
    firstFailure,
    peakRssBytes,
    warmRssBytes,
    hanging: size <= 100 ? await withOneHanging(fleet) : null,
  }
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
  writeHome(template, { ...model, machine: { ...model.machine, platform: 'linux' } }, Date.now())
  rmSync(path.join(template, '.demo'), { recursive: true })
  for (const { home } of fleet.boxes) cpSync(template, home, { recursive: true })
  rmSync(template, { recursive: true })
}

function surroundings(): Surroundings {
  const version = (command: string, args: string[]) =>
    execFileSync(command, args, { encoding: 'utf8' }).split('\n', 1)[0]
  const [cpu] = os.cpus()
  return {
    when: `${new Date().toISOString().slice(0, 16).replace('T', ' ')} UTC`,
    machine: `${os.cpus().length} cores (${cpu?.model.trim() || 'unknown'}), ${Math.round(os.totalmem() / 1e9)} GB, ${os.type()} ${os.release()}, Node ${process.version}`,
    tools: `${version('clush', ['--version'])}, ${version('ansible', ['--version'])}, parallel-ssh ${version('parallel-ssh', ['--version'])}`,
    loadPerCore: (os.loadavg()[0] ?? 0) / os.cpus().length,
  }
}
