import { table } from './print.ts'
import type { Session } from './session.ts'
import { exit } from './shapes.ts'

export interface ClientAddOptions {
  readonly name: string
  readonly niche?: string
  readonly region?: string
  readonly timeZone?: string
}

export async function addClient({ client: engine, print }: Session, options: ClientAddOptions): Promise<number> {
  const { name, niche, region, timeZone } = options
  const { client, sentence } = await engine.inventory.addClient({
    name,
    ...(niche === undefined ? {} : { niche }),
    ...(region === undefined ? {} : { region }),
    ...(timeZone === undefined ? {} : { timeZone }),
  })
  print.answer('client add', client, [sentence])
  return exit.ok
}

export async function listClients({ client: engine, print }: Session): Promise<number> {
  const clients = await engine.inventory.clients()
  const rows = clients.map((client) => [client.name, client.niche, client.region, client.timeZone, client.goLiveOn])
  print.answer(
    'client list',
    clients,
    clients.length === 0 ? ['No clients yet.'] : table(['NAME', 'NICHE', 'REGION', 'TIME ZONE', 'GO-LIVE'], rows),
  )
  return exit.ok
}
