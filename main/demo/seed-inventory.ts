import { DateTime } from 'luxon'
import type { BoxId, ClientId } from '../../shared/contract/index.ts'
import type { Engine } from '../engine/engine.ts'
import { ownSkillsPath } from './own-skills.ts'
import { seedLayers } from './seed-layers.ts'
import type { DemoBox } from './spec.ts'

type Client = Engine['client']

/** The demo asks nobody outside. Adds what is missing of the demo's clients and boxes, then accepts their keys and enrols those that are new. */
export async function seedInventory(
  client: Client,
  fleet: readonly DemoBox[],
  { keyPath, nowMs }: { keyPath: string; nowMs: number },
): Promise<void> {
  await client.app.setSettings({ askRegistry: false, askRemotes: false })
  const known = new Set((await client.inventory.boxes()).map(({ host }) => host))
  const added: BoxId[] = []
  for (const box of fleet) if (!known.has(box.box.host)) added.push(await addBox(client, box, keyPath, nowMs))
  await Promise.all(
    added.map(async (boxId) => {
      const { fingerprint } = await client.trust.offeredKey({ boxId })
      await client.trust.accept({ boxId, fingerprint })
      await client.trust.enrol({ boxId })
    }),
  )
  await seedLayers(client, { nowMs })
}

async function addBox(client: Client, demo: DemoBox, keyPath: string, nowMs: number): Promise<BoxId> {
  const clientId = demo.client ? await addClient(client, demo.client, nowMs) : null
  const { box } = await client.inventory.addBox({
    expectedOn: { kind: 'always' },
    ...demo.box,
    clientId,
    port: 22,
    auth: { kind: 'key', path: keyPath },
  })
  await client.inventory.saveNote({ boxId: box.boxId, clientId: null, text: demo.note })
  if (demo.ownSkills)
    await client.inventory.saveFolder({
      boxId: box.boxId,
      agentId: null,
      name: 'skills',
      path: `~/${ownSkillsPath}`,
      remote: '',
      branch: 'main',
    })
  return box.boxId
}

async function addClient(client: Client, demo: NonNullable<DemoBox['client']>, nowMs: number): Promise<ClientId> {
  const { liveForDays, workflows, ...fields } = demo
  const added = await client.inventory.addClient({
    ...fields,
    hours: [1, 2, 3, 4, 5].map((weekday) => ({ weekday, fromMinute: 540, toMinute: 1020 })),
    hoursAssumed: false,
    goLiveOn: DateTime.fromMillis(nowMs, { zone: demo.timeZone }).minus({ days: liveForDays }).toISODate() ?? '',
  })
  const { clientId } = added.client
  for (const workflow of workflows) await client.inventory.saveWorkflow({ clientId, ...workflow })
  return clientId
}
