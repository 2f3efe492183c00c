import { useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { FormProvider, useFormState } from 'react-hook-form'
import type { Box, BoxId } from '../../../shared/contract/index.ts'
import { client } from '../../api/client.ts'
import { said } from '../../api/fault.ts'
import { orpc } from '../../api/queries.ts'
import { offerUndoOf } from '../../api/undo.ts'
import { useActions } from '../../state/actions.ts'
import { back, go } from '../../state/navigation.ts'
import { Button, MoreButton } from '../../ui/button.tsx'
import { FaultLines } from '../../ui/fault-lines.tsx'
import { errorCountWords, errorPaths } from '../../ui/form-errors.ts'
import { middleCut } from '../../ui/middle-cut.ts'
import { Page } from '../../ui/page.tsx'
import { Menu } from '../../ui/popover.tsx'
import { UntrustedText } from '../../ui/text.tsx'
import { MachineFields } from './fields.tsx'
import { TrackedFolders } from './folders.tsx'
import { toForm } from './form.ts'
import { saveMachine } from './save.ts'
import { useMachineForm } from './use-machine-form.ts'

/** What the operator knows of a machine: address, login, jump hosts, hours. */
export function EditMachinePage({ boxId }: { boxId: BoxId }) {
  const boxes = useQuery(orpc.inventory.boxes.queryOptions())
  const box = boxes.data?.find((each) => each.boxId === boxId)
  if (box && boxes.data) return <EditForm key={boxId} box={box} boxes={boxes.data} />
  return (
    <Page title="Edit machine">
      {boxes.error && (
        <div className="p-6">
          <FaultLines {...said(boxes.error)} action={<Button onClick={() => void boxes.refetch()}>Try again</Button>} />
        </div>
      )}
      {boxes.data && <p className="p-6">This machine is not in the inventory any more.</p>}
    </Page>
  )
}

function EditForm({ box, boxes }: { box: Box; boxes: readonly Box[] }) {
  const { methods, refused, submit, refuse } = useMachineForm(toForm(box))
  const clients = useQuery(orpc.inventory.clients.queryOptions())
  const { errors, isDirty } = useFormState({ control: methods.control })
  const wrong = errorPaths(errors).length
  const stored = JSON.stringify(toForm(box))
  // biome-ignore lint/correctness/useExhaustiveDependencies: `stored` stands for the machine as it is saved
  useEffect(() => {
    methods.reset(toForm(box), { keepDirtyValues: true, keepErrors: true })
  }, [stored])

  const save = () =>
    submit(async (form) => {
      const saved = await saveMachine(box.boxId, form, clients.data ?? [])
      methods.reset(toForm(saved.box))
      offerUndoOf(saved.sentence, saved.undoIds)
      back()
    })
  const remove = async () => {
    try {
      const { sentence, undoId } = await client.inventory.removeBox({ boxId: box.boxId })
      go({ page: 'fleet' })
      offerUndoOf(sentence, [undoId], () => go({ page: 'machine', boxId: box.boxId }))
    } catch (error) {
      refuse(error)
    }
  }
  useActions('Machine', [
    { title: 'Save this machine', keys: 'mod+s', run: () => void save() },
    { title: 'Remove this machine', run: () => void remove() },
    { title: 'Enrol this machine', run: () => go({ page: 'add', boxId: box.boxId }) },
  ])
  return (
    <FormProvider {...methods}>
      <Page
        title={<UntrustedText text={middleCut(box.name, 36)} />}
        meta={
          wrong > 0 ? (
            <span className="text-critical">{errorCountWords(wrong)}</span>
          ) : isDirty ? (
            <span>unsaved</span>
          ) : (
            <span>What you know of it. Saving changes nothing on the machine.</span>
          )
        }
        actions={
          <>
            <Menu
              trigger={<MoreButton />}
              items={[
                {
                  label: box.launcher === null ? 'Enrol it' : 'Host key and login',
                  run: () => go({ page: 'add', boxId: box.boxId }),
                },
                { label: 'Remove this machine', run: () => void remove() },
              ]}
            />
            <Button look="primary" keys="mod+s" onClick={() => void save()}>
              Save
            </Button>
          </>
        }
        hints={[
          { keys: ['mod+s'], words: 'save' },
          { keys: ['escape'], words: 'back' },
        ]}
      >
        <form
          noValidate
          className="flex min-h-0 flex-1 flex-col gap-6 overflow-y-auto p-6"
          onSubmit={(event) => {
            event.preventDefault()
            void save()
          }}
        >
          {refused && <FaultLines {...refused} />}
          <MachineFields boxes={boxes} clients={clients.data ?? []} self={box.boxId} />
          <TrackedFolders boxId={box.boxId} />
          <button type="submit" hidden />
        </form>
      </Page>
    </FormProvider>
  )
}
