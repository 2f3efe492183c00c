import type { ReactNode } from 'react'

/** What went wrong and what to do about it, where the thing was asked for. `action` is the way to try again. */
export function FaultLines({ sentence, nextStep, action }: { sentence: string; nextStep: string; action?: ReactNode }) {
  return (
    <div role="alert" className="readable flex max-w-[72ch] flex-col gap-2">
      <div>
        <p className="break-words text-critical">{sentence}</p>
        <p className="text-text2">{nextStep}</p>
      </div>
      {action && <div className="flex gap-2">{action}</div>}
    </div>
  )
}
