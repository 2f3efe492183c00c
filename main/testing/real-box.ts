import { mkdirSync, symlinkSync } from 'node:fs'
import path from 'node:path'
import type { BoxFields, BoxId } from '../../shared/contract/index.ts'
import type { Engine } from '../engine/engine.ts'
import { makeOpenclawHome } from './openclaw.ts'
import { startSshdBox } from './sshd-box.ts'

/** A real sshd box with a real OpenClaw home, pinned in an engine's inventory. */
export interface RealBox {
  readonly name: string
  readonly home: string
  /** Of its gateway. */
  readonly port: number
  readonly entry: string
  readonly boxId: BoxId
  stop(): Promise<void>
}

/** Makes a box below `homes` and adds it. Its PATH has `node` and `openclaw`, as after a global install. */
export async function startRealBox(
  engine: Engine,
  homes: string,
  box: { name: string; entry: string; settings: Record<string, unknown>; fields?: Partial<BoxFields> },
): Promise<RealBox> {
  const home = path.join(homes, box.name)
  mkdirSync(home, { recursive: true })
  const port = await makeOpenclawHome(home, box.settings)
  const sshd = await startSshdBox({ home, env: { PATH: `${binFolder(home, box.entry)}:/usr/bin:/bin` } })
  const added = await engine.client.inventory.addBox({
    name: box.name,
    host: sshd.host,
    port: sshd.port,
    user: sshd.user,
    auth: { kind: 'key', path: sshd.keyPath },
    ...box.fields,
  })
  const { boxId } = added.box
  const { fingerprint } = await engine.client.trust.offeredKey({ boxId })
  await engine.client.trust.accept({ boxId, fingerprint })
  return { name: box.name, home, port, entry: box.entry, boxId, stop: () => sshd.stop() }
}

function binFolder(home: string, entry: string): string {
  const bin = path.join(home, 'bin')
  mkdirSync(bin, { recursive: true })
  symlinkSync(process.execPath, path.join(bin, 'node'))
  symlinkSync(entry, path.join(bin, 'openclaw'))
  return bin
}
