import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { FormProvider, useFormState } from 'react-hook-form'
import type { PastedBox } from '../../../shared/contract/index.ts'
import { client } from '../../api/client.ts'
import { said } from '../../api/fault.ts'
import { orpc } from '../../api/queries.ts'
import { offerUndoOf } from '../../api/undo.ts'
import { useActions } from '../../state/actions.ts'
import { go, isHere, replace } from '../../state/navigation.ts'
import { Button, TextButton } from '../../ui/button.tsx'
import { FaultLines } from '../../ui/fault-lines.tsx'
import { errorCountWords, errorPaths } from '../../ui/form-errors.ts'
import { Page } from '../../ui/page.tsx'
import { SectionLabel, UntrustedText } from '../../ui/text.tsx'
import { MachineFields } from './fields.tsx'
import { emptyMachine, fromPasted, type UnknownHop } from './form.ts'
import { PasteCommand } from './paste.tsx'
import { addHop, saveMachine } from './save.ts'
import { useMachineForm } from './use-machine-form.ts'

/** The command, then the fields it filled in, then Save. */
export function AddForm({ command: first }: { command: string }) {
  const { methods, refused, saving, submit, refuse } = useMachineForm(emptyMachine)
  const boxes = useQuery(orpc.inventory.boxes.queryOptions())
  const clients = useQuery(orpc.inventory.clients.queryOptions())
  const [command, setCommand] = useState(first)
  const [filled, setFilled] = useState(false)
  const [problem, setProblem] = useState('')
  const [ignored, setIgnored] = useState<PastedBox['ignored']>([])
  const [hops, setHops] = useState<UnknownHop[]>([])
  const { errors } = useFormState({ control: methods.control })
  const wrong = errorPaths(errors).length

  const read = async (text: string) => {
    try {
      const pasted = await client.inventory.readSshCommand({ command: text })
      const known = boxes.data ?? (await client.inventory.boxes())
      const { form, unknownHops } = fromPasted(pasted, known)
      methods.reset(form)
      setIgnored(pasted.ignored)
      setHops(unknownHops)
      setProblem('')
      setFilled(true)
    } catch (error) {
      const words = said(error)
      setProblem(words.fault?.code === 'invalid-input' ? words.fault.detail : words.sentence)
    }
  }
  const began = useRef(false)
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, for a command typed on another page
  useEffect(() => {
    if (began.current || first === '') return
    began.current = true
    void read(first)
  }, [first])

  const save = () =>
    submit(async (form) => {
      const saved = await saveMachine(null, form, clients.data ?? [])
      replace({ page: 'add', boxId: saved.box.boxId })
      offerUndoOf(saved.sentence, saved.undoIds, () => {
        if (isHere({ page: 'add', boxId: saved.box.boxId })) replace({ page: 'add', command })
      })
    })
  const saveHop = async (hop: UnknownHop) => {
    try {
      const saved = await addHop(hop, methods.getValues())
      methods.setValue('hops', [...methods.getValues('hops'), saved.box.boxId])
      setHops((left) => left.filter(({ typed }) => typed !== hop.typed))
      offerUndoOf(saved.sentence, saved.undoIds, () =>
        methods.setValue('hops', without(methods.getValues('hops'), saved.box.boxId)),
      )
    } catch (error) {
      refuse(error)
    }
  }

  useActions('Add a machine', [
    {
      title: 'Save this machine',
      keys: 'mod+s',
      run: () => void save(),
      unavailable: filled ? undefined : 'Paste the ssh command first.',
    },
  ])

  return (
    <FormProvider {...methods}>
      <Page
        title="Add a machine"
        meta={<AddMeta filled={filled} wrong={wrong} hops={hops.length} />}
        actions={
          <>
            <Button onClick={() => go({ page: 'import' })}>Import several</Button>
            {filled && (
              <Button look="primary" keys="mod+s" disabled={hops.length > 0 || saving} onClick={() => void save()}>
                Save and look at its host key
              </Button>
            )}
          </>
        }
        hints={[...(filled ? [{ keys: ['mod+s'], words: 'save' }] : []), { keys: ['escape'], words: 'back' }]}
      >
        <div className="flex min-h-0 flex-1 overflow-y-auto">
          <div className="flex min-w-0 grow flex-col gap-6 p-6 pane:max-w-[720px]">
            <PasteCommand
              command={command}
              onCommand={setCommand}
              onRead={(text) => void read(text)}
              problem={problem}
              filled={filled}
              onByHand={() => setFilled(true)}
            />
            {filled && (
              <form
                noValidate
                className="flex flex-col gap-6"
                onSubmit={(event) => {
                  event.preventDefault()
                  void save()
                }}
              >
                <Ignored ignored={ignored} />
                <MachineFields
                  boxes={boxes.data ?? []}
                  clients={clients.data ?? []}
                  self={null}
                  unknownHops={hops}
                  onAddHop={(hop) => void saveHop(hop)}
                />
                {refused && <FaultLines {...refused} />}
                <button type="submit" hidden />
              </form>
            )}
          </div>
        </div>
      </Page>
    </FormProvider>
  )
}

const without = (ids: readonly string[], gone: string): string[] => ids.filter((id) => id !== gone)

function AddMeta({ filled, wrong, hops }: { filled: boolean; wrong: number; hops: number }) {
  if (wrong > 0) return <span className="text-critical">{errorCountWords(wrong)}</span>
  if (hops > 0)
    return <span>{`${hops === 1 ? 'One jump host is' : `${hops} jump hosts are`} not among your machines yet`}</span>
  return filled ? <span>Nothing is sent before you have seen its fingerprint.</span> : null
}

/** Options of the command that are not used, each with its reason: nothing is dropped silently. */
function Ignored({ ignored }: { ignored: PastedBox['ignored'] }) {
  const [open, setOpen] = useState(true)
  if (ignored.length === 0) return null
  return (
    <div className="flex flex-col gap-1">
      <div className="flex items-baseline gap-3">
        <SectionLabel count={ignored.length}>Left out of the command</SectionLabel>
        <TextButton onClick={() => setOpen(!open)}>{open ? 'Hide' : 'Show'}</TextButton>
      </div>
      {open && (
        <ul className="readable flex flex-col gap-1">
          {ignored.map(({ text, reason }) => (
            <li key={text} className="flex gap-3">
              <UntrustedText className="shrink-0 font-mono text-code" text={text} maxChars={48} />
              <span className="text-text2">{reason}</span>
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}
