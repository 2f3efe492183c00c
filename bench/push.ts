/** `npm run bench:push [-- --boxes 12,100,500] [--rounds 3] [--at-once N] [--ours-only] [--out FILE]`: see `docs/benchmarks-push.md`. */
import { type ChildProcess, fork } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { bundleOurs } from './bundle.ts'
import { surroundings } from './machine.ts'
import { createAnsible } from './push-ansible.ts'
import { type PushFleet, startPushFleet } from './push-fleet.ts'
import type { PushAnswer, PushAsked, PushSetup } from './push-ours.ts'
import { judgePush, type PushResult, type PushRound, pushMarkdown } from './push-report.ts'
import { seconds } from './report.ts'

const root = path.resolve(import.meta.dirname, '..')
/** Above this Ansible takes minutes a push, and no goal compares it. */
const mostForAnsible = 100

const { values: chosen } = parseArgs({
  options: {
    boxes: { type: 'string', default: '12,100,500' },
    rounds: { type: 'string', default: '3' },
    /** How many machines ours changes at once. */
    'at-once': { type: 'string', default: '16' },
    'ours-only': { type: 'boolean', default: false },
    out: { type: 'string', default: path.join(root, 'docs/benchmarks-push.md') },
  },
})
const sizes = chosen.boxes.split(',').map(Number)
const oursAtOnce = Number(chosen['at-once'])
const say = (text: string) => process.stderr.write(`${text}\n`)

const program = await bundleOurs('push-ours')
const results: PushResult[] = []
for (const size of sizes) results.push(await measure(size))
for (const { boxes, words, found, met } of results.flatMap(judgePush))
  process.stdout.write(`${met ? 'met    ' : 'NOT MET'}  ${boxes} boxes: ${words}: ${found}\n`)
process.stdout.write(`Written to ${chosen.out}\n`)

async function measure(size: number): Promise<PushResult> {
  const around = surroundings(['ansible'])
  say(`${size} boxes: starting sshd and gateways`)
  const pushed = await startPushFleet(size)
  const rounds: PushRound[] = []
  const result = (): PushResult => ({ boxes: size, oursAtOnce, around, rounds })
  try {
    const ours = await startOurs(pushed)
    const ansible = chosen['ours-only'] || size > mostForAnsible ? null : createAnsible(pushed.fleet)
    try {
      for (let round = 0; round < (size > mostForAnsible ? 1 : Number(chosen.rounds)); round++) {
        // Ansible takes the line back, where it plays; else the next round does.
        const level = ansible === null && round % 2 === 1 ? 'info' : 'debug'
        const own = seen(pushed, level, await ours.run(level))
        say(`  ours: ${seconds(own.ms)}${own.failures > 0 ? `, ${own.failures} not changed: ${own.firstFailure}` : ''}`)
        const theirs = ansible === null ? null : seen(pushed, 'info', await ansible('info'))
        if (theirs !== null)
          say(`  Ansible: ${seconds(theirs.ms)}${theirs.failures > 0 ? `, ${theirs.failures} not changed` : ''}`)
        rounds.push({ ours: own, ansible: theirs })
        writeFileSync(chosen.out, pushMarkdown([...results, result()]))
      }
    } finally {
      await ours.end()
    }
  } finally {
    await pushed.stop()
  }
  return result()
}

/** A tool's own word is not enough: the files of the boxes count. */
function seen<T extends { failures: number }>(pushed: PushFleet, level: string, timed: T): T {
  return { ...timed, failures: Math.max(timed.failures, pushed.fleet.boxes.length - pushed.have(level)) }
}

async function startOurs({ fleet, stateDirOf }: PushFleet) {
  const setup: PushSetup = {
    boxes: fleet.boxes.map(({ host, port, home }) => ({ host, port, stateDir: stateDirOf(home) })),
    user: fleet.user,
    keyPath: fleet.keyPath,
    hostKey: fleet.hostKey,
    fingerprint: `SHA256:${createHash('sha256').update(Buffer.from(fleet.hostKey, 'base64')).digest('base64').replace(/=+$/, '')}`,
    boxProgramsDir: path.join(root, 'out/box'),
    atOnce: oursAtOnce,
  }
  const child = fork(program)
  await ask(child, { setup })
  return {
    run: (level: string) => ask(child, { level }),
    async end() {
      const ended = once(child, 'exit')
      child.send({ end: true } satisfies PushAsked)
      await ended
    },
  }
}

function ask(child: ChildProcess, asked: PushAsked): Promise<PushAnswer> {
  return new Promise((resolve, reject) => {
    const gone = (code: number | null) => reject(new Error(`our process ended with ${code}`))
    child.once('exit', gone)
    child.once('message', (answer) => {
      child.off('exit', gone)
      resolve(answer as PushAnswer)
    })
    child.send(asked)
  })
}
