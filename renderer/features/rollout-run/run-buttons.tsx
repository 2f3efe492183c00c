import type { RolloutRun } from '../../../shared/contract/index.ts'
import { Button, MoreButton } from '../../ui/button.tsx'
import { Menu } from '../../ui/popover.tsx'
import type { RunActs } from './use-run-acts.ts'

/** What can be done about the whole rollout now. A question brings its own. */
export function RunButtons({
  run: { state, question },
  acts,
  held,
  backs,
  again,
  onPutBack,
}: {
  run: RolloutRun
  acts: RunActs
  held: string | undefined
  backs: number
  again: number
  onPutBack: () => void
}) {
  const cannot = held !== undefined || acts.busy
  if (state === 'ended')
    return (
      <>
        {again > 0 && (
          <Button keys="r" disabled={cannot} title={held ?? ''} onClick={acts.retry}>
            {`Retry ${again}`}
          </Button>
        )}
        {backs > 0 && (
          <Button keys="b" disabled={cannot} title={held ?? ''} onClick={onPutBack}>
            Put back…
          </Button>
        )}
        <Button keys="y" onClick={acts.copyReport}>
          Copy report
        </Button>
        <Menu trigger={<MoreButton />} items={[{ label: 'Copy report as JSON', run: acts.copyJson }]} />
      </>
    )
  if (question) return null
  return (
    <>
      {state === 'paused' ? (
        <Button look="primary" keys="p" disabled={cannot} title={held ?? ''} onClick={acts.goOn}>
          Continue
        </Button>
      ) : (
        <Button keys="p" disabled={cannot || state !== 'running'} title={held ?? ''} onClick={acts.pause}>
          {state === 'pausing' ? 'Pausing' : 'Pause'}
        </Button>
      )}
      <Button keys="mod+." disabled={cannot || state === 'stopping'} title={held ?? ''} onClick={acts.stop}>
        {state === 'stopping' ? 'Stopping' : 'Stop'}
      </Button>
    </>
  )
}
