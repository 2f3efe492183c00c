import type { BoxFields, ImportRow } from '../../../shared/contract/index.ts'
import { untrusted } from '../../../shared/untrusted.ts'
import { hostProblem, userProblem } from '../check.ts'

/** A machine as a file or a pasted command gives it. */
export interface DraftBox {
  readonly name: string
  readonly host: string
  readonly user: string
  readonly port: number
  readonly auth: BoxFields['auth']
  readonly keepAliveS: number | null
  readonly jumpOnly?: boolean
  readonly ring?: BoxFields['ring']
}

export const asBox = (draft: DraftBox): NonNullable<ImportRow['box']> => ({
  ring: 'rest',
  jumpOnly: false,
  ...draft,
  expectedOn: { kind: 'always' },
})

/** Stands for a host or user that was refused already, so that it is not refused twice. The row is not usable. */
export const alreadyRefused = 'refused'

/** A row of the preview: usable when nothing is wrong with it. */
export function draftRow(line: number, draft: DraftBox, problems: readonly string[], clientName = ''): ImportRow {
  const wrong = [
    ...problems,
    ...(draft.name.length > 80 ? ['The name has more than 80 characters.'] : []),
    ...(draft.host === ''
      ? ['There is no host.']
      : draft.host.length > 255
        ? ['The host has more than 255 characters.']
        : problemOf(hostProblem(draft.host))),
    ...(draft.user === ''
      ? ['There is no user.']
      : draft.user.length > 100
        ? ['The user has more than 100 characters.']
        : problemOf(userProblem(draft.user))),
  ]
  return {
    line,
    name: draft.name,
    box: wrong.length > 0 ? null : asBox(draft),
    clientName,
    hopNames: [],
    problems: wrong,
    duplicateOf: null,
  }
}

const problemOf = (problem: string | null): string[] => (problem === null ? [] : [problem])

/**
 * A name out of a file, safe to show and to export: hidden characters become visible, and signs that make a spreadsheet
 * take a name for a formula are dropped from its beginning. `note` says what was done.
 */
export function cleanName(raw: string): { name: string; note: string | null } {
  const shown = untrusted(raw.trim(), 80)
  const name = shown.replace(/^[=+@\-\s]+/, '')
  if (name !== shown) return { name, note: 'The name began like a formula; those signs were dropped.' }
  return {
    name,
    note: shown === raw.trim() ? null : 'The name held hidden characters or was too long; they are shown or cut.',
  }
}
