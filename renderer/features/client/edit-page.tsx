import { useQuery } from '@tanstack/react-query'
import type { ClientId } from '../../../shared/contract/index.ts'
import { said } from '../../api/fault.ts'
import { orpc } from '../../api/queries.ts'
import { Button } from '../../ui/button.tsx'
import { FaultLines } from '../../ui/fault-lines.tsx'
import { Page } from '../../ui/page.tsx'
import { ClientEditor } from './editor.tsx'
import { emptyClient, toForm } from './form.ts'

/** A client that is not there yet: only the name is needed. */
export function NewClientPage() {
  return <ClientEditor key="new" clientId={null} saved={emptyClient} />
}

/** Everything the operator knows of one client, on one form. */
export function EditClientPage({ clientId }: { clientId: ClientId }) {
  const client = useQuery(orpc.inventory.client.queryOptions({ input: { clientId } }))
  const workflows = useQuery(orpc.inventory.workflows.queryOptions({ input: { clientId } }))
  const notes = useQuery(orpc.inventory.notes.queryOptions({ input: { clientId } }))
  const error = client.error ?? workflows.error ?? notes.error
  if (!client.data || !workflows.data || !notes.data) {
    const words = error ? said(error) : null
    const again = () => void Promise.all([client.refetch(), workflows.refetch(), notes.refetch()])
    return (
      <Page title="Client">
        {words && (
          <div className="p-6">
            <FaultLines {...words} action={<Button onClick={again}>Try again</Button>} />
          </div>
        )}
      </Page>
    )
  }
  return <ClientEditor key={clientId} clientId={clientId} saved={toForm(client.data, workflows.data, notes.data)} />
}
