import { type FieldErrors, type FieldValues, type Resolver, set } from 'react-hook-form'

/** Sentences keyed by path (`contacts.0.name`) as the tree a form library shows under its fields. */
export function nestErrors<T extends FieldValues>(flat: Readonly<Record<string, string>>): FieldErrors<T> {
  const tree: Record<string, unknown> = {}
  for (const [path, message] of Object.entries(flat)) set(tree, path, { type: 'read', message })
  return tree as FieldErrors<T>
}

/** Paths of all sentences in the tree, in the order of the form. */
export function errorPaths(errors: unknown, path = ''): string[] {
  if (typeof errors !== 'object' || errors === null) return []
  if ('message' in errors && typeof errors.message === 'string') return [path]
  return Object.entries(errors)
    .filter(([key]) => key !== 'ref')
    .flatMap(([key, inner]) => errorPaths(inner, path ? `${path}.${key}` : key))
}

/** The sentence at a path of the tree, or undefined. */
export function errorAt(errors: unknown, path: string): string | undefined {
  let at: unknown = errors
  for (const key of path.split('.'))
    at = typeof at === 'object' && at !== null ? (at as Record<string, unknown>)[key] : undefined
  const message = typeof at === 'object' && at !== null && 'message' in at ? at.message : undefined
  return typeof message === 'string' ? message : undefined
}

/** A form library's judge made of a pure reader: the form is good when the reader names no errors. */
export function resolverOf<T extends FieldValues>(read: (form: T) => { errors: Record<string, string> }): Resolver<T> {
  return (values) => {
    const { errors } = read(values)
    return Object.keys(errors).length === 0 ? { values, errors: {} } : { values: {}, errors: nestErrors<T>(errors) }
  }
}

/** "2 fields need another look": how a header counts what is wrong; empty when nothing is. */
export function errorCountWords(count: number): string {
  if (count === 0) return ''
  return count === 1 ? '1 field needs another look' : `${count} fields need another look`
}
