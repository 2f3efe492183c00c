import type { ClientId, ClientSpan } from '../../shared/contract/index.ts'
import { dateWords } from '../base/words.ts'
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
  const [clients, spans] = await Promise.all([engine.inventory.clients(), engine.inventory.clientSpans({})])
  const first = (clientId: ClientId, kind: ClientSpan['kind']) =>
    spans.find((span) => span.clientId === clientId && span.kind === kind) ?? null
  const found = clients.map((client) => ({
    ...client,
    pause: first(client.clientId, 'pause'),
    hold: first(client.clientId, 'hold'),
  }))
  const rows = found.map(({ pause, hold, ...client }) => [
    client.name,
    client.niche,
    client.region,
    client.timeZone,
    client.goLiveOn,
    [
      ...(pause ? [`paused ${dateWords(pause.fromMs)} to ${dateWords(pause.untilMs)}`] : []),
      ...(hold ? [`on hold until ${dateWords(hold.untilMs)}`] : []),
    ].join(', '),
  ])
  const header = ['NAME', 'NICHE', 'REGION', 'TIME ZONE', 'GO-LIVE', 'WAITS']
  print.answer('client list', found, found.length === 0 ? ['No clients yet.'] : table(header, rows))
  return exit.ok
}
