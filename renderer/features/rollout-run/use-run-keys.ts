import type { RolloutRun } from '../../../shared/contract/index.ts'
import { type Action, useActions } from '../../state/actions.ts'
import { go } from '../../state/navigation.ts'
import type { Following } from './use-following.ts'
import type { RunActs } from './use-run-acts.ts'

interface Keyed {
  readonly run: RolloutRun
  readonly acts: RunActs
  readonly held: string | undefined
  readonly following: Following
  /** Machines that can be looked at once more, those that can be put back, and those that a retry would go to. */
  readonly looks: number
  readonly backs: number
  readonly again: number
  readonly pane: { readonly open: boolean; readonly set: (open: boolean) => void }
  readonly log: () => void
  readonly putBack: () => void
}

/** What a question can be answered with. */
function answers({ run: { question, state }, acts, held, looks }: Keyed): Action[] {
  if (question === null || state === 'ended') return []
  const unavailable = held ?? (acts.busy ? 'The machines are being asked.' : undefined)
  return [
    { title: 'Continue the rollout', keys: 'c', run: acts.goOn, unavailable },
    ...(looks === 0 ? [] : [{ title: 'Look at them again', keys: 'a', run: acts.lookAgain, unavailable }]),
  ]
}

function whole(keyed: Keyed): Action[] {
  const { run, acts, held, again, backs } = keyed
  const { state, question } = run
  const busy = held ?? (acts.busy ? 'The machines are being asked.' : undefined)
  const ended = state === 'ended' ? 'It has ended.' : undefined
  return [
    {
      title: state === 'paused' ? 'Continue the rollout' : 'Pause the rollout',
      keys: 'p',
      run: state === 'paused' ? acts.goOn : acts.pause,
      unavailable:
        busy ??
        ended ??
        (question
          ? 'It waits for an answer.'
          : state === 'running' || state === 'paused'
            ? undefined
            : 'Those under way end first.'),
    },
    { title: 'Stop the rollout', keys: 'mod+.', run: acts.stop, unavailable: busy ?? ended },
    {
      title: 'Try again where it did not go well',
      keys: 'r',
      run: acts.retry,
      unavailable: busy ?? (ended ? (again === 0 ? 'It went well everywhere.' : undefined) : 'It has not ended.'),
    },
    {
      title: 'Put back what it changed',
      keys: 'b',
      run: keyed.putBack,
      unavailable:
        busy ?? (!ended && !question ? 'It has not ended.' : backs === 0 ? 'There is nothing to put back.' : undefined),
    },
    { title: 'Copy the report', keys: 'y', run: acts.copyReport },
    { title: 'Copy the report as JSON', run: acts.copyJson },
  ]
}

/** Keys of a rollout that is under way or has ended. */
export function useRunKeys(keyed: Keyed): void {
  const { run, following, pane, log } = keyed
  const { present } = following
  const none = present ? undefined : 'No machine is chosen.'
  useActions('Rollout', [
    ...(pane.open ? [{ title: 'Close the pane', keys: 'escape', keysOnly: true, run: () => pane.set(false) }] : []),
    { title: 'Next machine', keys: ['j', 'down'], run: () => following.move(1), keysOnly: true },
    { title: 'Machine before', keys: ['k', 'up'], run: () => following.move(-1), keysOnly: true },
    { title: 'Follow the machine under way', keys: 'f', run: following.follow },
    { title: 'Peek', keys: 'space', run: () => pane.set(true), unavailable: none, keysOnly: true },
    ...answers(keyed),
    ...whole(keyed),
    { title: 'Its log at that moment', keys: 'l', run: log, unavailable: none },
    {
      title: 'Open the machine',
      keys: ['o', 'enter'],
      run: () => present && go({ page: 'machine', boxId: present.boxId }),
      unavailable: none,
    },
    { title: 'The patch itself', keys: 'e', run: () => go({ page: 'patch', patchId: run.patch.patchId }) },
  ])
}
