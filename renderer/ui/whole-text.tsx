import { useLayoutEffect, useRef, useState } from 'react'

/** The tip grows to this width before it breaks, px. */
const widestPx = 360

/** Under the present cell: its whole text, when the cell had to cut it. For the keyboard what a `title` is for the pointer. */
export function WholeText({ text }: { text: string }) {
  const tip = useRef<HTMLSpanElement>(null)
  const [cut, setCut] = useState(false)
  const [toLeft, setToLeft] = useState(false)
  // biome-ignore lint/correctness/useExhaustiveDependencies: what fits changes with the text
  useLayoutEffect(() => {
    const cell = tip.current?.closest('[role="gridcell"]')
    if (!cell) return
    const measure = () => {
      const grid = cell.closest('[role="grid"]')?.getBoundingClientRect()
      setToLeft(grid !== undefined && cell.getBoundingClientRect().left + widestPx > grid.right)
      const drawn = [...cell.querySelectorAll<HTMLElement>('*')].filter((each) => !each.contains(tip.current))
      setCut(
        drawn.some(
          (each) =>
            getComputedStyle(each).overflow === 'hidden' &&
            !each.classList.contains('sr-only') &&
            (each.scrollWidth > each.clientWidth || each.scrollHeight > each.clientHeight + 1),
        ),
      )
    }
    measure()
    const watch = new ResizeObserver(measure)
    watch.observe(cell)
    return () => watch.disconnect()
  }, [text])
  return (
    <span ref={tip} aria-hidden className={`absolute top-8 z-[1] ${toLeft ? 'right-0' : 'left-0'}`} hidden={!cut}>
      <span className="block w-max max-w-[360px] rounded-pop border border-line bg-raised px-3 py-1 break-words whitespace-normal shadow-pop">
        {text}
      </span>
    </span>
  )
}
