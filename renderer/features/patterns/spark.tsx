const widthPx = 84
const heightPx = 16

/** Lines a day, today last, as bars of one hue; the numbers stand in words beside it or in its name. */
export function Spark({ perDay, label }: { perDay: readonly number[]; label: string }) {
  const most = Math.max(1, ...perDay)
  const step = widthPx / Math.max(1, perDay.length)
  return (
    <svg role="img" aria-label={label} width={widthPx} height={heightPx} className="shrink-0 text-text3">
      <path d={`M0 ${heightPx - 0.5}H${widthPx}`} stroke="currentColor" strokeWidth={1} opacity={0.4} />
      {perDay.map((lines, day) => {
        const tall = lines === 0 ? 0 : Math.max(2, (lines / most) * (heightPx - 1))
        return (
          <rect
            // biome-ignore lint/suspicious/noArrayIndexKey: a day is its place
            key={day}
            x={day * step}
            y={heightPx - tall}
            width={Math.max(1, step - 2)}
            height={tall}
            fill="currentColor"
          />
        )
      })}
    </svg>
  )
}
