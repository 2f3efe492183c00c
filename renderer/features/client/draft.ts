import { type ClientForm, emptyClient } from './form.ts'

/** Unsaved edits of a client: what they began from, what they became, and when. */
export type Draft = { base: ClientForm; form: ClientForm; atMs: number }

/** The part of the browser's storage a draft needs. */
export type DraftStore = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>

const key = (clientId: string | null) => `wheelhouse.draft.client.${clientId ?? 'new'}`

const isForm = (value: unknown): value is ClientForm =>
  typeof value === 'object' &&
  value !== null &&
  (Object.keys(emptyClient) as (keyof ClientForm)[]).every((field) => {
    const found = (value as Record<string, unknown>)[field]
    return Array.isArray(emptyClient[field]) ? Array.isArray(found) : typeof found === typeof emptyClient[field]
  })

/** The kept draft, or null when there is none or it was written by another version of this form. */
export function readDraft(store: DraftStore, clientId: string | null): Draft | null {
  try {
    const draft: unknown = JSON.parse(store.getItem(key(clientId)) ?? 'null')
    if (typeof draft !== 'object' || draft === null) return null
    const { base, form, atMs } = draft as Record<string, unknown>
    return isForm(base) && isForm(form) && typeof atMs === 'number' ? { base, form, atMs } : null
  } catch {
    return null
  }
}

/** Keeps the draft. Returns false when this window cannot keep anything (storage full or switched off). */
export function keepDraft(store: DraftStore, clientId: string | null, draft: Draft): boolean {
  try {
    store.setItem(key(clientId), JSON.stringify(draft))
    return true
  } catch {
    return false
  }
}

/** Forgets the draft of a client; `null` is the client not yet saved. */
export function dropDraft(store: DraftStore, clientId: string | null): void {
  try {
    store.removeItem(key(clientId))
  } catch {
    // Nothing could have been kept where nothing can be removed.
  }
}

const same = (left: unknown, right: unknown) => JSON.stringify(left) === JSON.stringify(right)

/** Fields of the form that hold something else than they did. */
export function editedFields(base: ClientForm, form: ClientForm): (keyof ClientForm)[] {
  return (Object.keys(base) as (keyof ClientForm)[]).filter((field) => !same(base[field], form[field]))
}

/**
 * Lays a draft's own edits over the client as it is saved now, so that a change made elsewhere meanwhile
 * survives in every field the draft did not touch.
 *
 * @returns the form and the fields that were changed on both sides (the draft's value stands there).
 */
export function mergeDraft(draft: Draft, saved: ClientForm): { form: ClientForm; clashes: (keyof ClientForm)[] } {
  const edited = editedFields(draft.base, draft.form)
  const form = { ...saved, ...Object.fromEntries(edited.map((field) => [field, draft.form[field]])) }
  return {
    form,
    clashes: edited.filter((field) => !same(draft.base[field], saved[field]) && !same(draft.form[field], saved[field])),
  }
}
