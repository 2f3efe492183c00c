import { useState } from 'react'
import type { AgentId, RolloutId, RolloutRun } from '../../../shared/contract/index.ts'
import { client } from '../../api/client.ts'
import { wasCancelled } from '../../api/fault.ts'
import { keepRun } from '../../api/rollouts.ts'
import { sentenceOf } from '../../api/sentence.ts'
import { go } from '../../state/navigation.ts'
import { offerSentence, withdrawSentence } from '../../state/said.ts'
import { copyText } from '../../ui/copyable.tsx'

export const notConfirmed = 'It was not confirmed, so nothing was sent.'

export interface RunActs {
  /** Something was asked for and is not answered yet: a dialog of the system may be open. */
  readonly busy: boolean
  /** Why the last thing was not done; empty: it was. */
  readonly said: string
  readonly pause: () => void
  readonly goOn: () => void
  readonly lookAgain: () => void
  readonly stop: () => void
  readonly retry: () => void
  /** Null: all that it changed. `done` runs when it has begun. */
  readonly putBack: (agentIds: readonly AgentId[] | null, done: () => void) => void
  readonly copyReport: () => void
  readonly copyJson: () => void
}

/** What can be done about a rollout. What is refused, or not confirmed, is said. */
export function useRunActs(rolloutId: RolloutId, run: RolloutRun | undefined): RunActs {
  const [busy, setBusy] = useState(false)
  const [said, setSaid] = useState('')
  const act = async (work: () => Promise<RolloutRun>, tell: (words: string) => void): Promise<RolloutRun | null> => {
    if (busy) return null
    setBusy(true)
    withdrawSentence(notConfirmed)
    try {
      const next = await work()
      keepRun(next)
      tell('')
      return next
    } catch (error) {
      tell(wasCancelled(error) ? notConfirmed : sentenceOf(error))
      return null
    } finally {
      setBusy(false)
    }
  }
  const inStrip = (words: string) => words !== '' && offerSentence(words, words === notConfirmed ? 'plain' : 'warning')
  const plain = (work: () => Promise<RolloutRun>) => () => void act(work, inStrip)
  const copy = async (text: () => Promise<string>, what: string) => {
    try {
      const done = await copyText(await text())
      if (done) offerSentence(`Copied: ${what}.`, 'plain')
      else offerSentence('The clipboard refused it, so nothing was copied.')
    } catch (error) {
      offerSentence(sentenceOf(error))
    }
  }
  return {
    busy,
    said,
    pause: plain(() => client.rollout.pause({ rolloutId })),
    goOn: plain(() => client.rollout.continue({ rolloutId, how: 'go-on' })),
    lookAgain: plain(() => client.rollout.continue({ rolloutId, how: 'look-again' })),
    stop: plain(() => client.rollout.stop({ rolloutId })),
    retry: plain(() => client.rollout.retry({ rolloutId })),
    putBack: (agentIds, done) =>
      void act(
        () => client.rollout.revert({ rolloutId, ...(agentIds === null ? {} : { agentIds: [...agentIds] }) }),
        setSaid,
      ).then((next) => {
        if (!next) return
        done()
        go({ page: 'rollout', rolloutId: next.rolloutId })
      }),
    copyReport: () =>
      void copy(async () => (await client.rollout.report({ rolloutId })).markdown, 'the report, as Markdown'),
    copyJson: () => void copy(async () => JSON.stringify(run, null, 2), 'the report, as JSON'),
  }
}
