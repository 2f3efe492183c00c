import { mkdirSync, readFileSync, symlinkSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import path from 'node:path'
import type { SettingChange } from '../../shared/contract/index.ts'
import { readLoadedConfig } from '../runtimes/openclaw/read-state.ts'
import { sha256OfFile } from '../runtimes/runtimes.ts'
import { markerOf } from './faulty-apply.ts'
import { makeOpenclawHome, type OpenclawInstall, type RunningGateway, startGateway } from './openclaw.ts'
import { startSshdBox } from './sshd-box.ts'
import { tempDir } from './temp-store.ts'

/** A real sshd box with a real OpenClaw whose gateway runs, kept through many changes. */
export async function startRealFaultyBox(install: OpenclawInstall) {
  const home = path.join(tempDir(), 'home')
  mkdirSync(path.join(home, 'bin'), { recursive: true })
  const port = await makeOpenclawHome(home)
  symlinkSync(process.execPath, path.join(home, 'bin', 'node'))
  symlinkSync(install.entry, path.join(home, 'bin', 'openclaw'))
  const sshd = await startSshdBox({ home, env: { PATH: `${home}/bin:/usr/bin:/bin` } })
  const stateDir = path.join(home, '.openclaw')
  const configPath = path.join(stateDir, 'openclaw.json')
  let gateway: RunningGateway = await startGateway(install, home, port)
  let taken: Server | null = null
  const text = () => readFileSync(configPath, 'utf8')
  const mend = async (): Promise<void> => {
    const server = taken
    if (server === null) return
    taken = null
    await new Promise((resolve) => server.close(resolve))
    gateway = await startGateway(install, home, port)
  }
  return {
    sshd,
    home,
    stateDir,
    configPath,
    port,
    text,
    gatewayPid: () => gateway.pid,
    /** The gateway ends, and none starts: somebody else has its port. */
    async refuse(): Promise<void> {
      await gateway.kill()
      const server = createServer((socket) => socket.destroy())
      await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve))
      taken = server
    },
    /** The port is free again, and the gateway is started, as by the system's service manager. */
    mend,
    /** Mends it as soon as the old config is back; the answer ends the wait for that. */
    mendOnceBack(before: string): () => void {
      const look = setInterval(() => {
        if (markerOf({ home }) !== 'reverting' || text() !== before) return
        clearInterval(look)
        void mend()
      }, 50)
      return () => clearInterval(look)
    },
    /** Whether the gateway is ready and uses the config that is there. */
    async isWhole(): Promise<boolean> {
      const answer = await fetch(`http://127.0.0.1:${port}/readyz`, { signal: AbortSignal.timeout(5000) })
      const { ready } = (await answer.json()) as { ready?: boolean }
      return ready === true && readLoadedConfig(stateDir, configPath)?.sha256 === sha256OfFile(configPath)
    },
    async stop() {
      taken?.close()
      await gateway.kill()
      await sshd.stop()
    },
  }
}
export type RealFaultyBox = Awaited<ReturnType<typeof startRealFaultyBox>>

/** Another level than the config has: no cell has to begin where another did. */
export function otherLevel({ text }: Pick<RealFaultyBox, 'text'>): { change: SettingChange[]; after: string } {
  const config = JSON.parse(text())
  const level = config.logging.level === 'debug' ? 'info' : 'debug'
  const after = { ...config, logging: { ...config.logging, level } }
  return { change: [{ path: ['logging', 'level'], set: level }], after: `${JSON.stringify(after, null, 2)}\n` }
}
