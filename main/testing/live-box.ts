import { mkdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import path from 'node:path'
import { endProcesses } from './box-processes.ts'
import { makeOpenclawHome, startGateway } from './openclaw.ts'
import type { RunMachine } from './run-lab.ts'
import { startSshdBox } from './sshd-box.ts'

export type LiveBox = RunMachine & {
  /** Of its gateway. */
  readonly port: number
}

/**
 * A real sshd box with a real OpenClaw, wherever that lies, whose gateway was started by hand.
 *
 * @param options.env of what runs over ssh there.
 */
export async function liveBox(
  home: string,
  entry: string,
  options: { settings?: Record<string, unknown>; env?: Readonly<Record<string, string>> } = {},
): Promise<LiveBox> {
  const bin = path.join(home, 'bin')
  mkdirSync(bin)
  symlinkSync(process.execPath, path.join(bin, 'node'))
  symlinkSync(path.relative(bin, entry), path.join(bin, 'openclaw'))
  const port = await makeOpenclawHome(home, options.settings)
  const gateway = await startGateway({ entry }, home, port)
  const sshd = await startSshdBox({ home, env: { PATH: `${bin}:/usr/bin:/bin`, ...options.env } })
  const configPath = path.join(home, '.openclaw', 'openclaw.json')
  return {
    sshd,
    home,
    entry,
    port,
    configPath,
    text: () => readFileSync(configPath, 'utf8'),
    async stop() {
      await gateway.kill()
      await sshd.stop()
      // A change may have started another.
      await endProcesses({ home })
      rmSync(home, { recursive: true, force: true })
    },
  }
}
