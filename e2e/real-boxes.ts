import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { testEngine } from '../main/testing/test-engine.ts'
import type { BoxId } from '../shared/contract/index.ts'
import { type AppOptions, launchApp, type RunningApp } from './app.ts'

interface RealBox {
  readonly name: string
  readonly clientName: string
  readonly host: string
  readonly port: number
  readonly user: string
  readonly keyPath: string
}

/** The window over boxes that really answer; their host keys are accepted before it opens. No sweep begins by itself. */
export async function launchWith(
  boxes: readonly RealBox[],
  options: Pick<AppOptions, 'engineInChild'> = {},
): Promise<RunningApp & { boxIds: readonly BoxId[] }> {
  const dataDir = mkdtempSync(path.join(os.tmpdir(), 'wheelhouse-e2e-'))
  const dropData = (): void => rmSync(dataDir, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
  try {
    const boxIds = await addBoxes(dataDir, boxes)
    const app = await launchApp({ dataDir, ...options })
    return {
      ...app,
      boxIds,
      async close() {
        await app.close()
        dropData()
      },
    }
  } catch (error) {
    dropData()
    throw error
  }
}

/** Puts them into the inventory of a new data folder, with their keys accepted. */
async function addBoxes(dataDir: string, boxes: readonly RealBox[]): Promise<BoxId[]> {
  const engine = await testEngine(dataDir, { host: 'cli' })
  const boxIds: BoxId[] = []
  try {
    await engine.client.app.setSettings({ lightSweepMinutes: 0 })
    for (const { name, clientName, keyPath, ...address } of boxes) {
      const { client } = await engine.client.inventory.addClient({ name: clientName })
      const { box } = await engine.client.inventory.addBox({
        name,
        clientId: client.clientId,
        auth: { kind: 'key', path: keyPath },
        ...address,
      })
      const { fingerprint } = await engine.client.trust.offeredKey({ boxId: box.boxId })
      await engine.client.trust.accept({ boxId: box.boxId, fingerprint })
      boxIds.push(box.boxId)
    }
    return boxIds
  } finally {
    await engine.close()
  }
}
