import type { RowState } from '../../shared/contract/index.ts'

/** The nine shapes of a state; several words share one. */
export type Shape = 'diamond' | 'power' | 'triangle' | 'dashed' | 'arc' | 'bars' | 'check' | 'dot' | 'lock'

export type StateWordText = RowState | 'Fixed'

const shapes: Record<StateWordText, Shape> = {
  Unsafe: 'diamond',
  Silent: 'diamond',
  Failing: 'diamond',
  Offline: 'power',
  Behind: 'triangle',
  Changed: 'triangle',
  'Not seen': 'dashed',
  Working: 'arc',
  Snoozed: 'bars',
  Paused: 'bars',
  OK: 'check',
  Waiting: 'dot',
  Fixed: 'lock',
}

const colours: Record<Shape, string> = {
  diamond: 'text-critical',
  power: 'text-critical',
  triangle: 'text-warning',
  dashed: 'text-unknown',
  arc: 'text-accent',
  bars: 'text-held',
  check: 'text-ok',
  dot: 'text-text3',
  lock: 'text-text2',
}

function drawing(shape: Shape, share: number) {
  switch (shape) {
    case 'diamond':
      return <path d="M8 1.2 14.8 8 8 14.8 1.2 8Z" fill="currentColor" stroke="none" />
    case 'power':
      return <path d="M8 1.8v5.4M4.6 4.2a5.4 5.4 0 1 0 6.8 0" />
    case 'triangle':
      return <path d="M8 2.2 14.6 13.6H1.4ZM8 6.8v2.6M8 11.2v.2" />
    case 'dashed':
      return <circle cx="8" cy="8" r="6" strokeDasharray="2.1 2.61" />
    case 'arc':
      return (
        <>
          <circle cx="8" cy="8" r="6" className="text-control" />
          <circle
            cx="8"
            cy="8"
            r="6"
            pathLength={100}
            strokeDasharray={`${Math.round(share * 100)} 100`}
            transform="rotate(-90 8 8)"
            strokeWidth={3}
          />
        </>
      )
    case 'bars':
      return <path d="M5.4 3v10M10.6 3v10" strokeWidth={2.4} />
    case 'check':
      return <path d="M3 8.6 6.4 12 13 4.8" strokeWidth={2} />
    case 'dot':
      return <circle cx="8" cy="8" r="2.4" />
    case 'lock':
      return (
        <>
          <path d="M5.2 7V5a2.8 2.8 0 0 1 5.6 0v2" />
          <path d="M3.4 7.4h9.2v6.2H3.4Z" fill="currentColor" />
        </>
      )
  }
}

/** The shape alone, 16 px. Give `label` where no word stands beside it; `share` (0 to 1) fills the ring of Working. */
export function StateIcon({
  word,
  label,
  share = 0.25,
}: {
  word: StateWordText
  label?: string | undefined
  share?: number
}) {
  const shape = shapes[word]
  const look = `size-4 shrink-0 ${colours[shape]}`
  const drawn = { viewBox: '0 0 16 16', fill: 'none', stroke: 'currentColor', strokeWidth: 1.6, className: look }
  if (!label)
    return (
      <svg aria-hidden="true" {...drawn}>
        {drawing(shape, share)}
      </svg>
    )
  return (
    <svg role="img" {...drawn}>
      <title>{label}</title>
      {drawing(shape, share)}
    </svg>
  )
}

/** Shape and word, in the row's own text size. Only what is critical colours its word. */
export function StateWord({ word, share }: { word: StateWordText; share?: number }) {
  const loud = shapes[word] === 'diamond' || shapes[word] === 'power'
  return (
    <span
      className={`inline-flex h-5 items-center gap-3 align-top ${loud ? 'font-medium text-critical' : word === 'OK' || word === 'Waiting' ? 'text-text2' : ''}`}
    >
      <StateIcon word={word} {...(share === undefined ? {} : { share })} />
      {word}
    </span>
  )
}
