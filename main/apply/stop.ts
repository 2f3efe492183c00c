import { channelName } from '../../shared/channels.ts'
import type { AgentId, BoxId, ChannelStop, SettingChange } from '../../shared/contract/index.ts'
import { faultText } from '../../shared/fault-text.ts'
import { untrusted } from '../../shared/untrusted.ts'
import { FaultError } from '../base/fault-error.ts'
import { newId } from '../base/ids.ts'
import type { Stopped } from '../runtimes/change-answer.ts'
import type { ApplyParts } from './apply.ts'
import type { stopRows, UnendedStop } from './rows.ts'

/** An operator is told how it ended within 30 s, whatever the machine does. */
const wholeMs = 29_000

interface Target {
  readonly boxId: BoxId
  readonly agentId: AgentId
  readonly boxName: string
  readonly stateDir: string
  readonly channel: string
  readonly account: string | null
}

type StopParts = Pick<ApplyParts, 'store' | 'ledger' | 'inventory' | 'onbox' | 'clock' | 'changes' | 'log' | 'lookAt'>

type Told = Pick<ChannelStop, 'stopped' | 'staysOff' | 'agentEnded' | 'words' | 'nextStep'>

const unwritten = 'How it ended was not written down: the console ended meanwhile, or its disk was full.'
const callThem = 'Switch the machine off, or call someone there.'

function notStopped({ boxName, channel }: Pick<Target, 'boxName' | 'channel'>, why: string): Told {
  const words = `NOT STOPPED: ${channelName(channel)} on ${boxName} may still answer. ${why}`
  return { stopped: false, staysOff: false, agentEnded: false, words, nextStep: callThem }
}

/** How a stop ended on one machine, in words: nothing but what was seen counts as stopped. Pure. */
export function judgeStop({ boxName, channel }: Pick<Target, 'boxName' | 'channel'>, stopped: Stopped): Told {
  const name = channelName(channel)
  const notOff = stopped.written ? '' : ` Its config could not be changed: ${untrusted(stopped.problem, 200)}.`
  if (stopped.how === 'running')
    return {
      stopped: false,
      staysOff: stopped.written,
      agentEnded: false,
      words: `NOT STOPPED: ${name} on ${boxName} may still answer.${notOff} ${untrusted(stopped.detail, 200)}`.trim(),
      nextStep: callThem,
    }
  const again = 'Put the config right before the agent is started again.'
  if (stopped.how === 'not-running')
    return {
      stopped: true,
      staysOff: stopped.written,
      agentEnded: false,
      words: `${name} on ${boxName} is off: its agent does not run.${notOff}`,
      nextStep: stopped.written ? '' : again,
    }
  if (stopped.how === 'ended')
    return {
      stopped: true,
      staysOff: stopped.written,
      agentEnded: true,
      words: stopped.again
        ? `${name} on ${boxName} is off: the agent did not answer, so it was ended, and it started again without it.${notOff}`
        : `${name} on ${boxName} is off: the agent did not answer, so all of it was ended.${notOff}`,
      nextStep: stopped.again ? '' : stopped.written ? 'Start the agent again: this channel stays off.' : again,
    }
  return {
    stopped: true,
    staysOff: true,
    agentEnded: false,
    words: `${name} on ${boxName} is off.`,
    nextStep: '',
  }
}

/** Turns channels off, without a question: nothing here waits for a person, a plan, a hold or a proof. */
export function createStops(parts: StopParts, rows: ReturnType<typeof stopRows>) {
  const { store, ledger, inventory, onbox, clock, changes, log } = parts
  const underWay = new Set<Promise<unknown>>()

  if (store.writable)
    for (const stop of rows.unended())
      if (inventory.agents(stop.boxId).some(({ agentId }) => agentId === stop.agentId)) keep(() => interrupted(stop))

  /** A stop is the one effect that does not wait for its row: with a full disk here it is done all the same. */
  function keep(write: () => void): boolean {
    try {
      store.write(write)
      return true
    } catch (error) {
      log.error('stop.not-kept', error)
      return false
    }
  }

  /** Nobody saw how it ended, so it counts as not stopped until somebody looks. */
  function interrupted({ stopId, begunAtMs, ...at }: UnendedStop): void {
    const atMs = clock.nowMs()
    const boxName = inventory.box(at.boxId).name
    const end = notStopped({ ...at, boxName }, unwritten)
    const tookMs = Math.max(0, atMs - begunAtMs)
    putEnd(stopId, { ...at, boxName, ...end, fault: null, atMs, tookMs }, [])
    store.afterCommit(() => parts.lookAt(at.boxId))
  }

  function putEnd(stopId: string, result: ChannelStop, undo: readonly SettingChange[]): void {
    rows.end(stopId, result, undo)
    ledger.append({
      actor: 'console',
      kind: result.stopped ? 'stop.seen' : 'stop.failed',
      boxId: result.boxId,
      words: result.words.replaceAll(result.boxName, '{box}'),
    })
  }

  function targetsOf(boxId: BoxId | null, channel: string, account: string | null): Target[] {
    const known = inventory
      .channels(boxId === null ? {} : { boxId })
      .filter((each) => each.channel === channel && (account === null || each.account === account))
    const agents = inventory.agents(boxId ?? undefined)
    const ids = new Set(known.map(({ agentId }) => agentId))
    // A channel that no sweep found yet is stopped on whatever runs there.
    const meant = ids.size === 0 && boxId !== null ? agents : agents.filter(({ agentId }) => ids.has(agentId))
    return meant.map(({ agentId, boxId: at, stateDir }) => ({
      agentId,
      boxId: at,
      boxName: inventory.box(at).name,
      stateDir,
      channel,
      account,
    }))
  }

  async function onBox(target: Target): Promise<Stopped> {
    const endMs = clock.monotonicMs() + wholeMs
    const wait = () => ({ deadlineMs: Math.max(1, endMs - clock.monotonicMs()) })
    const program = await onbox.change(target.boxId, wait())
    try {
      return await program.stop(target, wait())
    } finally {
      program.close()
    }
  }

  /** The answer, or that there was none in time. */
  function inTime(target: Target): Promise<Stopped> {
    let cancel = () => {}
    const over = new Promise<never>((_, reject) => {
      cancel = clock.after(wholeMs, () =>
        reject(new FaultError({ code: 'timed-out', boxName: target.boxName, phase: 'answer', afterMs: wholeMs })),
      )
    })
    return Promise.race([onBox(target), over]).finally(cancel)
  }

  function told(target: Target, startedMs: number, end: Told, fault: ChannelStop['fault']): ChannelStop {
    const { boxId, boxName, agentId, channel, account } = target
    const tookMs = Math.round(clock.monotonicMs() - startedMs)
    return { boxId, boxName, agentId, channel, account, ...end, fault, atMs: clock.nowMs(), tookMs }
  }

  async function stopOne(target: Target): Promise<ChannelStop> {
    const startedMs = clock.monotonicMs()
    const stopId = newId<string>()
    const begunAtMs = clock.nowMs()
    const isBegun = keep(() => {
      rows.begin(stopId, target, begunAtMs)
      ledger.append({
        actor: 'operator',
        kind: 'stop.began',
        boxId: target.boxId,
        words: `${channelName(target.channel)} on {box} was told to stop.`,
      })
    })
    let undo: SettingChange[] = []
    let result: ChannelStop
    try {
      const stopped = await inTime(target)
      undo = stopped.undo
      result = told(target, startedMs, judgeStop(target, stopped), null)
    } catch (error) {
      const fault =
        error instanceof FaultError
          ? error.fault
          : { code: 'internal' as const, reference: log.error('stop.failed', error, { boxId: target.boxId }) }
      result = told(target, startedMs, notStopped(target, faultText(fault).sentence), fault)
    }
    const isKept = keep(() => {
      if (!isBegun) rows.begin(stopId, target, begunAtMs)
      putEnd(stopId, result, undo)
    })
    changes.publish('apply', 'ledger')
    parts.lookAt(target.boxId)
    return isKept ? result : { ...result, words: `${result.words} This computer could not write it down.` }
  }

  return {
    async stop(boxId: BoxId | null, channel: string, account: string | null): Promise<ChannelStop[]> {
      if (boxId !== null) inventory.box(boxId)
      const targets = targetsOf(boxId, channel, account)
      if (targets.length === 0) throw new FaultError({ code: 'not-found', what: `agent with ${channelName(channel)}` })
      const all = Promise.all(targets.map(stopOne))
      underWay.add(all)
      try {
        return await all
      } finally {
        underWay.delete(all)
      }
    },
    close: async (): Promise<void> => void (await Promise.allSettled(underWay)),
  }
}
