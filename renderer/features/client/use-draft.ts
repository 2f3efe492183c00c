import { useEffect, useRef, useState } from 'react'
import { type UseFormReturn, useWatch } from 'react-hook-form'
import { dropDraft, editedFields, keepDraft, mergeDraft, readDraft } from './draft.ts'
import type { ClientForm } from './form.ts'

export interface DraftState {
  /** Fields that hold something unsaved. */
  edited: readonly (keyof ClientForm)[]
  /** When the edits that came back with the page were made; null when none came back. */
  backFromMs: number | null
  /** Fields that were changed elsewhere too; the draft's value stands there. */
  clashes: readonly (keyof ClientForm)[]
  /** Forgets all unsaved edits. */
  discard: () => void
  /** Takes a save's result as what is stored now. */
  settle: (form: ClientForm) => void
}

/**
 * Keeps the form's unsaved edits in this window's storage until they are saved or discarded, brings them back, and
 * lets changes made elsewhere meanwhile through in every field that was not edited here.
 */
export function useDraft(clientId: string | null, saved: ClientForm, methods: UseFormReturn<ClientForm>): DraftState {
  const { control, getValues, reset } = methods
  const base = useRef<ClientForm>(saved)
  const [backFromMs, setBackFromMs] = useState<number | null>(null)
  const [clashes, setClashes] = useState<readonly (keyof ClientForm)[]>([])
  const form = useWatch({ control, compute: (values: ClientForm) => values })
  const edited = editedFields(base.current, form)

  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the page opens
  useEffect(() => {
    const draft = readDraft(localStorage, clientId)
    if (!draft) return
    const merged = mergeDraft(draft, saved)
    reset(merged.form, { keepDefaultValues: true })
    setBackFromMs(draft.atMs)
    setClashes(merged.clashes)
  }, [])

  const stored = JSON.stringify(saved)
  // biome-ignore lint/correctness/useExhaustiveDependencies: `stored` stands for the client as it is saved
  useEffect(() => {
    if (stored === JSON.stringify(base.current)) return
    const merged = mergeDraft({ base: base.current, form: getValues(), atMs: 0 }, saved)
    base.current = saved
    reset(merged.form, { keepErrors: true })
    setClashes(merged.clashes)
  }, [stored])

  const text = JSON.stringify(form)
  // biome-ignore lint/correctness/useExhaustiveDependencies: `text` stands for what is in the form
  useEffect(() => {
    if (edited.length > 0)
      keepDraft(localStorage, clientId, { base: base.current, form: getValues(), atMs: Date.now() })
    else dropDraft(localStorage, clientId)
  }, [text, edited.length === 0])

  const settle = (now: ClientForm) => {
    base.current = now
    dropDraft(localStorage, clientId)
    reset(now)
    setBackFromMs(null)
    setClashes([])
  }
  return { edited, backFromMs, clashes, settle, discard: () => settle(base.current) }
}
