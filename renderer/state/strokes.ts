/** What of a keyboard event decides which key was meant. */
export interface Pressed {
  readonly key: string
  readonly code: string
  readonly shiftKey: boolean
  readonly altKey: boolean
  readonly ctrlKey: boolean
  readonly metaKey: boolean
}

const names: Record<string, string> = {
  ' ': 'space',
  ArrowUp: 'up',
  ArrowDown: 'down',
  ArrowLeft: 'left',
  ArrowRight: 'right',
}

const modifiers = ['Shift', 'Control', 'Alt', 'Meta', 'AltGraph', 'CapsLock', 'Dead', 'Process', 'Unidentified']

/**
 * The notation of a stroke: `j`, `shift+r`, `mod+k`, `alt+g`, `?`, `enter`. `mod` is ⌘ on a Mac and Ctrl elsewhere.
 * With ⌥ the letter comes from the key's place, because ⌥G types © on a Mac. Signs keep no `shift`: `?` is `?`.
 * Null for a modifier alone.
 */
export function strokeOf(event: Pressed, mac: boolean): string | null {
  if (modifiers.includes(event.key)) return null
  const letter = /^Key([A-Z])$/.exec(event.code)?.[1]
  const plain = event.altKey && letter ? letter.toLowerCase() : (names[event.key] ?? event.key.toLowerCase())
  const mod = mac ? event.metaKey : event.ctrlKey
  const other = mac ? event.ctrlKey : event.metaKey
  if (other) return null
  const sign = plain.length === 1 && plain.toUpperCase() === plain.toLowerCase() && !/\d/.test(plain)
  const shift = event.shiftKey && !sign
  return `${mod ? 'mod+' : ''}${event.altKey ? 'alt+' : ''}${shift ? 'shift+' : ''}${plain}`
}

/** Single letters (with or without ⇧) stay silent while a person types, and can be turned off altogether. */
export const isLetter = (stroke: string): boolean => /^(shift\+)?\p{L}$/u.test(stroke) || /^[?/]$/.test(stroke)
