import {
  type Agent,
  type ComparedLine,
  PatchContent,
  PatchName,
  type SnapshotComparison,
  type SnapshotSummary,
} from '../../shared/contract/index.ts'
import { FaultError } from '../base/fault-error.ts'
import { dateWords } from '../base/words.ts'
import { layerOf } from './overlay-command.ts'
import { linesOf, localAuthor } from './patch-command.ts'
import { table } from './print.ts'
import { byName, type EngineClient, type Session } from './session.ts'
import { exit } from './shapes.ts'

const invalid = (field: string, detail: string): FaultError => new FaultError({ code: 'invalid-input', field, detail })

export interface SnapshotOptions {
  readonly box: string
  readonly profile?: string
  readonly note: string
}

export interface FromLabOptions extends Omit<SnapshotOptions, 'note'> {
  readonly name: string
  readonly why: string
  readonly since?: string
  readonly layer?: string
  readonly leaveOut?: readonly string[]
  readonly also?: readonly string[]
  readonly link?: string
  readonly author?: string
}

async function agentOn(
  engine: EngineClient,
  { box, profile }: Pick<SnapshotOptions, 'box' | 'profile'>,
): Promise<Agent> {
  const { boxId } = byName(await engine.inventory.boxes(), box, 'machine')
  const agents = (await engine.inventory.agents({ boxId })).map((agent) => ({ ...agent, name: agent.profile }))
  if (profile !== undefined) return byName(agents, profile, `agent on ${box}`)
  const [only] = agents
  if (only === undefined) throw new FaultError({ code: 'not-found', what: `agent on ${box}: sweep it first` })
  if (agents.length > 1)
    throw invalid('--profile', `${box} has ${agents.map(({ profile: one }) => one).join(' and ')}: say which.`)
  return only
}

const readWords = ({ version, settings, files, folders }: SnapshotSummary): string =>
  [
    version || 'runtime not read',
    settings === null ? 'settings not read' : `${settings} settings`,
    files === null ? 'files not read' : `${files} files`,
    `${folders} tracked folders`,
  ].join(', ')

/** Asks a machine for all that a patch could carry from it, and keeps the answer. */
export async function takeSnapshot({ client: engine, print }: Session, options: SnapshotOptions): Promise<number> {
  const { agentId } = await agentOn(engine, options)
  const { snapshot, sentence } = await engine.snapshot.take({ agentId, note: options.note })
  print.say(sentence)
  print.answer('patch snapshot', snapshot, [`${snapshot.snapshotId}  ${readWords(snapshot)}`])
  return exit.ok
}

export async function listSnapshots({ client: engine, print }: Session, { box }: { box?: string }): Promise<number> {
  const { boxId } = box === undefined ? {} : byName(await engine.inventory.boxes(), box, 'machine')
  const snapshots = await engine.snapshot.list(boxId === undefined ? {} : { boxId })
  const rows = snapshots.map((each) => [
    each.snapshotId,
    each.boxName,
    each.profile,
    dateWords(each.atMs),
    each.how,
    readWords(each),
    each.note,
  ])
  print.answer('patch snapshots', snapshots, table(['SNAPSHOT', 'MACHINE', 'AGENT', 'AT', 'HOW', 'READ', 'NOTE'], rows))
  return exit.ok
}

async function sinceOf(
  engine: EngineClient,
  { agentId, boxId }: Agent,
  { since, box }: FromLabOptions,
): Promise<SnapshotSummary> {
  const own = (await engine.snapshot.list({ boxId })).filter((one) => one.agentId === agentId)
  const found = own.find((one) => (since === undefined ? one.how === 'taken' : one.snapshotId === since))
  if (found !== undefined) return found
  const what = since === undefined ? `snapshot of ${box}: take one with patch snapshot` : `snapshot ${since} of ${box}`
  throw new FaultError({ code: 'not-found', what })
}

/** The lines that are in the patch. @throws FaultError `invalid-input` for a name that no difference has. */
function chosenOf({ lines }: SnapshotComparison, { leaveOut = [], also = [] }: FromLabOptions): ComparedLine[] {
  const unknown = [...leaveOut, ...also].find((name) => !lines.some((line) => line.name === name))
  if (unknown !== undefined) throw invalid(unknown, 'No difference that a patch can carry has this name.')
  return lines.map((line) => ({
    ...line,
    chosen: !leaveOut.includes(line.name) && (line.chosen || also.includes(line.name)),
  }))
}

const sideWords = (value: string | null): string => value ?? 'nothing'
const lineWords = ({ chosen, kind, name, before, after, note }: ComparedLine): string =>
  `${chosen ? '' : 'Not in it: '}${kind} ${name}: ${sideWords(before)} → ${sideWords(after)}${note === '' ? '' : `  (${note})`}`

/** Asks the machine again, and makes a patch of what differs from a snapshot of before. */
export async function patchFromLab({ client: engine, print }: Session, options: FromLabOptions): Promise<number> {
  const name = PatchName.safeParse(options.name)
  if (!name.success) throw invalid('--name', name.error.issues[0]?.message ?? '')
  const why = PatchContent.shape.why.safeParse({ text: options.why, link: options.link ?? '' })
  if (!why.success) throw invalid('--why', why.error.issues[0]?.message ?? '')
  const wanted = options.layer === undefined ? null : await layerOf(engine, options.layer)
  const agent = await agentOn(engine, options)
  const since = await sinceOf(engine, agent, options)

  const compared = await engine.snapshot.compare({ snapshotId: since.snapshotId })
  for (const { name: what, why: because } of compared.leftOut) print.say(`Left out: ${what}. ${because}`)
  const lines = chosenOf(compared, options)
  for (const line of lines) print.say(lineWords(line))
  const lineIds = lines.filter(({ chosen }) => chosen).map(({ lineId }) => lineId)
  if (lineIds.length === 0)
    throw invalid(
      options.box,
      `Nothing that a patch carries differs from its snapshot of ${dateWords(since.atMs)}${lines.length > 0 ? ', but for what is not in it' : ''}.`,
    )
  const picked = { snapshotId: compared.after.snapshotId, layer: wanted ?? compared.layer, lineIds }
  const { hash, problems, remarks } = await engine.snapshot.preview(picked)
  for (const { lineId, words } of [...problems, ...remarks]) print.say(`${lineId ?? 'Patch'}: ${words}`)
  const author = options.author ?? localAuthor()
  const { patch, sentence } = await engine.snapshot.save({ ...picked, hash, name: name.data, why: why.data, author })
  print.say(sentence)
  print.answer('patch from-lab', { comparison: { ...compared, lines }, patch }, linesOf(patch))
  return exit.ok
}
