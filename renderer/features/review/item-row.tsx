import { useEffect, useRef } from 'react'
import type { ReviewItem } from '../../../shared/contract/index.ts'
import { useNow } from '../../ui/age.tsx'
import { StateIcon } from '../../ui/state.tsx'
import { UntrustedText } from '../../ui/text.tsx'
import { spanText } from '../../ui/times.ts'
import { metaOf, moreOf, putOffBy, rowSentence, sentenceOfItem, subjectOf } from './order.ts'
import { untilText } from './until-words.ts'

/** The state word of a row: what waits says that it waits, not how bad it is. */
export const stateOf = (item: ReviewItem) => putOffBy(item)?.word ?? item.finding.state

/** One trouble in two lines: what is the matter with whom, and the likely cause. */
export function ItemRow({
  item,
  chosen,
  onChoose,
  onOpen,
}: {
  item: ReviewItem
  chosen: boolean
  onChoose: () => void
  onOpen: () => void
}) {
  const row = useRef<HTMLDivElement>(null)
  const now = useNow()
  const quiet = item.seen || item.section === 'later'
  const [meta, more] = [metaOf(item, now), moreOf(item)]
  useEffect(() => {
    if (chosen) row.current?.scrollIntoView({ block: 'nearest' })
  }, [chosen])
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the page's keys move, open and mark
    <div
      ref={row}
      role="option"
      aria-selected={chosen}
      tabIndex={chosen ? 0 : -1}
      data-item={item.key}
      data-seen={item.seen || item.section === 'later'}
      onClick={onChoose}
      onDoubleClick={onOpen}
      className={`ring-inside flex h-14 gap-4 border-l-2 pt-2 pr-6 pl-[22px] ${chosen ? 'border-accent bg-selected' : 'border-transparent hover:bg-sunken'}`}
    >
      <span className="flex h-5 items-center">
        <StateIcon word={stateOf(item)} label={stateOf(item)} />
      </span>
      <span className="min-w-0 flex-1">
        <span className={`flex gap-[0.3em] ${quiet ? 'text-text2' : ''}`}>
          <span className={`max-w-[60%] shrink-0 truncate ${quiet ? '' : 'font-medium'}`}>{subjectOf(item)}</span>
          <span className="truncate" title={sentenceOfItem(item)}>
            <UntrustedText text={rowSentence(item)} />
          </span>
        </span>
        <span className="block truncate text-meta text-text3">
          <UntrustedText text={meta} />
        </span>
      </span>
      <span className="flex shrink-0 flex-col items-end text-meta text-text3">
        <span className="leading-5">{asideOf(item, now)}</span>
        {more > 0 && (
          <span title={`${more} more on this machine`}>
            {more} more<span className="sr-only"> on this machine</span>
          </span>
        )}
      </span>
    </div>
  )
}

/** How long it lasts, or until when it waits. */
function asideOf(item: ReviewItem, nowMs: number): string {
  const { seen, finding } = item
  const put = putOffBy(item)
  if (put) return `until ${untilText(put.untilMs, nowMs)}`
  const lasts = nowMs - finding.sinceMs < 60_000 ? 'now' : spanText(nowMs - finding.sinceMs)
  return seen ? `seen · ${lasts}` : lasts
}
