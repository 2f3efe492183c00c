import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import type { ClientChange, ClientDay } from '../../../shared/contract/index.ts'
import { UntrustedText } from '../../ui/text.tsx'
import { shortDate } from '../../ui/times.ts'
import { dayTick, dayWords, noonOf, placeOfChange } from './chart-words.ts'

const heightPx = 160
/** Every so many days one is named under its bar. */
const everyDays = 4
/** In seconds: the first and the last bar stand whole within the axis. */
const halfDay = 43_200

/** Messages in a day over the last days, as bars with an axis; changes of their machines stand on the same axis. */
export function ExchangesChart({ days, changes }: { days: readonly ClientDay[]; changes: readonly ClientChange[] }) {
  const [at, setAt] = useState(days.length - 1)
  const place = useRef<HTMLDivElement>(null)
  useChart(place, days, changes, setAt)
  const step = (event: KeyboardEvent) => {
    const by = { ArrowLeft: -1, ArrowRight: 1, Home: -days.length, End: days.length }[event.key]
    if (by === undefined) return
    event.preventDefault()
    event.stopPropagation()
    setAt((now) => Math.min(days.length - 1, Math.max(0, now + by)))
  }
  const day = days[Math.min(at, days.length - 1)]
  return (
    <div className="flex flex-col gap-1">
      {/* A chart is read day by day: arrows move along it, and each day says its figures. */}
      <div
        role="slider"
        tabIndex={0}
        aria-label="Messages in a day, over 30 days"
        aria-valuemin={1}
        aria-valuemax={days.length}
        aria-valuenow={at + 1}
        aria-valuetext={day ? dayWords(day) : ''}
        onKeyDown={step}
        className="relative"
      >
        <div ref={place} aria-hidden className="overflow-hidden" />
      </div>
      <p className="figures text-meta text-text3" aria-hidden>
        {day && dayWords(day)}
      </p>
      <Changes changes={changes} />
    </div>
  )
}

/** The ticks on the axis, in words. */
function Changes({ changes }: { changes: readonly ClientChange[] }) {
  if (changes.length === 0) return null
  return (
    <ol aria-label="Changes of their machines" className="flex flex-col">
      {changes.map((change, number) => (
        <li key={`${change.atMs} ${change.boxName} ${change.text}`} className="flex gap-3 text-meta text-text2">
          <span className="figures w-4 text-right text-text3">{number + 1}</span>
          <span className="w-28 shrink-0">{shortDate(change.atMs, Date.now())}</span>
          <span className="min-w-0 flex-1 break-words">
            <UntrustedText text={`${change.boxName}: ${change.text}`} />
          </span>
        </li>
      ))}
    </ol>
  )
}

/** What the tokens mean now: a canvas takes no `light-dark()`. */
function colours(within: HTMLElement): { bar: string; line: string; text: string; mark: string } {
  const of = (token: string): string => {
    const probe = document.createElement('span')
    probe.style.color = `var(--color-${token})`
    within.append(probe)
    const { color } = getComputedStyle(probe)
    probe.remove()
    return color
  }
  return { bar: of('control'), line: of('line'), text: of('text3'), mark: of('warning') }
}

const font = '12px "Inter Variable", system-ui, sans-serif'

/** Keeps one chart in the element: drawn anew when its days, its width or the theme change. */
function useChart(
  place: React.RefObject<HTMLDivElement | null>,
  days: readonly ClientDay[],
  changes: readonly ClientChange[],
  onDay: (at: number) => void,
): void {
  const shown = JSON.stringify([days, changes])
  // biome-ignore lint/correctness/useExhaustiveDependencies: `shown` stands for the days and changes
  useEffect(() => {
    const element = place.current
    if (!element) return
    let chart: uPlot | null = null
    const draw = () => {
      chart?.destroy()
      chart = new uPlot(optionsOf(element, days, changes, onDay), dataOf(days), element)
    }
    const resized = new ResizeObserver(() => chart?.setSize({ width: element.clientWidth, height: heightPx }))
    const themed = new MutationObserver(draw)
    const dark = window.matchMedia('(prefers-color-scheme: dark)')
    draw()
    resized.observe(element)
    themed.observe(document.documentElement, { attributeFilter: ['data-theme'] })
    dark.addEventListener('change', draw)
    return () => {
      resized.disconnect()
      themed.disconnect()
      dark.removeEventListener('change', draw)
      chart?.destroy()
    }
  }, [shown])
}

/** A day nobody knows anything of is a gap, not a zero. */
const dataOf = (days: readonly ClientDay[]): uPlot.AlignedData => [
  days.map(({ day }) => noonOf(day) / 1000),
  days.map(({ inbound }) => inbound),
]

function optionsOf(
  element: HTMLElement,
  days: readonly ClientDay[],
  changes: readonly ClientChange[],
  onDay: (at: number) => void,
): uPlot.Options {
  const { bar, line, text, mark } = colours(element)
  const most = Math.max(4, ...days.map(({ inbound }) => inbound ?? 0))
  const axis = { stroke: text, font, ticks: { show: false } } satisfies uPlot.Axis
  return {
    width: element.clientWidth,
    height: heightPx,
    legend: { show: false },
    cursor: { y: false, drag: { setScale: false }, points: { show: false } },
    scales: {
      x: { time: true, range: (_, from, to) => [from - halfDay, to + halfDay] },
      y: { range: [0, most * 1.15] },
    },
    axes: [
      {
        ...axis,
        size: 24,
        grid: { show: false },
        splits: () => days.filter((_, at) => at % everyDays === 0).map(({ day }) => noonOf(day) / 1000),
        values: (_, seconds) => seconds.map((at) => dayTick(at * 1000)),
      },
      {
        ...axis,
        size: 32,
        space: 40,
        grid: { stroke: line, width: 1 },
        incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000],
      },
    ],
    series: [
      {},
      { fill: bar, stroke: bar, width: 0, paths: uPlot.paths.bars?.({ size: [0.6, 14] }), points: { show: false } },
    ],
    hooks: {
      draw: [(chart) => drawChanges(chart, days, changes, mark)],
      setCursor: [(chart) => void (typeof chart.cursor.idx === 'number' && onDay(chart.cursor.idx))],
    },
  }
}

/** A line at each change, with its number: the words stand under the chart. */
function drawChanges(chart: uPlot, days: readonly ClientDay[], changes: readonly ClientChange[], colour: string): void {
  const { ctx, bbox } = chart
  const ratio = uPlot.pxRatio
  ctx.save()
  ctx.strokeStyle = colour
  ctx.fillStyle = colour
  ctx.lineWidth = ratio
  ctx.font = `${12 * ratio}px "Inter Variable", system-ui, sans-serif`
  ctx.textAlign = 'center'
  for (const [number, change] of changes.entries()) {
    const seconds = placeOfChange(change.atMs, days)
    if (seconds === null) continue
    const x = Math.round(chart.valToPos(seconds, 'x', true))
    ctx.beginPath()
    ctx.moveTo(x, bbox.top + 16 * ratio)
    ctx.lineTo(x, bbox.top + bbox.height)
    ctx.stroke()
    ctx.fillText(String(number + 1), x, bbox.top + 11 * ratio)
  }
  ctx.restore()
}
