import { useController, useFieldArray, useFormContext } from 'react-hook-form'
import { Button, TextButton } from '../../ui/button.tsx'
import { Input, InputBox } from '../../ui/field.tsx'
import { errorAt } from '../../ui/form-errors.ts'
import { HandleList } from '../../ui/handle-list.tsx'
import type { ClientForm } from './form.ts'
import { checkWith } from './save.ts'

/** Whom the operator talks to there, and who answers a person when the agent cannot. */
export function People() {
  const { control, register, formState } = useFormContext<ClientForm>()
  const { fields, append, remove } = useFieldArray({ control, name: 'contacts' })
  return (
    <>
      {fields.length > 0 && (
        <div className="flex max-w-[496px] flex-col gap-2">
          <div aria-hidden className="grid grid-cols-[1fr_1fr_1fr_56px] gap-2 text-meta text-text2">
            <span>Name</span>
            <span>Role</span>
            <span>Number or address</span>
          </div>
          {fields.map((contact, at) => (
            <div key={contact.id}>
              <div className="grid grid-cols-[1fr_1fr_1fr_56px] items-center gap-2">
                <InputBox
                  aria-label="Contact's name"
                  aria-invalid={errorAt(formState.errors, `contacts.${at}.name`) ? true : undefined}
                  {...register(`contacts.${at}.name`)}
                />
                <InputBox aria-label="Contact's role" {...register(`contacts.${at}.role`)} />
                <InputBox aria-label="Contact's number or address" {...register(`contacts.${at}.handle`)} />
                <TextButton onClick={() => remove(at)}>Remove</TextButton>
              </div>
              <ErrorLine text={errorAt(formState.errors, `contacts.${at}.name`)} />
            </div>
          ))}
        </div>
      )}
      <div>
        <Button small onClick={() => append({ name: '', role: '', handle: '' })}>
          Add a contact
        </Button>
      </div>
      <Input
        label="Human fallback"
        help="The number or address where a person answers when the agent cannot."
        error={errorAt(formState.errors, 'humanFallback')}
        {...register('humanFallback')}
      />
    </>
  )
}

function ErrorLine({ text }: { text: string | undefined }) {
  return text ? (
    <p role="alert" className="text-meta text-critical">
      {text}
    </p>
  ) : null
}

/** The client's own numbers and addresses. */
export function OwnHandles() {
  const { control, getValues } = useFormContext<ClientForm>()
  const { field } = useController({ control, name: 'handles' })
  return (
    <HandleList
      rows={field.value}
      check={(kind, value) => checkWith(getValues('region'))(kind, value)}
      addWords={field.value.length === 0 ? 'Add a number of the client' : 'Add another number of the client'}
      onChange={(change) => field.onChange(change(getValues('handles')))}
    />
  )
}

/** What the client relies on end to end. */
export function Workflows() {
  const { control, register, formState } = useFormContext<ClientForm>()
  const { fields, append, remove } = useFieldArray({ control, name: 'workflows' })
  return (
    <>
      {fields.map((workflow, at) => (
        <div key={workflow.id} className="max-w-[496px]">
          <div className="grid grid-cols-[176px_1fr_56px] items-center gap-2">
            <InputBox
              aria-label="Workflow's name"
              placeholder="Dinner orders"
              aria-invalid={errorAt(formState.errors, `workflows.${at}.name`) ? true : undefined}
              maxLength={120}
              {...register(`workflows.${at}.name`)}
            />
            <InputBox
              aria-label="What it does"
              placeholder="what must get through, from where to where"
              maxLength={2000}
              {...register(`workflows.${at}.description`)}
            />
            <TextButton onClick={() => remove(at)}>Remove</TextButton>
          </div>
          <ErrorLine text={errorAt(formState.errors, `workflows.${at}.name`)} />
        </div>
      ))}
      <div>
        <Button small onClick={() => append({ workflowId: '', name: '', description: '' })}>
          Add a workflow
        </Button>
      </div>
    </>
  )
}

/** What is known about the client that no machine says. */
export function Notes() {
  const { control, register } = useFormContext<ClientForm>()
  const { fields, append, remove } = useFieldArray({ control, name: 'notes' })
  return (
    <>
      {fields.map((note, at) => (
        <div key={note.id} className="grid max-w-[496px] grid-cols-[1fr_56px] items-start gap-2">
          <textarea
            aria-label={`Note ${at + 1}`}
            rows={3}
            maxLength={4000}
            className="w-full resize-y rounded-control border border-control bg-surface px-[10px] py-[5px] text-text select-text"
            {...register(`notes.${at}.text`)}
          />
          <TextButton className="mt-1.5" onClick={() => remove(at)}>
            Remove
          </TextButton>
        </div>
      ))}
      <div>
        <Button small onClick={() => append({ noteId: '', text: '' })}>
          Add a note
        </Button>
      </div>
    </>
  )
}
