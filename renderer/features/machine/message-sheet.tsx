import { useQuery } from '@tanstack/react-query'
import type { MachinePage } from '../../../shared/contract/index.ts'
import { worthWriting } from '../../../shared/message-draft.ts'
import { orpc } from '../../api/queries.ts'
import { MessageDraft } from '../../ui/message-draft.tsx'
import { useMachineState } from './machine-state.ts'

/** A message to the client of this machine, about its worst trouble that somebody there can help with. */
export function MessageSheet({ data }: { data: MachinePage }) {
  const open = useMachineState((state) => state.messageOpen && state.boxId === data.box.boxId)
  const { data: boxes } = useQuery(orpc.inventory.boxes.queryOptions())
  if (!data.client) return null
  const { clientId } = data.client
  const several = (boxes ?? []).filter((box) => box.clientId === clientId).length > 1
  return (
    <MessageDraft
      open={open}
      onOpenChange={(messageOpen) => useMachineState.setState({ messageOpen })}
      client={data.client}
      finding={worthWriting(data.findings)}
      computer={several ? data.box.name : ''}
    />
  )
}
