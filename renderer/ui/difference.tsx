import type { DiffLine } from '../../shared/contract/index.ts'
import { UntrustedText } from './text.tsx'

/**
 * The place, then what went in red with a minus and what came in green with a plus.
 *
 * @param props.flush its place begins at the edge, for a list that lies on no ground of its own.
 */
export function Difference({ line, flush = false }: { line: DiffLine; flush?: boolean }) {
  return (
    <div className="pb-1">
      <p className={`break-all text-text2 ${flush ? '' : 'px-3'}`}>
        <UntrustedText text={line.path} maxChars={300} />
      </p>
      {line.before !== null && (
        <p className="flex gap-2 bg-remove-wash px-3 text-remove">
          <span aria-hidden>−</span>
          <span className="sr-only">before:</span>
          <span className="min-w-0 break-all">
            <UntrustedText text={line.before} maxChars={400} />
          </span>
        </p>
      )}
      {line.after !== null && (
        <p className="flex gap-2 bg-add-wash px-3 text-add">
          <span aria-hidden>+</span>
          <span className="sr-only">after:</span>
          <span className="min-w-0 break-all">
            <UntrustedText text={line.after} maxChars={400} />
          </span>
        </p>
      )}
    </div>
  )
}
