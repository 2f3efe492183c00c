import type { BoxId, WayBack } from '../../shared/contract/index.ts'
import { faultText } from '../../shared/fault-text.ts'
import { untrusted } from '../../shared/untrusted.ts'
import { FaultError } from '../base/fault-error.ts'
import { newId } from '../base/ids.ts'
import type { ObservedChange } from '../runtimes/change-answer.ts'
import type { Credentials } from '../ssh/ssh.ts'
import type { ApplyParts } from './apply.ts'
import type { wayBackRows } from './rows.ts'

/** How long the file of a drill stays changed. */
const drillS = 2
/** The timer looks twice a second, and a machine under load is slow. */
const slackMs = 4000
const mostLooks = 4

/** What a drill showed, after the connection came back. Pure. */
export function judgeDrill(change: ObservedChange | null): { proven: boolean; words: string } {
  if (change === null) return { proven: false, words: 'The machine knows nothing of the drill any more.' }
  if (change.state === 'reverted' && change.wentBack === 'back' && change.hashNow === change.hashBefore)
    return { proven: true, words: 'A changed file went back by itself after the connection was cut.' }
  if (change.state === 'armed')
    return { proven: false, words: 'The connection was cut and the changed file did not go back by itself.' }
  return { proven: false, words: `The drill ended as ${change.state}, and the file is not what it was.` }
}

/**
 * Arms a file of the machine's own, cuts the connection, comes back and looks whether it was put back. What it showed is
 * kept: without proof nothing is changed there.
 */
export function createDrill(parts: ApplyParts, rows: ReturnType<typeof wayBackRows>) {
  const { store, ledger, inventory, onbox, ssh, clock, changes, times } = parts

  async function run(boxId: BoxId, signal: AbortSignal | undefined, credentials: Credentials | undefined) {
    const open = () =>
      onbox.change(boxId, {
        deadlineMs: times.connectMs,
        ...(signal === undefined ? {} : { signal }),
        ...(credentials === undefined ? {} : { credentials }),
      })
    const wait = { deadlineMs: times.stepMs, ...(signal === undefined ? {} : { signal }) }
    const id = newId<string>()
    const first = await open()
    try {
      await first.recover(wait)
      const armed = await first.drill({ id, deadlineS: drillS }, wait)
      if (!armed.done) return { proven: false, words: untrusted(armed.why, 300) }
    } finally {
      first.close()
      // As a network would: nobody says goodbye.
      ssh.drop(boxId)
    }
    let change: ObservedChange | null = null
    for (let looks = 0; looks < mostLooks; looks++) {
      await new Promise<void>((resolve) => clock.after(looks === 0 ? drillS * 1000 + 500 : slackMs, resolve))
      const again = await open()
      try {
        change = (await again.recover(wait)).find((each) => each.id === id) ?? null
        if (change?.state === 'armed' || change?.state === 'reverting') continue
        await again.forget(id, wait)
        break
      } finally {
        again.close()
      }
    }
    return judgeDrill(change)
  }

  return async (boxId: BoxId, options: { signal?: AbortSignal; credentials?: Credentials } = {}): Promise<WayBack> => {
    inventory.box(boxId)
    const seen = await run(boxId, options.signal, options.credentials).catch((error: unknown) => {
      if (!(error instanceof FaultError) || error.fault.code === 'cancelled') throw error
      return { proven: false, words: faultText(error.fault).sentence }
    })
    store.write(() => {
      rows.put(boxId, seen.proven, clock.nowMs(), seen.words)
      ledger.append({
        actor: 'console',
        kind: seen.proven ? 'drill.proven' : 'drill.failed',
        boxId,
        words: seen.proven
          ? '{box} showed that a change goes back by itself.'
          : `{box} did not show that a change goes back by itself: ${seen.words}`,
      })
    })
    changes.publish('apply', 'ledger', 'trust')
    return rows.one(boxId)
  }
}
