import { untrusted } from '../../shared/untrusted.ts'

/** Names up to this length are never cut in the middle, and this many signs at the end always stay. */
const shortChars = 16
const tailChars = 8

/**
 * A machine's name that fits its place: what does not fit is left out of the middle, because the end tells machines
 * apart. The whole name stays in the page for search, copying and screen readers.
 */
export function MachineName({ name, className = '' }: { name: string; className?: string }) {
  const shown = untrusted(name)
  const points = [...shown]
  if (points.length <= shortChars) return <bdi className={`min-w-0 truncate ${className}`}>{shown}</bdi>
  return (
    <bdi title={shown} className={`flex min-w-0 ${className}`}>
      <span className="sr-only">{shown}</span>
      <span aria-hidden className="truncate">
        {points.slice(0, -tailChars).join('')}
      </span>
      <span aria-hidden className="shrink-0 whitespace-pre">
        {points.slice(-tailChars).join('')}
      </span>
    </bdi>
  )
}
