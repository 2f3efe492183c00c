import { useQuery } from '@tanstack/react-query'
import type { ClientId, Finding } from '../../../shared/contract/index.ts'
import { orpc } from '../../api/queries.ts'
import { MessageDraft } from '../../ui/message-draft.tsx'

/** A message to the client of a row, about its trouble. */
export function MessageOver({
  finding,
  clientId,
  onClose,
}: {
  finding: Finding
  clientId: ClientId
  onClose: () => void
}) {
  const { data: client } = useQuery(orpc.inventory.client.queryOptions({ input: { clientId } }))
  const { data: boxes } = useQuery(orpc.inventory.boxes.queryOptions())
  if (!client || !boxes) return null
  const several = boxes.filter((box) => box.clientId === clientId).length > 1
  return (
    <MessageDraft
      open
      onOpenChange={(open) => !open && onClose()}
      client={client}
      finding={finding}
      computer={several ? finding.boxName : ''}
    />
  )
}
