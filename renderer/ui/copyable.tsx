import { useEffect, useState } from 'react'
import { KeyCap } from './key-cap.tsx'

/** Puts text on the clipboard. Answers false where the system refuses it. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    return false
  }
}

/** A value to be taken elsewhere: shown whole, copied by a click on its own button, which says so afterwards. */
export function Copyable({
  text,
  keys,
  label = 'Copy',
  mono = true,
}: {
  text: string
  keys?: string
  label?: string
  mono?: boolean
}) {
  const [said, setSaid] = useState('')
  useEffect(() => {
    if (!said) return
    const timer = setTimeout(() => setSaid(''), 2_000)
    return () => clearTimeout(timer)
  }, [said])
  const copy = async () => setSaid((await copyText(text)) ? 'Copied' : 'Not copied: the clipboard refused it')
  return (
    <span className="inline-flex max-w-full items-baseline gap-2">
      <span
        className={`readable min-w-0 ${mono ? 'font-mono text-code wrap-anywhere whitespace-pre-wrap' : 'break-words'}`}
      >
        {text}
      </span>
      <button
        type="button"
        onClick={() => void copy()}
        className="inline-flex shrink-0 items-center gap-1 rounded-cap text-meta leading-5 text-accent hover:text-accent-hover"
      >
        <span aria-live="polite">{said || label}</span>
        {keys && <KeyCap keys={keys} />}
      </button>
    </span>
  )
}
