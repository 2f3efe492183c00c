import type { ReactNode } from 'react'
import type { PlanChange } from '../../shared/contract/index.ts'
import { UntrustedText } from './text.tsx'

type Line = Pick<PlanChange, 'path' | 'before' | 'after'>

/** Settings before and after, `path: value` each, as a diff; under each change what `about` says of it. */
export function Diff<Change extends Line>({
  changes,
  about,
}: {
  changes: readonly Change[]
  about?: (change: Change) => ReactNode
}) {
  return (
    <div className="flex flex-col font-mono text-code">
      {changes.map((change) => (
        <div key={change.path}>
          {change.before !== null && <DiffSide sign="−" path={change.path} value={change.before} />}
          {change.after !== null && <DiffSide sign="+" path={change.path} value={change.after} />}
          {about?.(change)}
        </div>
      ))}
    </div>
  )
}

/** One side of a change; with `path`, `path: value`. */
export function DiffSide({ sign, path, value }: { sign: '−' | '+'; path?: string; value: string }) {
  const look = sign === '−' ? 'bg-remove-wash text-remove' : 'bg-add-wash text-add'
  return (
    <p className={`flex gap-2 px-2 ${look}`}>
      <span aria-hidden>{sign}</span>
      <span className="sr-only">{sign === '−' ? 'before:' : 'after:'}</span>
      <span className="min-w-0 wrap-anywhere">
        {path !== undefined && (
          <>
            <UntrustedText text={path} maxChars={300} />
            {': '}
          </>
        )}
        <UntrustedText text={value} maxChars={400} />
      </span>
    </p>
  )
}
