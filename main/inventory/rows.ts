import { fixedKind } from '../../shared/channels.ts'
import type {
  Agent,
  Auth,
  BoxFields,
  BoxId,
  Channel,
  ChannelId,
  ChannelKind,
  Client,
  ClientFields,
  ClientSpan,
  Handle,
  Note,
  TrackedFolder,
  Workflow,
} from '../../shared/contract/index.ts'
import type { Db } from '../store/store.ts'
import type { StoredBox } from './inventory.ts'

interface ClientRow {
  client_id: string
  name: string
  niche: string
  region: string
  time_zone: string
  hours: string
  hours_assumed: number
  stated_holidays: string
  contacts: string
  human_fallback: string
  go_live_on: string
  handles: string
  amber_days: number | null
  red_days: number | null
  created_at_ms: number
}

interface BoxRow {
  box_id: string
  name: string
  client_id: string | null
  host: string
  port: number
  user: string
  auth: string
  hops: string
  ring: string
  expected_on: string
  jump_only: number
  keep_alive_s: number | null
  launcher: string | null
  created_at_ms: number
}

const toClient = (row: ClientRow): Client => ({
  clientId: row.client_id as Client['clientId'],
  name: row.name,
  niche: row.niche,
  region: row.region,
  timeZone: row.time_zone,
  hours: JSON.parse(row.hours) as ClientFields['hours'],
  hoursAssumed: row.hours_assumed === 1,
  statedHolidays: JSON.parse(row.stated_holidays) as ClientFields['statedHolidays'],
  contacts: JSON.parse(row.contacts) as ClientFields['contacts'],
  humanFallback: row.human_fallback,
  goLiveOn: row.go_live_on,
  handles: JSON.parse(row.handles) as Handle[],
  amberDays: row.amber_days,
  redDays: row.red_days,
  createdAtMs: row.created_at_ms,
})

const fromClient = (client: Client) => ({
  ...client,
  hours: JSON.stringify(client.hours),
  hoursAssumed: client.hoursAssumed ? 1 : 0,
  statedHolidays: JSON.stringify(client.statedHolidays),
  contacts: JSON.stringify(client.contacts),
  handles: JSON.stringify(client.handles),
})

const toBox = (row: BoxRow): StoredBox => ({
  boxId: row.box_id as BoxId,
  name: row.name,
  clientId: row.client_id as StoredBox['clientId'],
  host: row.host,
  port: row.port,
  user: row.user,
  auth: JSON.parse(row.auth) as Auth,
  hops: JSON.parse(row.hops) as BoxId[],
  ring: row.ring as BoxFields['ring'],
  expectedOn: JSON.parse(row.expected_on) as BoxFields['expectedOn'],
  jumpOnly: row.jump_only === 1,
  keepAliveS: row.keep_alive_s,
  launcher: row.launcher,
  createdAtMs: row.created_at_ms,
})

const fromBox = ({ launcher: _launcher, ...box }: StoredBox) => ({
  ...box,
  auth: JSON.stringify(box.auth),
  hops: JSON.stringify(box.hops),
  expectedOn: JSON.stringify(box.expectedOn),
  jumpOnly: box.jumpOnly ? 1 : 0,
})

/** Clients that are not removed, in order of their names. */
export function clientRows(db: Db) {
  const columns = `client_id, name, niche, region, time_zone, hours, hours_assumed, stated_holidays, contacts,
    human_fallback, go_live_on, handles, amber_days, red_days, created_at_ms`
  const all = db.prepare<[], ClientRow>(
    `select ${columns} from client where removed_at_ms is null order by name, client_id`,
  )
  const one = db.prepare<[string], ClientRow>(
    `select ${columns} from client where client_id = ? and removed_at_ms is null`,
  )
  const put = db.prepare<[ReturnType<typeof fromClient>]>(
    `insert into client (${columns})
     values (:clientId, :name, :niche, :region, :timeZone, :hours, :hoursAssumed, :statedHolidays, :contacts,
       :humanFallback, :goLiveOn, :handles, :amberDays, :redDays, :createdAtMs)
     on conflict (client_id) do update set name = :name, niche = :niche, region = :region, time_zone = :timeZone,
       hours = :hours, hours_assumed = :hoursAssumed, stated_holidays = :statedHolidays, contacts = :contacts,
       human_fallback = :humanFallback, go_live_on = :goLiveOn, handles = :handles, amber_days = :amberDays, red_days = :redDays`,
  )
  const mark = db.prepare<[number | null, string]>('update client set removed_at_ms = ? where client_id = ?')
  return {
    all: () => all.all().map(toClient),
    one: (clientId: string) => found(one.get(clientId), toClient),
    put: (client: Client) => put.run(fromClient(client)),
    /** `null` brings it back. */
    mark: (clientId: string, removedAtMs: number | null) => mark.run(removedAtMs, clientId),
  }
}

/** Boxes that are not removed, in order of their names. */
export function boxRows(db: Db) {
  const columns = `box_id, name, client_id, host, port, user, auth, hops, ring, expected_on, jump_only, keep_alive_s, launcher, created_at_ms`
  const all = db.prepare<[], BoxRow>(`select ${columns} from box where removed_at_ms is null order by name, box_id`)
  const one = db.prepare<[string], BoxRow>(`select ${columns} from box where box_id = ? and removed_at_ms is null`)
  const put = db.prepare<[ReturnType<typeof fromBox>]>(
    `insert into box (box_id, name, client_id, host, port, user, auth, hops, ring, expected_on, jump_only, keep_alive_s, created_at_ms)
     values (:boxId, :name, :clientId, :host, :port, :user, :auth, :hops, :ring, :expectedOn, :jumpOnly, :keepAliveS, :createdAtMs)
     on conflict (box_id) do update set name = :name, client_id = :clientId, host = :host, port = :port, user = :user,
       auth = :auth, hops = :hops, ring = :ring, expected_on = :expectedOn, jump_only = :jumpOnly, keep_alive_s = :keepAliveS`,
  )
  const mark = db.prepare<[number | null, string]>('update box set removed_at_ms = ? where box_id = ?')
  const setLauncher = db.prepare<[string | null, string]>('update box set launcher = ? where box_id = ?')
  const keyOf = db.prepare<[string], { fingerprint_key: string | null }>(
    'select fingerprint_key from box where box_id = ?',
  )
  const setKey = db.prepare<[string, string]>(
    'update box set fingerprint_key = ? where box_id = ? and fingerprint_key is null',
  )
  return {
    all: () => all.all().map(toBox),
    one: (boxId: string) => found(one.get(boxId), toBox),
    /** The launcher is not written here. */
    put: (box: StoredBox) => put.run(fromBox(box)),
    mark: (boxId: string, removedAtMs: number | null) => mark.run(removedAtMs, boxId),
    setLauncher: (boxId: string, launcher: string | null) => setLauncher.run(launcher, boxId),
    fingerprintKey: (boxId: string) => keyOf.get(boxId)?.fingerprint_key ?? null,
    keepFingerprintKey: (boxId: string, key: string) => setKey.run(key, boxId),
  }
}

/** Agents of boxes that are not removed. */
export function agentRows(db: Db) {
  const columns =
    'agent_id as agentId, agent.box_id as boxId, runtime, profile, state_dir as stateDir, first_seen_at_ms as firstSeenAtMs'
  const live = 'from agent join box using (box_id) where removed_at_ms is null'
  const all = db.prepare<[], Agent>(`select ${columns} ${live} order by box.name, profile, agent_id`)
  const ofBox = db.prepare<[string], Agent>(`select ${columns} ${live} and agent.box_id = ? order by profile, agent_id`)
  const at = db.prepare<[string, string], Agent>(`select ${columns} ${live} and agent.box_id = ? and state_dir = ?`)
  const add = db.prepare<[Agent]>(
    `insert into agent (agent_id, box_id, runtime, profile, state_dir, first_seen_at_ms)
     values (:agentId, :boxId, :runtime, :profile, :stateDir, :firstSeenAtMs)`,
  )
  const rename = db.prepare<[string, string]>('update agent set profile = ? where agent_id = ?')
  return {
    list: (boxId?: string) => (boxId === undefined ? all.all() : ofBox.all(boxId)),
    at: (boxId: string, stateDir: string) => at.get(boxId, stateDir) ?? null,
    add: (agent: Agent) => add.run(agent),
    rename: (agentId: string, profile: string) => rename.run(profile, agentId),
  }
}

type ChannelRow = Omit<Channel, 'seenNow'> & { seenNow: 0 | 1 }
const toChannel = (row: ChannelRow): Channel => ({
  ...row,
  kind: fixedKind(row.channel) ?? row.kind,
  seenNow: row.seenNow === 1,
})

/** Channel accounts of agents of boxes that are not removed. A kind that a channel always has stands above what its row says. */
export function channelRows(db: Db) {
  const columns = `channel_id as channelId, channel.agent_id as agentId, agent.box_id as boxId, channel, account, kind,
    channel.first_seen_at_ms as firstSeenAtMs, last_seen_at_ms as lastSeenAtMs, seen_now as seenNow`
  const from = 'from channel join agent using (agent_id) join box using (box_id)'
  const live = `${from} where channel.removed_at_ms is null and box.removed_at_ms is null`
  const list = db.prepare<[{ boxId: string | null }], ChannelRow>(
    `select ${columns} ${live} and (:boxId is null or agent.box_id = :boxId)
     order by box.name, profile, agent.agent_id, channel, account`,
  )
  const one = db.prepare<[string], ChannelRow>(`select ${columns} ${live} and channel_id = ?`)
  const ofAgent = db.prepare<[string], ChannelRow>(`select ${columns} ${from} where channel.agent_id = ?`)
  const add = db.prepare<[{ channelId: string; agentId: string; channel: string; account: string; atMs: number }]>(
    `insert into channel (channel_id, agent_id, channel, account, seen_now, first_seen_at_ms, last_seen_at_ms)
     values (:channelId, :agentId, :channel, :account, 1, :atMs, :atMs)`,
  )
  const seen = db.prepare<[number, string]>(
    `update channel set seen_now = 1, last_seen_at_ms = ?, kind = iif(removed_at_ms is null, kind, null), removed_at_ms = null
     where channel_id = ?`,
  )
  const notSeen = db.prepare<[string]>('update channel set seen_now = 0 where channel_id = ?')
  const dropUnsaid = db.prepare<[{ agentId: string; kept: number }]>(
    `delete from channel where channel_id in (
       select channel_id from channel where agent_id = :agentId and seen_now = 0 and kind is null
       order by last_seen_at_ms desc, channel_id limit -1 offset :kept)`,
  )
  const setKind = db.prepare<[ChannelKind | null, string]>('update channel set kind = ? where channel_id = ?')
  const mark = db.prepare<[number | null, string]>('update channel set removed_at_ms = ? where channel_id = ?')
  return {
    list: (boxId?: string) => list.all({ boxId: boxId ?? null }).map(toChannel),
    one: (channelId: string) => found(one.get(channelId), toChannel),
    /** Removed ones too: one that is seen again keeps its id. */
    ofAgent: (agentId: string) => ofAgent.all(agentId).map(toChannel),
    add: (channel: { channelId: ChannelId; agentId: string; channel: string; account: string; atMs: number }) =>
      add.run(channel),
    /** One that was removed is back, and what was said of it then is forgotten. */
    seen: (channelId: string, atMs: number) => seen.run(atMs, channelId),
    notSeen: (channelId: string) => notSeen.run(channelId),
    /** Forgets gone ones nobody said a kind of, but for the `kept` seen last. */
    dropUnsaid: (agentId: string, kept: number) => dropUnsaid.run({ agentId, kept }),
    setKind: (channelId: string, kind: ChannelKind | null) => setKind.run(kind, channelId),
    mark: (channelId: string, removedAtMs: number | null) => mark.run(removedAtMs, channelId),
  }
}

export function workflowRows(db: Db) {
  const columns = 'workflow_id as workflowId, workflow.client_id as clientId, workflow.name, description'
  const live =
    'from workflow join client using (client_id) where workflow.removed_at_ms is null and client.removed_at_ms is null'
  const list = db.prepare<[{ clientId: string | null }], Workflow>(
    `select ${columns} ${live} and (:clientId is null or client_id = :clientId) order by client.name, workflow.name`,
  )
  const one = db.prepare<[string], Workflow>(`select ${columns} ${live} and workflow_id = ?`)
  const put = db.prepare<[Workflow]>(
    `insert into workflow (workflow_id, client_id, name, description) values (:workflowId, :clientId, :name, :description)
     on conflict (workflow_id) do update set client_id = :clientId, name = :name, description = :description`,
  )
  const mark = db.prepare<[number | null, string]>('update workflow set removed_at_ms = ? where workflow_id = ?')
  return {
    list: (clientId?: string) => list.all({ clientId: clientId ?? null }),
    one: (workflowId: string) => one.get(workflowId) ?? null,
    put: (workflow: Workflow) => put.run(workflow),
    mark: (workflowId: string, removedAtMs: number | null) => mark.run(removedAtMs, workflowId),
  }
}

export function noteRows(db: Db) {
  const columns = 'note_id as noteId, box_id as boxId, client_id as clientId, text, updated_at_ms as updatedAtMs'
  const list = db.prepare<[{ boxId: string | null; clientId: string | null }], Note>(
    `select ${columns} from note where removed_at_ms is null
       and (:boxId is null or box_id = :boxId) and (:clientId is null or client_id = :clientId) order by updated_at_ms desc, note_id`,
  )
  const one = db.prepare<[string], Note>(`select ${columns} from note where removed_at_ms is null and note_id = ?`)
  const put = db.prepare<[Note]>(
    `insert into note (note_id, box_id, client_id, text, updated_at_ms) values (:noteId, :boxId, :clientId, :text, :updatedAtMs)
     on conflict (note_id) do update set box_id = :boxId, client_id = :clientId, text = :text, updated_at_ms = :updatedAtMs`,
  )
  const mark = db.prepare<[number | null, string]>('update note set removed_at_ms = ? where note_id = ?')
  return {
    list: (boxId?: string, clientId?: string) => list.all({ boxId: boxId ?? null, clientId: clientId ?? null }),
    one: (noteId: string) => one.get(noteId) ?? null,
    put: (note: Note) => put.run(note),
    mark: (noteId: string, removedAtMs: number | null) => mark.run(removedAtMs, noteId),
  }
}

/** Pauses and holds of clients that are not removed. */
export function clientSpanRows(db: Db) {
  const columns =
    'span_id as spanId, client_id as clientId, kind, from_ms as fromMs, until_ms as untilMs, reason, set_at_ms as setAtMs'
  const live = `from client_span join client using (client_id)
     where removed_at_ms is null and ended_at_ms is null and until_ms > :atMs`
  const list = db.prepare<[{ clientId: string | null; atMs: number }], ClientSpan>(
    `select ${columns} ${live} and (:clientId is null or client_id = :clientId) order by from_ms, span_id`,
  )
  const one = db.prepare<[{ spanId: string; atMs: number }], ClientSpan>(
    `select ${columns} ${live} and span_id = :spanId`,
  )
  const ever = db.prepare<[string, string], { fromMs: number; toMs: number }>(
    `select from_ms as fromMs, min(until_ms, coalesce(ended_at_ms, until_ms)) as toMs from client_span
     where client_id = ? and kind = ? and coalesce(ended_at_ms, until_ms) > from_ms order by from_ms`,
  )
  const add = db.prepare<[ClientSpan]>(
    `insert into client_span (span_id, client_id, kind, from_ms, until_ms, reason, set_at_ms)
     values (:spanId, :clientId, :kind, :fromMs, :untilMs, :reason, :setAtMs)`,
  )
  const end = db.prepare<[number | null, string]>('update client_span set ended_at_ms = ? where span_id = ?')
  return {
    /** Not over at `atMs`, by their begin. */
    all: (atMs: number) => list.all({ clientId: null, atMs }),
    of: (clientId: string, atMs: number) => list.all({ clientId, atMs }),
    one: (spanId: string, atMs: number) => one.get({ spanId, atMs }) ?? null,
    ever: (clientId: string, kind: ClientSpan['kind']) => ever.all(clientId, kind),
    add: (span: ClientSpan) => add.run(span),
    /** `null`: not ended by hand after all. */
    end: (spanId: string, endedAtMs: number | null) => end.run(endedAtMs, spanId),
  }
}

/** Tracked folders of boxes that are not removed. */
export function folderRows(db: Db) {
  const columns =
    'folder_id as folderId, folder.box_id as boxId, agent_id as agentId, folder.name, path, remote, branch'
  const live =
    'from tracked_folder folder join box using (box_id) where folder.removed_at_ms is null and box.removed_at_ms is null'
  const list = db.prepare<[{ boxId: string | null }], TrackedFolder>(
    `select ${columns} ${live} and (:boxId is null or folder.box_id = :boxId) order by box.name, folder.name`,
  )
  const one = db.prepare<[string], TrackedFolder>(`select ${columns} ${live} and folder_id = ?`)
  const put = db.prepare<[TrackedFolder]>(
    `insert into tracked_folder (folder_id, box_id, agent_id, name, path, remote, branch)
     values (:folderId, :boxId, :agentId, :name, :path, :remote, :branch)
     on conflict (folder_id) do update set box_id = :boxId, agent_id = :agentId, name = :name, path = :path,
       remote = :remote, branch = :branch, removed_at_ms = null`,
  )
  const mark = db.prepare<[number | null, string]>('update tracked_folder set removed_at_ms = ? where folder_id = ?')
  return {
    list: (boxId?: string) => list.all({ boxId: boxId ?? null }),
    one: (folderId: string) => one.get(folderId) ?? null,
    put: (folder: TrackedFolder) => put.run(folder),
    mark: (folderId: string, removedAtMs: number | null) => mark.run(removedAtMs, folderId),
  }
}

export function testHandleRows(db: Db) {
  const all = db.prepare<[], { handle: string }>('select handle from test_handle order by position')
  const clear = db.prepare('delete from test_handle')
  const add = db.prepare<[number, string]>('insert into test_handle (position, handle) values (?, ?)')
  return {
    all: () => all.all().map((row) => JSON.parse(row.handle) as Handle),
    replace: (handles: readonly Handle[]) => {
      clear.run()
      for (const [position, handle] of handles.entries()) add.run(position, JSON.stringify(handle))
    },
  }
}

const found = <R, T>(row: R | undefined, to: (row: R) => T): T | null => (row === undefined ? null : to(row))
