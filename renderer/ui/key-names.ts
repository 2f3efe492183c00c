import { onMac } from '../platform/platform.ts'

const macNames: Record<string, string> = { mod: '⌘', shift: '⇧', alt: '⌥' }
const otherNames: Record<string, string> = { mod: 'Ctrl ', shift: '⇧', alt: 'Alt ' }
const keyNames: Record<string, string> = {
  enter: '↵',
  escape: 'Esc',
  space: 'Space',
  up: '↑',
  down: '↓',
  left: '←',
  right: '→',
  backspace: '⌫',
  pageup: 'PgUp',
  pagedown: 'PgDn',
  home: 'Home',
  end: 'End',
}

/**
 * What to print on key caps for a notation such as `mod+k` (one cap) or `g r` (two, pressed one after the other).
 * ⌘ and ⌥ are written Ctrl and Alt where the keyboard has those.
 */
export function shownKeys(keys: string, mac = onMac): string[] {
  const names = mac ? macNames : otherNames
  return keys.split(' ').map((stroke) => {
    const parts = stroke === '+' ? ['+'] : stroke.split('+')
    return parts.map((part) => names[part] ?? keyNames[part] ?? part.toUpperCase()).join('')
  })
}
