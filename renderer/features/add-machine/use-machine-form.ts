import { useState } from 'react'
import { type UseFormReturn, useForm } from 'react-hook-form'
import { type Said, said } from '../../api/fault.ts'
import { resolverOf } from '../../ui/form-errors.ts'
import { emptyMachine, type MachineForm, readForm } from './form.ts'

const resolver = resolverOf<MachineForm>(readForm)

/** Which field of the form a field of the contract is typed into; empty when none. */
function formField(field: string): keyof MachineForm | '' {
  const first = field.replace(/^fields\./, '').split('.')[0] ?? ''
  if (first === 'auth') return 'keyPath'
  if (first === 'clientId') return 'client'
  if (first === 'expectedOn') return 'hours'
  return Object.keys(emptyMachine).includes(first) ? (first as keyof MachineForm) : ''
}

export interface MachineFormState {
  methods: UseFormReturn<MachineForm>
  /** What the engine refused and no field is to blame for. */
  refused: Said | null
  saving: boolean
  /** Checks the form and, when it is good, does `act`; what is refused stands under its field or in `refused`. */
  submit: (act: (form: MachineForm) => Promise<void>) => Promise<void>
  refuse: (error: unknown) => void
}

/** The form of a machine with its judge, used to add and to edit one. */
export function useMachineForm(start: MachineForm): MachineFormState {
  const methods = useForm<MachineForm>({ defaultValues: start, resolver, mode: 'onBlur', reValidateMode: 'onChange' })
  const [refused, setRefused] = useState<Said | null>(null)
  const [saving, setSaving] = useState(false)
  const refuse = (error: unknown) => {
    const words = said(error)
    const { fault } = words
    const field = fault?.code === 'invalid-input' ? formField(fault.field) : ''
    if (fault?.code === 'already-exists')
      methods.setError(fault.what === 'client' ? 'newClient' : 'name', { message: words.sentence })
    else if (fault?.code === 'invalid-input' && field) methods.setError(field, { message: fault.detail })
    else setRefused(words)
  }
  const submit = async (act: (form: MachineForm) => Promise<void>) => {
    if (saving) return
    setRefused(null)
    setSaving(true)
    try {
      await methods.handleSubmit(act)()
    } catch (error) {
      refuse(error)
    } finally {
      setSaving(false)
    }
  }
  return { methods, refused, saving, submit, refuse }
}
