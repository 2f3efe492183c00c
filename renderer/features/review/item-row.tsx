import { useEffect, useRef } from 'react'
import type { ReviewItem } from '../../../shared/contract/index.ts'
import { useNow } from '../../ui/age.tsx'
import { StateIcon } from '../../ui/state.tsx'
import { UntrustedText } from '../../ui/text.tsx'
import { spanText } from '../../ui/times.ts'
import { metaOf, sentenceOfItem, subjectOf } from './order.ts'

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
  const { finding } = item
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
      data-seen={item.seen}
      onClick={onChoose}
      onDoubleClick={onOpen}
      className={`ring-inside flex h-14 gap-4 border-l-2 pt-2 pr-6 pl-[22px] ${chosen ? 'border-accent bg-selected' : 'border-transparent hover:bg-sunken'}`}
    >
      <span className="flex h-5 items-center">
        <StateIcon word={finding.state} label={finding.state} />
      </span>
      <span className="min-w-0 flex-1">
        <span className={`flex gap-[0.3em] ${item.seen ? 'text-text2' : ''}`}>
          <span className={`max-w-[60%] shrink-0 truncate ${item.seen ? '' : 'font-medium'}`}>{subjectOf(item)}</span>
          <span className="truncate">
            <UntrustedText text={sentenceOfItem(item)} />
          </span>
        </span>
        <span className="block truncate text-meta text-text3">
          <UntrustedText text={metaOf(item)} />
        </span>
      </span>
      <span className="shrink-0 text-meta leading-5 text-text3">
        {item.seen ? 'seen · ' : ''}
        {now - finding.sinceMs < 60_000 ? 'now' : spanText(now - finding.sinceMs)}
      </span>
    </div>
  )
}
