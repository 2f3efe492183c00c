import { Controller, useFormContext, useWatch } from 'react-hook-form'
import type { Client } from '../../../shared/contract/index.ts'
import { Checkbox, Input, Radio, RadioGroup, Select } from '../../ui/field.tsx'
import { errorAt } from '../../ui/form-errors.ts'
import { HoursEditor } from '../../ui/hours-editor.tsx'
import { type MachineForm, newClient, rings } from './form.ts'
import { HopFields, type HopFieldsProps } from './hops.tsx'

export interface MachineFieldsProps extends HopFieldsProps {
  clients: readonly Client[]
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
      <Input label="Name" help="What you call this machine." error={error('name')} {...register('name')} />
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
              none="off"
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
