import { isSecretName } from '../secret-text.ts'
import { isMark } from './marks.ts'

/** One value of a JSON text, with where it stands in it. */
export interface JsonValue {
  /** Of the field; an entry of a list has the list's. */
  readonly name: string
  readonly kind: 'text' | 'number'
  /** Decoded. */
  readonly value: string
  /** A field above it is named like a secret, or holds variables of an environment. */
  readonly inSecret: boolean
  readonly depth: number
  /** The text value before it in the same list or object: `--token`, `{name: 'Authorization', value: …}`. */
  readonly before: string
}

interface Frame {
  readonly name: string
  readonly isList: boolean
  readonly inSecret: boolean
  before: string
}

const folder = /^(env|environment|vars|secrets|cookies|cookie_?jar)$/i
const mostDepth = 200

/**
 * Changes values of a JSON text in their places; everything else of it stays as it was written, spaces, order, numbers
 * and fields that are there twice included. One pass, and no deeper than 200.
 *
 * @param change what stands for a value; null leaves it.
 * @returns null: this is no JSON.
 */
export function changeJson(text: string, change: (value: JsonValue) => string | null): string | null {
  const frames: Frame[] = []
  let out = ''
  let done = 0
  let at = 0
  let name = ''
  let awaitsName = false
  const top = (): Frame | undefined => frames[frames.length - 1]
  const take = (kind: JsonValue['kind'], value: string, from: number, to: number): void => {
    const frame = top()
    const found = {
      name,
      kind,
      value,
      inSecret: frame?.inSecret ?? false,
      depth: frames.length,
      before: frame?.before ?? '',
    }
    const changed = isMark(value) ? null : change(found)
    if (changed !== null && changed !== value) {
      out += text.slice(done, from) + JSON.stringify(changed)
      done = to
    }
    if (frame) frame.before = kind === 'text' ? value.slice(0, 200) : ''
  }
  while (at < text.length) {
    const char = text[at] ?? ''
    if (char === ' ' || char === '\t' || char === '\n' || char === '\r' || char === ':') at += 1
    else if (char === '{' || char === '[') {
      if (frames.length >= mostDepth) return null
      const isList = char === '['
      const above = top()
      const inSecret =
        (above?.inSecret ?? false) ||
        (name !== '' && name !== 'auth' && (isSecretName(name) || folder.test(name)) && !/tokens|usage/i.test(name))
      frames.push({ name, isList, inSecret, before: '' })
      awaitsName = !isList
      at += 1
    } else if (char === '}' || char === ']') {
      const frame = frames.pop()
      if (frame === undefined || frame.isList !== (char === ']')) return null
      at += 1
    } else if (char === ',') {
      const frame = top()
      if (frame === undefined) return null
      awaitsName = !frame.isList
      if (frame.isList) name = frame.name
      at += 1
    } else if (char === '"') {
      const to = endOfString(text, at + 1)
      if (to < 0) return null
      const value = decoded(text.slice(at, to))
      if (value === null) return null
      if (awaitsName) name = value
      else take('text', value, at, to)
      awaitsName = false
      at = to
    } else {
      const [word = ''] = /^[-+.\w]{1,60}/.exec(text.slice(at, at + 61)) ?? []
      if (!/^(true|false|null|-?\d+(\.\d+)?([eE][+-]?\d+)?)$/.test(word)) return null
      if (/^-?\d/.test(word)) take('number', word, at, at + word.length)
      at += word.length
    }
  }
  return frames.length === 0 ? out + text.slice(done) : null
}

function endOfString(text: string, from: number): number {
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === 92) at += 1
    else if (code === 34) return at + 1
  }
  return -1
}

function decoded(text: string): string | null {
  if (!text.includes('\\')) return text.slice(1, -1)
  try {
    return JSON.parse(text) as string
  } catch {
    return null
  }
}
