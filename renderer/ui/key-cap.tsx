import { isLetter } from '../state/strokes.ts'
import { shownKeys } from './key-names.ts'

/**
 * A key as it is written on the keyboard in use. `keys` is the notation of actions: `mod+k`, `shift+r`, `g r`.
 * Inside a filled button it takes the button's own colour.
 */
export function KeyCap({ keys, on = 'surface' }: { keys: string; on?: 'surface' | 'accent' | 'critical' }) {
  const edge = on === 'surface' ? 'border-line text-text3' : 'border-current text-current'
  return (
    <span data-letter={isLetter(keys.split(' ')[0] ?? '') || undefined} className="inline-flex gap-1">
      {shownKeys(keys).map((shown) => (
        <kbd
          key={shown}
          className={`inline-flex h-[18px] min-w-[17px] items-center justify-center rounded-cap border px-1 font-mono text-[12px] leading-none font-normal ${edge}`}
        >
          {shown}
        </kbd>
      ))}
    </span>
  )
}
