import { doorName, kindWords } from '../../shared/channels.ts'
import {
  type Agent,
  type ApplyJob,
  type BoxId,
  type RuleCheck,
  type RuleFix,
  RuleId,
  type RuleVerdict,
} from '../../shared/contract/index.ts'
import { FaultError } from '../base/fault-error.ts'
import { dateWords } from '../base/words.ts'
import { table } from './print.ts'
import { byName, chosenBoxes, type EngineClient, type Session } from './session.ts'
import { exit } from './shapes.ts'

/** Who can make each agent speak, worst first, as the machines were read last. */
export async function access({ client: engine, print }: Session, options: { box?: string }): Promise<number> {
  const boxes = new Set((await chosenBoxes(engine, options.box)).map(({ boxId }) => boxId))
  const page = await engine.access.list()
  const rows = page.rows.filter(({ boxId }) => boxes.has(boxId))
  const cells = rows.map((row) => [
    row.state,
    row.clientName || row.boxName,
    doorName(row),
    row.answers,
    kindWords(row.kind),
    row.lastDays,
    dateWords(row.readAtMs),
  ])
  const header = ['STATE', 'CLIENT', 'CHANNEL', 'ANSWERS', 'KIND', 'LAST 7 DAYS', 'READ']
  print.answer('access', rows, rows.length === 0 ? ['No doors yet. Sweep first.'] : table(header, cells))
  for (const { boxId, boxName } of page.neverRead) if (boxes.has(boxId)) print.say(`${boxName} was never read.`)
  return exit.ok
}

const states: Record<RuleVerdict['state'], string> = { holds: 'holds', broken: 'BROKEN', unknown: 'can’t tell' }

/** The rules over each agent as it was read last; exit 5 where a lock is broken. */
export async function checkRules({ client: engine, print }: Session, options: { box?: string }): Promise<number> {
  const [box] = options.box === undefined ? [] : await chosenBoxes(engine, options.box)
  const [checks, rules] = await Promise.all([
    engine.rules.check(box ? { boxId: box.boxId } : {}),
    engine.rules.catalogue(),
  ])
  const known = new Map(rules.map((rule) => [rule.ruleId, rule]))
  const found = checks.map(({ verdicts, ...check }) => ({
    ...check,
    verdicts: verdicts.map((verdict) => ({ ...verdict, strength: known.get(verdict.ruleId)?.strength ?? 'lock' })),
  }))
  const name = (ruleId: RuleId) => known.get(ruleId)?.name ?? ruleId
  const shown = (check: RuleCheck) =>
    check.verdicts
      .filter(({ state }) => state !== 'holds')
      .map(({ ruleId, state, words }) => [check.boxName, name(ruleId), states[state], words])
  const lines = checks.flatMap(shown)
  const none = checks.length === 0 ? 'No agent was read yet. Sweep first.' : `All ${rules.length} rules hold.`
  print.answer('rules check', found, lines.length === 0 ? [none] : table(['MACHINE', 'RULE', 'STATE', 'WHY'], lines))
  const isBroken = found.some(({ verdicts }) =>
    verdicts.some(({ state, strength }) => state === 'broken' && strength === 'lock'),
  )
  return isBroken ? exit.ruleBroken : exit.ok
}

export interface FixOptions {
  readonly box: string
  readonly agent?: string
  readonly rule?: string
  /** Of the preview. */
  readonly hash?: string
}

/** Says what would mend broken locks (exit 3); with the hash of that it is made, and the rules are judged again. */
export async function fixRules({ client: engine, print }: Session, options: FixOptions): Promise<number> {
  const { boxId } = byName(await engine.inventory.boxes(), options.box, 'machine')
  const { agentId } = await agentAt(engine, boxId, options.agent)
  const rule = RuleId.safeParse(options.rule)
  if (options.rule !== undefined && !rule.success) throw new FaultError({ code: 'not-found', what: 'rule' })
  const scope = { agentId, ...(rule.success ? { ruleId: rule.data } : {}) }
  const preview = await engine.apply.previewFix(scope)
  if (preview.hash === '' || preview.hash !== options.hash) {
    const isOther = options.hash !== undefined && preview.hash !== ''
    const stale = isOther ? ['That is another fix than the one given. Nothing was changed.'] : []
    const more = preview.hash === '' ? [preview.why] : [`Give --hash ${preview.hash} to make it.`]
    print.answer('rules fix', { preview, job: null, check: null }, [...fixWords(preview), ...stale, ...more])
    return preview.hash === '' ? (preview.left.length === 0 ? exit.ok : exit.ruleBroken) : exit.keyNotAccepted
  }
  const job = await endOf(engine, await engine.apply.fix({ ...scope, hash: preview.hash }))
  const isMade = job.outcome === 'changed' || job.outcome === 'unchanged'
  const check = isMade ? await checkAgain(engine, boxId, agentId) : null
  const held = preview.fixed.every((ruleId) => check?.verdicts.find((one) => one.ruleId === ruleId)?.state === 'holds')
  const seen = !isMade ? [] : [held ? 'Looked at again: it holds.' : 'Looked at again: it could not be seen to hold.']
  print.answer('rules fix', { preview, job, check }, [
    `${preview.boxName}: ${job.outcome ?? job.state}. ${job.words}`,
    ...(job.nextStep === '' ? [] : [job.nextStep]),
    ...seen,
  ])
  if (job.outcome === 'inconclusive') return exit.someNotReached
  return !isMade ? exit.failed : held ? exit.ok : exit.ruleBroken
}

const fixWords = ({ boxName, changes, answers, notes, left }: RuleFix): string[] => [
  ...changes.map(({ path, before, after }) => `${boxName}: ${path}: ${before ?? 'nothing'} → ${after ?? 'nothing'}`),
  ...answers,
  ...notes,
  ...left.map(({ words }) => words),
]

async function agentAt(engine: EngineClient, boxId: BoxId, profile: string | undefined): Promise<Agent> {
  const agents = await engine.inventory.agents({ boxId })
  const [only, ...others] = agents.filter((agent) => profile === undefined || agent.profile === profile)
  if (only === undefined) throw new FaultError({ code: 'not-found', what: 'agent' })
  if (others.length > 0)
    throw new FaultError({ code: 'invalid-input', field: 'agent', detail: 'Several run there; name one with --agent.' })
  return only
}

async function endOf(engine: EngineClient, started: ApplyJob): Promise<ApplyJob> {
  let job = started
  for await (const next of await engine.apply.watch({ applyId: started.applyId })) job = next
  return job
}

/** The rules by a look that was taken after the change. Null: the machine did not answer. */
async function checkAgain(engine: EngineClient, boxId: BoxId, agentId: Agent['agentId']): Promise<RuleCheck | null> {
  const { sweepId } = await engine.sweep.start({ boxIds: [boxId] })
  let isSeen = false
  for await (const { boxes } of await engine.sweep.watch({ sweepId }))
    isSeen = boxes.some((box) => box.boxId === boxId && box.outcome === 'swept')
  return isSeen ? ((await engine.rules.check({ boxId })).find((check) => check.agentId === agentId) ?? null) : null
}

export interface FloorOptions {
  readonly set?: string
  readonly reason?: string
  readonly link?: string
  readonly remove?: string
}

/** The versions none may be below; `--set` and `--remove` change them. */
export async function floors({ client: engine, print }: Session, options: FloorOptions): Promise<number> {
  const { set, remove, reason = '', link = '' } = options
  const found =
    set !== undefined
      ? await engine.rules.setFloor({ version: set, reason, link })
      : remove !== undefined
        ? await engine.rules.removeFloor({ version: remove })
        : await engine.rules.floors()
  const rows = found.map((floor) => [floor.version, floor.reason, floor.link, dateWords(floor.setAtMs)])
  print.answer(
    'rules floors',
    found,
    rows.length === 0 ? ['No floor is set.'] : table(['VERSION', 'REASON', 'LINK', 'SET'], rows),
  )
  return exit.ok
}
