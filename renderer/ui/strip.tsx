import type { ReactNode } from 'react'

/** A 36 px line under the header, only when there is something to say. One a page; `critical` is for what stops work. */
export function Strip({
  look = 'plain',
  announced = look !== 'plain',
  children,
  action,
}: {
  look?: 'plain' | 'warning' | 'critical'
  /** Read out by screen readers when it appears. */
  announced?: boolean
  children: ReactNode
  action?: ReactNode
}) {
  const wash = { plain: '', warning: 'bg-warning-wash', critical: 'bg-critical-wash' }[look]
  return (
    <div
      role={announced ? 'status' : undefined}
      className={`flex min-h-[37px] shrink-0 items-center justify-between gap-4 border-b border-line px-6 py-1 ${wash}`}
    >
      <div className={`readable flex flex-wrap gap-x-4 ${look === 'plain' ? 'text-text2' : 'text-text'}`}>
        {children}
      </div>
      {action}
    </div>
  )
}
