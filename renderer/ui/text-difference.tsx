import type { OutputDiffLine } from '../../shared/contract/index.ts'

const looks = {
  same: { mark: ' ', look: '' },
  gap: { mark: ' ', look: 'text-text3' },
  less: { mark: '−', look: 'bg-remove-wash text-remove' },
  more: { mark: '+', look: 'bg-add-wash text-add' },
} as const

/**
 * A text against another, line by line.
 *
 * @param said what is read aloud before a line of one of the two alone.
 */
export function TextDifference({
  lines,
  said,
  label,
}: {
  lines: readonly OutputDiffLine[]
  said: { less: string; more: string }
  label?: string
}) {
  return (
    <section
      aria-label={label}
      className="readable ring-inside max-h-[320px] overflow-auto bg-sunken py-2 font-mono text-code"
    >
      {lines.map((line, at) => {
        const { mark, look } = looks[line.kind]
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines of one difference never move, and two may be alike
          <p key={at} className={`flex gap-2 px-3 whitespace-pre ${look}`}>
            <span aria-hidden>{mark}</span>
            {(line.kind === 'less' || line.kind === 'more') && <span className="sr-only">{said[line.kind]}</span>}
            <span>{line.text || (line.kind === 'gap' ? '…' : ' ')}</span>
          </p>
        )
      })}
    </section>
  )
}
