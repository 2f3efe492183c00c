import { useQuery } from '@tanstack/react-query'
import type { BoxId } from '../../../shared/contract/index.ts'
import { orpc } from '../../api/queries.ts'
import { useActions } from '../../state/actions.ts'
import { go } from '../../state/navigation.ts'
import { Button, TextButton } from '../../ui/button.tsx'
import { middleCut } from '../../ui/middle-cut.ts'
import { Page } from '../../ui/page.tsx'
import { UntrustedText } from '../../ui/text.tsx'
import { AddForm } from './add-form.tsx'
import { Enrolment } from './enrolment.tsx'

/** Adds a machine: first its fields, then, once it is saved, its enrolment on the same page. */
export function AddMachinePage({ command, boxId }: { command?: string; boxId?: BoxId }) {
  return boxId === undefined ? <AddForm command={command ?? ''} /> : <EnrolPage boxId={boxId} />
}

function EnrolPage({ boxId }: { boxId: BoxId }) {
  const boxes = useQuery(orpc.inventory.boxes.queryOptions())
  const clients = useQuery(orpc.inventory.clients.queryOptions())
  const edit = () => go({ page: 'edit-machine', boxId })
  useActions('Enrolment', [{ title: 'Edit the machine', keys: 'e', run: edit }])
  const box = boxes.data?.find((each) => each.boxId === boxId)
  if (!boxes.data) return <Page title="Add a machine">{null}</Page>
  if (!box)
    return (
      <Page title="Add a machine">
        <p className="p-6">
          This machine is not in the inventory any more.{' '}
          <TextButton onClick={() => go({ page: 'add' })}>Add another</TextButton>
        </p>
      </Page>
    )
  const client = clients.data?.find(({ clientId }) => clientId === box.clientId)
  return (
    <Page
      title={<UntrustedText text={middleCut(box.name, 36)} />}
      meta={
        <UntrustedText
          className="truncate"
          text={`${client ? `${client.name} · ` : ''}${box.user}@${box.host}:${box.port}`}
        />
      }
      actions={
        <Button keys="e" onClick={edit}>
          Edit
        </Button>
      }
      hints={[{ keys: ['escape'], words: box.launcher === null ? 'back; enrolment can go on later' : 'back' }]}
    >
      <div className="min-h-0 flex-1 overflow-y-auto">
        <Enrolment key={boxId} box={box} boxes={boxes.data} />
      </div>
    </Page>
  )
}
