import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { type SshdFleet, startSshdFleet } from '../main/testing/sshd-box.ts'

/** Boxes with a small runtime each: its own config, command line and gateway. */
export interface PushFleet {
  readonly fleet: SshdFleet
  readonly stateDirOf: (home: string) => string
  /** How many boxes have this level in their config, read from the files. */
  have(level: string): number
  stop(): Promise<void>
}

/** Below the ports that a system hands out by itself. */
const firstPort = 20_000

/** The runtime's own commands: check a config, and say whether the channels run. Both ask what a real one asks, and little more. */
const runtime = `
import { readFileSync } from 'node:fs'
import http from 'node:http'
const say = (value) => process.stdout.write(JSON.stringify(value) + '\\n')
const config = () => JSON.parse(readFileSync(process.env.OPENCLAW_CONFIG_PATH ?? process.env.HOME + '/.openclaw/openclaw.json', 'utf8'))
const [area, verb] = process.argv.slice(2)
if (area === 'config' && verb === 'validate') {
  const { logging } = config()
  const valid = ['info', 'debug'].includes(logging.level)
  say(valid ? { valid } : { valid, issues: [{ path: 'logging.level', message: 'no such level' }] })
  process.exitCode = valid ? 0 : 1
} else if (area === 'channels') {
  const request = http.get({ host: '127.0.0.1', port: config().gateway.port, path: '/channels', agent: false }, (response) => response.pipe(process.stdout))
  request.on('error', () => { process.exitCode = 1 })
} else process.exitCode = 1
`

export async function startPushFleet(count: number): Promise<PushFleet> {
  const shared = mkdtempSync(path.join(os.tmpdir(), 'wheelhouse-bench-runtime-'))
  const install = path.join(shared, 'lib/node_modules/openclaw')
  const bin = path.join(shared, 'bin')
  mkdirSync(install, { recursive: true })
  mkdirSync(bin)
  writeFileSync(path.join(install, 'package.json'), JSON.stringify({ name: 'openclaw', version: '2026.9.6' }))
  const entry = path.join(install, 'openclaw.mjs')
  writeFileSync(entry, `#!/usr/bin/env node\n${runtime}`)
  chmodSync(entry, 0o755)
  symlinkSync(process.execPath, path.join(bin, 'node'))
  symlinkSync(entry, path.join(bin, 'openclaw'))
  const fleet = await startSshdFleet(count, { env: () => ({ PATH: `${bin}:/usr/bin:/bin` }) })
  const stateDirOf = (home: string) => path.join(home, '.openclaw')
  const configOf = (home: string) => path.join(stateDirOf(home), 'openclaw.json')
  for (const [at, { home }] of fleet.boxes.entries()) {
    mkdirSync(stateDirOf(home), { recursive: true, mode: 0o700 })
    const config = {
      gateway: { port: firstPort + at, auth: { token: `token-of-box-${at}-for-nobody` } },
      channels: { telegram: { enabled: true, dmPolicy: 'allowlist', allowFrom: ['111222333'] } },
      logging: { level: 'info' },
    }
    writeFileSync(configOf(home), `${JSON.stringify(config, null, 2)}\n`, { mode: 0o600 })
  }
  const gateways = await startGateways(fleet)
  return {
    fleet,
    stateDirOf,
    have: (level) =>
      fleet.boxes.filter(({ home }) => JSON.parse(readFileSync(configOf(home), 'utf8')).logging.level === level).length,
    async stop() {
      gateways.kill('SIGKILL')
      await fleet.stop()
      rmSync(shared, { recursive: true, force: true })
    },
  }
}

async function startGateways({ boxes }: SshdFleet): Promise<ChildProcess> {
  const child = fork(path.join(import.meta.dirname, 'push-gateways.mjs'))
  child.send({ homes: boxes.map(({ home }) => home) })
  const gone = once(child, 'exit').then(([code]) => Promise.reject(new Error(`the gateways ended with ${code}`)))
  await Promise.race([once(child, 'message'), gone])
  gone.catch(() => {})
  return child
}
