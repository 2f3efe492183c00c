import { untrusted } from '../../../shared/untrusted.ts'

const variable = /(<(?:n|id|time|url|path|address|\*)>)/

/** The words that are always there; what differs from line to line is quieter. */
export function PatternText({ text, maxChars = 200 }: { text: string; maxChars?: number }) {
  return (
    <bdi className="font-mono text-code">
      {untrusted(text, maxChars)
        .split(variable)
        .map((part, place) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: parts of one text never move
          <span key={place} className={variable.test(part) ? 'text-text3' : undefined}>
            {part}
          </span>
        ))}
    </bdi>
  )
}
