import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { BoxId } from '../../shared/contract/index.ts'
import { redactLine } from '../runtimes/redact-line.ts'
import { type LogsLab, logsLab } from '../testing/logs-lab.ts'
import {
  installOpenclaw,
  makeOpenclawHome,
  type OpenclawVersion,
  type RunningGateway,
  startGateway,
} from '../testing/openclaw.ts'
import { tempDir } from '../testing/temp-store.ts'

/** Real gateways of both eras that rotate their own logs, read in between and meanwhile. */
interface Era {
  readonly version: OpenclawVersion
  readonly home: string
  readonly port: number
  readonly boxId: BoxId
  readonly gateway: RunningGateway
}

let lab: LogsLab
const eras: Era[] = []

async function start(version: OpenclawVersion): Promise<Era> {
  const install = await installOpenclaw(version)
  const home = path.join(tempDir(), 'home')
  mkdirSync(home)
  const file = path.join(home, 'openclaw.log')
  const port = await makeOpenclawHome(home, { logging: { file, maxFileBytes: 24_000 } })
  const { boxId } = await lab.box(home)
  return { version, home, port, boxId, gateway: await startGateway(install, home, port) }
}

beforeAll(async () => {
  lab = logsLab()
  eras.push(...(await Promise.all((['2026.9.6', '2026.6.11'] as const).map(start))))
}, 180_000)
afterAll(async () => {
  for (const { gateway } of eras) await gateway.stop()
  await lab.close()
}, 60_000)

/** A client without a token: the gateway turns it away, and writes so into its log. */
const knock = (port: number): Promise<void> =>
  new Promise((resolve) => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}`)
    socket.onopen = () => socket.send('{"type":"req","id":"1","method":"connect","params":{}}')
    socket.onclose = () => resolve()
    socket.onerror = () => resolve()
  })

const filesOf = (home: string): string[] =>
  [5, 4, 3, 2, 1]
    .map((number) => path.join(home, `openclaw.${number}.log`))
    .concat(path.join(home, 'openclaw.log'))
    .filter((file) => existsSync(file))
const rawLines = (home: string): string[] =>
  filesOf(home).flatMap((file) =>
    readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => line !== ''),
  )
const rotations = (home: string): number => filesOf(home).length - 1

test('a real log of both eras over three rotations: every line once', async () => {
  for (const { version, home, port, boxId, gateway } of eras) {
    await lab.collect(boxId)
    for (let knocks = 0; rotations(home) < 3 && knocks < 200; knocks++) {
      // Also while it is read.
      lab.collector.answered(boxId, 0)
      await knock(port)
      if (knocks % 10 === 9) await lab.collect(boxId)
    }
    await gateway.stop()
    await lab.collector.idle()
    await lab.collect(boxId)
    const written = rawLines(home)
    expect(rotations(home), version).toBeGreaterThanOrEqual(3)
    // The gateway drops what is older than five rotations; then this would count what is not there any more.
    expect(rotations(home), version).toBeLessThan(5)
    const read = await lab.records(boxId)
    const times = (each: readonly (number | null)[]) => [...each].sort((a, b) => Number(a) - Number(b))
    expect(times(read.map(({ rawAt }) => rawAt)), version).toEqual(
      times(written.map((line) => Date.parse((JSON.parse(line) as { time: string }).time))),
    )
    expect(new Set(read.map(({ kind }) => kind))).toEqual(new Set(['line']))
    process.stdout.write(`${version}: ${written.length} lines over ${rotations(home)} rotations, ${read.length} read\n`)
  }
}, 120_000)

test('of what a real gateway writes nothing is changed that is no secret', () => {
  for (const { version, home } of eras) {
    const written = rawLines(home)
    const changed = written.filter((line) => redactLine(line, '5c'.repeat(32)) !== line)
    expect(changed, version).toEqual([])
    expect(written.length).toBeGreaterThan(20)
  }
})
