import { type ReactNode, useEffect, useRef } from 'react'

/** ⌘↵ presses the one button marked `data-primary` in a sheet, wherever the keyboard is: what had it may be gone by then. */
export function PrimaryByKey({ children }: { children: ReactNode }) {
  const whole = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.key !== 'Enter' || !(event.metaKey || event.ctrlKey)) return
      event.preventDefault()
      whole.current?.querySelector<HTMLButtonElement>('button[data-primary]:not(:disabled)')?.click()
    }
    document.addEventListener('keydown', press)
    return () => document.removeEventListener('keydown', press)
  }, [])
  return (
    <div ref={whole} className="readable flex flex-col gap-6">
      {children}
    </div>
  )
}
