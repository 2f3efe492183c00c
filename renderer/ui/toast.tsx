import { useEffect, useRef, useState } from 'react'
import { create } from 'zustand'
import { Button } from './button.tsx'

/** How long an undo is offered, in milliseconds; the time stands still while the pointer or the keyboard is on it. */
const offeredMs = 8_000

interface Toast {
  id: number
  sentence: string
  undo: () => void
}

const useToasts = create<{ toast: Toast | null; last: Toast | null }>(() => ({ toast: null, last: null }))
let nextId = 1

/** Offers to take back what was just done. The newest offer replaces the one before; both stay undoable from the diary's page. */
export function offerUndo(sentence: string, undo: () => void): void {
  const toast = { id: nextId++, sentence, undo }
  useToasts.setState({ toast, last: toast })
}

/** Keeps the way back for the undo key alone: for what can be seen and taken back where it was done. */
export function keepUndo(sentence: string, undo: () => void): void {
  useToasts.setState({ toast: null, last: { id: nextId++, sentence, undo } })
}

/** Takes back the last thing offered, also after its toast has gone. Nothing to take back: does nothing. */
export function undoLast(): void {
  const { last } = useToasts.getState()
  useToasts.setState({ toast: null, last: null })
  last?.undo()
}

/** Whether {@link undoLast} has anything to take back. */
export const useCanUndo = (): boolean => useToasts((state) => state.last !== null)

/**
 * The one place where undo offers appear, for eight seconds: bottom left, in the free room of the sidebar, so that an
 * offer covers nothing. Rendered once, by the sidebar.
 */
export function ToastRegion() {
  const toast = useToasts((state) => state.toast)
  return <div role="status">{toast && <Offer key={toast.id} toast={toast} />}</div>
}

function Offer({ toast }: { toast: Toast }) {
  const [held, setHeld] = useState(false)
  const left = useRef(offeredMs)
  useEffect(() => {
    if (held) return
    const began = performance.now()
    const timer = setTimeout(() => useToasts.setState({ toast: null }), left.current)
    return () => {
      clearTimeout(timer)
      left.current -= performance.now() - began
    }
  }, [held])
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: hovering only holds the time; the action is the button
    <div
      data-state="open"
      onMouseEnter={() => setHeld(true)}
      onMouseLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
      className="arrives mb-3 flex flex-col items-start gap-2 rounded-pop border border-line bg-raised p-2 shadow-pop"
    >
      <p className="line-clamp-5 w-full break-words" title={toast.sentence}>
        {toast.sentence}
      </p>
      <Button small keys="mod+z" onClick={undoLast}>
        Undo
      </Button>
    </div>
  )
}
