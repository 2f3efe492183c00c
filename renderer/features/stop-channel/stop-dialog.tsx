import { useQuery } from '@tanstack/react-query'
import { orpc } from '../../api/queries.ts'
import { stopChannel } from '../../api/stopping.ts'
import { askToStart, closeStopping, useStopping } from '../../state/stopping.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { StartAgain } from './start-again.tsx'
import { StopChoice } from './stop-choice.tsx'
import { StopResult } from './stop-result.tsx'
import { offered } from './words.ts'

/** The kill switch: ⇧K opens it, Enter stops, and what was seen stays in it until it is closed. */
export function StopDialog() {
  const { asked, starting, run } = useStopping()
  const { data } = useQuery(orpc.access.list.queryOptions())
  if (!asked && !starting) return null
  const rows = data?.rows ?? []
  const title = starting ? 'Start it again' : run ? run.what : 'Stop a channel'
  return (
    <Dialog open onOpenChange={(open) => !open && closeStopping()} title={title}>
      {starting ? (
        <StartAgain stop={starting} onClose={closeStopping} />
      ) : run ? (
        <StopResult run={run} onStartAgain={askToStart} onClose={closeStopping} />
      ) : asked ? (
        <StopChoice
          asked={asked}
          rows={offered(rows, asked)}
          fleet={rows}
          onStop={(order) => void stopChannel(order)}
          onClose={closeStopping}
        />
      ) : null}
    </Dialog>
  )
}
