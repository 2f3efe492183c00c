import path from 'node:path'
import type { Box, BoxFields, OfferedKey } from '../../shared/contract/index.ts'
import { table } from './print.ts'
import { byName, type EngineClient, faultOf, isUnreachable, type Session } from './session.ts'
import { exit } from './shapes.ts'

export interface BoxAddOptions {
  readonly name: string
  readonly host: string
  readonly port: number
  readonly user?: string
  readonly key?: string
  readonly client?: string
  readonly acceptHostKey?: string
}

/**
 * Adds a machine, pins its host key and enrols it. Without an accepted fingerprint it only shows the one offered and
 * leaves nothing behind; so does a machine that cannot be reached.
 */
export async function addBox(session: Session, options: BoxAddOptions): Promise<number> {
  const { client: engine, print } = session
  const { box, takeBack } = await findOrAdd(engine, options)
  let offered: OfferedKey
  try {
    offered = await engine.trust.offeredKey({ boxId: box.boxId })
  } catch (error) {
    await takeBack()
    const fault = faultOf(error)
    if (fault && isUnreachable(fault)) print.say('Nothing was added.')
    throw error
  }
  const { boxId: _boxId, ...offeredKey } = offered
  if (options.acceptHostKey !== offered.fingerprint) {
    await takeBack()
    const lines = [`${box.name} shows the ${offered.algorithm} key ${offered.fingerprint}.`]
    if (options.acceptHostKey === undefined)
      lines.push(`Compare it with the machine itself, then add it with --accept-host-key ${offered.fingerprint}`)
    else lines.push(`That is not the accepted ${options.acceptHostKey}. Nothing was added.`)
    print.answer('box add', { box: null, offeredKey, accepted: false, enrolled: false, steps: [] }, lines)
    return exit.keyNotAccepted
  }
  await engine.trust.accept({ boxId: box.boxId, fingerprint: offered.fingerprint })
  const { steps, enrolled } = await engine.trust.enrol({ boxId: box.boxId })
  const boxes = await engine.inventory.boxes()
  print.answer('box add', { box: byName(boxes, box.name, 'machine'), offeredKey, accepted: true, enrolled, steps }, [
    `${box.name} was added and its key ${offered.fingerprint} pinned.`,
    ...steps.map((step) => `  ${step.state.padEnd(8)}${step.step}  ${step.detail}`.trimEnd()),
    enrolled ? 'It is enrolled.' : 'It is not enrolled yet: the step above failed.',
  ])
  return enrolled ? exit.ok : exit.someNotReached
}

/**
 * A machine that is here under that name and address and was never enrolled is the one meant: it was imported, or its
 * enrolment failed. Its user and key become the ones given now, and so does its client.
 */
async function findOrAdd(
  engine: EngineClient,
  options: BoxAddOptions,
): Promise<{ box: Box; takeBack: () => Promise<void> }> {
  const { name, host, port, user, key } = options
  const same = (await engine.inventory.boxes()).find((box) => box.name.toLowerCase() === name.toLowerCase())
  const clientId =
    options.client === undefined ? null : byName(await engine.inventory.clients(), options.client, 'client').clientId
  const given: Partial<BoxFields> = {
    ...(user === undefined ? {} : { user }),
    // The window works in another folder.
    ...(key === undefined ? {} : { auth: { kind: 'key', path: key.startsWith('~') ? key : path.resolve(key) } }),
    ...(clientId === null ? {} : { clientId }),
  }
  if (same && same.host === host && same.port === port && same.launcher === null) {
    if (Object.keys(given).length === 0) return { box: same, takeBack: async () => {} }
    const { box, undoId } = await engine.inventory.editBox({ boxId: same.boxId, fields: given })
    return { box, takeBack: async () => void (await engine.inventory.undo({ undoId })) }
  }
  const fields = { name, host, port, ...given }
  const { box, undoId } = await engine.inventory.addBox(fields)
  return { box, takeBack: async () => void (await engine.inventory.undo({ undoId })) }
}

export async function listBoxes({ client: engine, print }: Session): Promise<number> {
  const [boxes, clients, agents] = await Promise.all([
    engine.inventory.boxes(),
    engine.inventory.clients(),
    engine.inventory.agents({}),
  ])
  const listed = boxes.map((box) => ({
    ...box,
    clientName: clients.find((client) => client.clientId === box.clientId)?.name ?? null,
    agents: agents.filter((agent) => agent.boxId === box.boxId),
  }))
  const rows = listed.map((box) => [
    box.name,
    box.clientName ?? '',
    `${box.user}@${box.host}:${box.port}`,
    box.pinned ?? 'no key accepted',
    box.launcher === null ? 'not enrolled' : 'enrolled',
  ])
  print.answer(
    'box list',
    listed,
    boxes.length === 0 ? ['No machines yet.'] : table(['NAME', 'CLIENT', 'ADDRESS', 'HOST KEY', 'STATE'], rows),
  )
  return exit.ok
}
