import { useEffect, useState } from 'react'
import { elapsedText } from '../../ui/times.ts'

/** How long something has been waited for; nothing for the first 300 ms. */
export function Elapsed() {
  const [ms, setMs] = useState(0)
  useEffect(() => {
    const began = performance.now()
    const timer = setInterval(() => setMs(performance.now() - began), 100)
    return () => clearInterval(timer)
  }, [])
  return ms < 300 ? null : <span className="figures text-meta text-text3">{elapsedText(ms)}</span>
}
