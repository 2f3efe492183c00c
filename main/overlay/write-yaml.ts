import { Document, isMap, isScalar, visit } from 'yaml'

/** What YAML would take as it is, and no screen shows. A line's end is none of it. */
const unseen = /[\p{Cf}\p{Cs}\u2028\u2029\uFEFF\x7f-\x9f]/u
const everyUnseen = new RegExp(unseen, 'gu')

const escaped = (char: string): string =>
  Array.from({ length: char.length }, (_, at) => `\\u${char.charCodeAt(at).toString(16).padStart(4, '0')}`).join('')

/**
 * An object of plain data as plain YAML: no anchors, tags or folded text; one spelling for one value, read alike by
 * YAML 1.1 and 1.2. Its own names keep their order, all names inside are sorted by code unit: the same on every
 * computer. Pure.
 */
export function writeYaml(value: object): string {
  const document = new Document(value, { aliasDuplicateObjects: false, compat: 'yaml-1.1' })
  visit(document, {
    Map(_, map) {
      if (map === document.contents) return
      map.items.sort((a, b) => (nameOf(a.key) < nameOf(b.key) ? -1 : 1))
    },
    Scalar(_, scalar) {
      if (typeof scalar.value !== 'string') return
      if (unseen.test(scalar.value) || scalar.value.includes('\r')) scalar.type = 'QUOTE_DOUBLE'
    },
  })
  if (isMap(document.contents) && document.contents.items.length === 0) return '{}\n'
  return document.toString({ lineWidth: 0, blockQuote: false }).replace(everyUnseen, escaped)
}

const nameOf = (key: unknown): string => String(isScalar(key) ? key.value : key)
