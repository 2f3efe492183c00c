import type { LayerRef } from '../../../shared/contract/index.ts'
import { go } from '../../state/navigation.ts'
import { UntrustedText } from '../../ui/text.tsx'
import { sectionOf } from './words.ts'

/** A layer by name; leads to where it says the value. */
export function LayerLink({ layer, declared, words }: { layer: LayerRef; declared: string; words: string }) {
  return (
    <button
      type="button"
      className="rounded-[2px] text-left hover:text-text hover:underline"
      onClick={() => go({ page: 'overlay', layer, section: sectionOf(declared) })}
    >
      <UntrustedText text={words} maxChars={300} />
    </button>
  )
}
