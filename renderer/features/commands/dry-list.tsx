import type { CommandPreview } from '../../../shared/contract/index.ts'
import { EmptyLine, SectionLabel, UntrustedText } from '../../ui/text.tsx'

/** Whom a command reaches and whom it leaves alone, each with why. */
export function DryList({ preview, chosen }: { preview: CommandPreview | undefined; chosen: number }) {
  if (chosen === 0) return <EmptyLine>No machine is chosen.</EmptyLine>
  if (!preview) return null
  const { targets, leftOut } = preview
  return (
    <div className="readable flex flex-col gap-4">
      <section aria-label="It reaches" className="flex flex-col gap-1">
        <SectionLabel count={targets.length}>It reaches</SectionLabel>
        {targets.length === 0 && <p className="text-text2">None of the chosen machines.</p>}
        <ul className="grid grid-cols-2 gap-x-6">
          {targets.map((target) => (
            <li key={target.boxId} className="flex min-w-0 items-baseline gap-2">
              <span className="truncate">
                <UntrustedText text={target.boxName} />
              </span>
              {target.clientName !== null && (
                <span className="truncate text-meta text-text3">
                  <UntrustedText text={target.clientName} />
                </span>
              )}
            </li>
          ))}
        </ul>
      </section>
      {leftOut.length > 0 && (
        <section aria-label="Left out" className="flex flex-col gap-1">
          <SectionLabel count={leftOut.length}>Left out</SectionLabel>
          <ul className="flex flex-col">
            {leftOut.map((target) => (
              <li key={target.boxId} className="flex min-w-0 items-baseline gap-2 text-text2">
                <UntrustedText text={target.boxName} />
                <span className="text-meta text-text3">{target.why}</span>
              </li>
            ))}
          </ul>
        </section>
      )}
    </div>
  )
}
