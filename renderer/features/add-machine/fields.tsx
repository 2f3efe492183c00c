import { Controller, useFormContext, useWatch } from 'react-hook-form'
import type { Box, Client } from '../../../shared/contract/index.ts'
import { Button, TextButton } from '../../ui/button.tsx'
import { Checkbox, Input, Radio, RadioGroup, Select } from '../../ui/field.tsx'
import { errorAt } from '../../ui/form-errors.ts'
import { HoursEditor } from '../../ui/hours-editor.tsx'
import { UntrustedText } from '../../ui/text.tsx'
import { type MachineForm, newClient, possibleHops, rings, type UnknownHop } from './form.ts'

export interface MachineFieldsProps {
  boxes: readonly Box[]
  clients: readonly Client[]
  /** The machine that is edited; null while it is new. */
  self: string | null
  /** Jump hosts of a pasted command that are not among the machines. */
  unknownHops?: readonly UnknownHop[]
  onAddHop?: (hop: UnknownHop) => void
}

const useErrors = () => {
  const { formState } = useFormContext<MachineForm>()
  return (path: string) => errorAt(formState.errors, path)
}

/** All fields of a machine, in one column. */
export function MachineFields({ boxes, clients, self, unknownHops = [], onAddHop }: MachineFieldsProps) {
  const { register } = useFormContext<MachineForm>()
  const error = useErrors()
  return (
    <div className="flex flex-col gap-4">
      <Input label="Name" help="How you call this machine." error={error('name')} {...register('name')} />
      <div className="flex max-w-[496px] gap-2">
        <div className="grow">
          <Input mono label="Host" error={error('host')} {...register('host')} />
        </div>
        <div className="w-24">
          <Input mono label="Port" inputMode="numeric" error={error('port')} {...register('port')} />
        </div>
      </div>
      <Input mono label="User" error={error('user')} {...register('user')} />
      <AuthFields />
      <HopFields boxes={boxes} self={self} unknownHops={unknownHops} onAddHop={onAddHop} />
      <ClientFields clients={clients} />
      <Controller
        name="ring"
        render={({ field }) => (
          <RadioGroup label="Ring">
            {rings.map(({ ring, word, help }) => (
              <Radio
                key={ring}
                name="ring"
                label={word}
                help={help}
                checked={field.value === ring}
                onChange={() => field.onChange(ring)}
              />
            ))}
          </RadioGroup>
        )}
      />
      <ExpectedOn />
      <Checkbox
        label="Only a jump host"
        help="It carries no agent: it is trusted and passed through, never swept."
        {...register('jumpOnly')}
      />
      <Input
        label="Keep-alive"
        aside="seconds"
        className="w-24!"
        inputMode="numeric"
        placeholder="15"
        help="0 turns it off for servers that choke on it."
        error={error('keepAliveS')}
        {...register('keepAliveS')}
      />
    </div>
  )
}

function AuthFields() {
  const { register, control } = useFormContext<MachineForm>()
  const kind = useWatch({ control, name: 'authKind' })
  const error = useErrors()
  return (
    <>
      <Controller
        control={control}
        name="authKind"
        render={({ field }) => (
          <RadioGroup label="Log in with">
            <Radio
              name="auth"
              label="ssh-agent"
              checked={field.value === 'agent'}
              onChange={() => field.onChange('agent')}
            />
            <Radio
              name="auth"
              label="A key file"
              checked={field.value === 'key'}
              onChange={() => field.onChange('key')}
            />
            <Radio
              name="auth"
              label="A password, asked each time"
              help="For enrolment only: it is kept nowhere, so sweeps need an agent or a key."
              checked={field.value === 'password'}
              onChange={() => field.onChange('password')}
            />
          </RadioGroup>
        )}
      />
      {kind === 'key' && (
        <Input
          mono
          label="Key file"
          placeholder="~/.ssh/id_ed25519"
          help="The private key on this computer. It is read when needed and never copied."
          error={error('keyPath')}
          {...register('keyPath')}
        />
      )}
    </>
  )
}

function HopFields({ boxes, self, unknownHops, onAddHop }: Omit<MachineFieldsProps, 'clients'>) {
  const { control } = useFormContext<MachineForm>()
  const possible = possibleHops(boxes, self)
  return (
    <Controller
      control={control}
      name="hops"
      render={({ field }) => {
        const left = possible.filter(({ boxId }) => !field.value.includes(boxId))
        return (
          <fieldset className="flex max-w-[496px] flex-col gap-1">
            <legend className="pb-1 text-meta text-text2">Jump hosts, nearest first</legend>
            {field.value.length === 0 && (unknownHops?.length ?? 0) === 0 && (
              <p className="text-text2">None: reached directly.</p>
            )}
            {field.value.map((id: string, at: number) => (
              <div key={id} className="flex min-h-7 items-center gap-3">
                <span className="figures text-text3">{at + 1}</span>
                <UntrustedText
                  className="min-w-0 grow truncate"
                  text={boxes.find(({ boxId }) => boxId === id)?.name ?? 'removed'}
                />
                {at > 0 && <TextButton onClick={() => field.onChange(nearer(field.value, at))}>Nearer</TextButton>}
                <TextButton onClick={() => field.onChange(field.value.filter((other: string) => other !== id))}>
                  Remove
                </TextButton>
              </div>
            ))}
            {unknownHops?.map((hop) => (
              <div key={hop.typed} className="flex items-center gap-3">
                <p className="min-w-0 grow text-warning">
                  <UntrustedText
                    text={`“${hop.typed}” is not among your machines. It needs its own trusted host key.`}
                  />
                </p>
                <Button small onClick={() => onAddHop?.(hop)}>
                  Add it as a jump host
                </Button>
              </div>
            ))}
            {left.length > 0 && (
              <select
                aria-label="Add a jump host"
                value=""
                onChange={(event) => field.onChange([...field.value, event.target.value])}
                className="h-8 w-full rounded-control border border-control bg-surface px-[10px] text-text2"
              >
                <option value="">Add a jump host…</option>
                {left.map((box) => (
                  <option key={box.boxId} value={box.boxId}>
                    {box.name}
                  </option>
                ))}
              </select>
            )}
          </fieldset>
        )
      }}
    />
  )
}

function nearer(hops: readonly string[], at: number): string[] {
  const moved = [...hops]
  const [hop] = moved.splice(at, 1)
  if (hop !== undefined) moved.splice(at - 1, 0, hop)
  return moved
}

function ClientFields({ clients }: { clients: readonly Client[] }) {
  const { register, control } = useFormContext<MachineForm>()
  const chosen = useWatch({ control, name: 'client' })
  const error = useErrors()
  const options = [
    { value: '', label: 'No client: a machine of your own' },
    ...clients
      .toSorted((a, b) => a.name.localeCompare(b.name))
      .map(({ clientId, name }) => ({ value: clientId as string, label: name })),
    { value: newClient, label: 'A new client…' },
  ]
  return (
    <>
      <Controller
        control={control}
        name="client"
        render={({ field }) => (
          <Select
            label="Client"
            options={options}
            value={field.value}
            onBlur={field.onBlur}
            onChange={field.onChange}
            error={error('client')}
          />
        )}
      />
      {chosen === newClient && (
        <Input
          label="Name of the new client"
          help="The rest of it can be stated later."
          error={error('newClient')}
          {...register('newClient')}
        />
      )}
    </>
  )
}

function ExpectedOn() {
  const { control } = useFormContext<MachineForm>()
  const expected = useWatch({ control, name: 'expected' })
  const error = useErrors()
  return (
    <>
      <Controller
        control={control}
        name="expected"
        render={({ field }) => (
          <RadioGroup label="Expected on">
            <Radio
              name="expected"
              label="Always"
              checked={field.value === 'always'}
              onChange={() => field.onChange('always')}
            />
            <Radio
              name="expected"
              label="Only at certain hours"
              help="Outside them it may be off without being called offline."
              checked={field.value === 'hours'}
              onChange={() => field.onChange('hours')}
            />
          </RadioGroup>
        )}
      />
      {expected === 'hours' && (
        <Controller
          control={control}
          name="hours"
          render={({ field }) => (
            <HoursEditor
              value={field.value}
              onChange={field.onChange}
              onBlur={field.onBlur}
              errors={Object.fromEntries([0, 1, 2, 3, 4, 5, 6].map((day) => [day, error(`hours.${day}`)]))}
            />
          )}
        />
      )}
      {error('hours') && (
        <p role="alert" className="text-meta text-critical">
          {error('hours')}
        </p>
      )}
    </>
  )
}
