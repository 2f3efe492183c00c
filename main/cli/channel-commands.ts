import { channelName } from '../../shared/channels.ts'
import type { Agent } from '../../shared/contract/index.ts'
import { FaultError } from '../base/fault-error.ts'
import { byName, type EngineClient, type Session } from './session.ts'
import { exit } from './shapes.ts'

export interface ChannelOptions {
  /** Absent: everywhere. */
  readonly box?: string
  readonly channel: string
  readonly account?: string
}

/** Turns a channel off at once. Nobody is asked. Exit 4 when somewhere it was not seen off. */
export async function stopChannel({ client: engine, print }: Session, options: ChannelOptions): Promise<number> {
  const { box: name, channel, account } = options
  const boxId = name === undefined ? null : byName(await engine.inventory.boxes(), name, 'machine').boxId
  const stops = await engine.channel.stop({ boxId, channel, account: account ?? null })
  print.answer(
    'channel stop',
    stops,
    stops.map(({ words, nextStep }) => [words, nextStep].filter(Boolean).join(' ')),
  )
  return stops.every(({ stopped }) => stopped) ? exit.ok : exit.someNotReached
}

export interface StartOptions {
  readonly box: string
  readonly channel: string
  readonly agent?: string
  /** Of the preview. */
  readonly hash?: string
}

/** Says whom the channel would answer (exit 3); with the hash of that it is turned on as it was. */
export async function startChannel({ client: engine, print }: Session, options: StartOptions): Promise<number> {
  const { boxId, name } = byName(await engine.inventory.boxes(), options.box, 'machine')
  const { agentId } = await agentOf(engine, boxId, options)
  const { channel } = options
  const preview = await engine.channel.startPreview({ boxId, agentId, channel })
  if (preview.hash !== options.hash) {
    const stale = options.hash === undefined ? [] : ['That is another plan than the one given. Nothing was changed.']
    const more =
      preview.refusals.length === 0
        ? [`Give --hash ${preview.hash} to turn ${channelName(channel)} on.`]
        : [...preview.refusals, `It stays off. rules fix --box ${name} says what would mend it.`]
    print.answer('channel start', { preview, job: null }, [...preview.answers, ...stale, ...more])
    return exit.keyNotAccepted
  }
  const { applyId } = await engine.channel.start({ boxId, agentId, channel, hash: preview.hash })
  let job = await engine.apply.get({ applyId })
  for await (const next of await engine.apply.watch({ applyId })) job = next
  print.answer('channel start', { preview, job }, [`${name}: ${job.outcome ?? job.state}. ${job.words}`, job.nextStep])
  return job.outcome === 'changed' || job.outcome === 'unchanged' ? exit.ok : exit.failed
}

async function agentOf(engine: EngineClient, boxId: Agent['boxId'], { channel, agent }: StartOptions): Promise<Agent> {
  const agents = await engine.inventory.agents({ boxId })
  const having = new Set(
    (await engine.inventory.channels({ boxId })).flatMap((each) => (each.channel === channel ? [each.agentId] : [])),
  )
  const found = agents.filter(({ agentId, profile }) =>
    agent === undefined ? having.has(agentId) || agents.length === 1 : profile === agent,
  )
  const [only, ...others] = found
  if (only === undefined) throw new FaultError({ code: 'not-found', what: `agent with ${channelName(channel)}` })
  if (others.length > 0)
    throw new FaultError({
      code: 'invalid-input',
      field: 'agent',
      detail: 'Several agents have it; name one with --agent.',
    })
  return only
}

/** Lets a machine show that a change goes back by itself. Exit 4 when it did not. */
export async function drill({ client: engine, print }: Session, options: { box: string }): Promise<number> {
  const { boxId, name } = byName(await engine.inventory.boxes(), options.box, 'machine')
  const shown = await engine.apply.drill({ boxId })
  print.answer('box drill', shown, [`${name}: ${shown.words}`])
  return shown.proven ? exit.ok : exit.someNotReached
}
