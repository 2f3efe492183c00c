import { Popover } from 'radix-ui'
import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import type { ReviewItem } from '../../../shared/contract/index.ts'
import { useNow } from '../../ui/age.tsx'
import { Button } from '../../ui/button.tsx'
import { dayField } from '../../ui/day-fields.ts'
import { DayInput } from '../../ui/day-input.tsx'
import { InputBox } from '../../ui/field.tsx'
import { KeyCap } from '../../ui/key-cap.tsx'
import { SectionLabel } from '../../ui/text.tsx'
import { shortDate, whenText } from '../../ui/times.ts'
import { subjectOf } from './order.ts'
import { morningOf, snoozeEnds } from './snooze-ends.ts'

/** From here on a weekday would be taken for this week's. */
const farMs = 6 * 24 * 3_600_000

const reasons = [
  { keys: 'k', words: 'Known, can wait' },
  { keys: 'w', words: 'Waiting for the client' },
  { keys: 'p', words: 'Planned' },
] as const

/**
 * Puts a row off until a morning, with a reason, at the row itself. By keyboard alone: 1 to 3 put it off at once, 4 goes
 * to a date, K W P choose the reason, Tab reaches one's own words.
 */
export function SnoozePopover({
  item,
  onSnooze,
  onClose,
}: {
  item: ReviewItem
  onSnooze: (untilMs: number, reason: string) => void
  onClose: () => void
}) {
  const anchor = useRef({
    getBoundingClientRect: () =>
      (document.querySelector(`[data-item="${CSS.escape(item.key)}"]`) ?? document.body).getBoundingClientRect(),
  })
  return (
    <Popover.Root open onOpenChange={(open) => !open && onClose()}>
      <Popover.Anchor virtualRef={anchor} />
      <Popover.Portal>
        <Popover.Content
          aria-label={`Snooze ${subjectOf(item)}`}
          align="start"
          alignOffset={48}
          sideOffset={4}
          collisionPadding={8}
          onOpenAutoFocus={(event) => event.preventDefault()}
          onCloseAutoFocus={(event) => event.preventDefault()}
          className="arrives z-10 w-[360px] rounded-pop border border-line bg-raised p-4 shadow-pop outline-none"
        >
          <Choices item={item} onSnooze={onSnooze} />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  )
}

function Choices({ item, onSnooze }: { item: ReviewItem; onSnooze: (untilMs: number, reason: string) => void }) {
  const now = useNow()
  const whole = useRef<HTMLDivElement>(null)
  const date = useRef<HTMLInputElement>(null)
  const [day, setDay] = useState(() => dayField(now, 14))
  const [picked, setPicked] = useState<string>(reasons[0].words)
  const [typed, setTyped] = useState('')
  // The keyboard belongs to the choices themselves, so that their keys act at once and no control looks chosen.
  useEffect(() => whole.current?.focus(), [])
  const ends = snoozeEnds(now)
  const reason = typed.trim() || picked
  const untilDay = morningOf(day, now)
  const press = (event: KeyboardEvent) => {
    const inText = event.target instanceof HTMLInputElement && event.target.type !== 'radio'
    if (event.key === 'Enter' && event.target === date.current && untilDay !== null) onSnooze(untilDay, reason)
    if (inText || event.metaKey || event.ctrlKey || event.altKey) return
    const end = ends[Number(event.key) - 1]
    const named = reasons.find(({ keys }) => keys === event.key.toLowerCase())
    if (end) onSnooze(end.untilMs, reason)
    else if (event.key === '4') date.current?.focus()
    else if (named) {
      setPicked(named.words)
      setTyped('')
    } else return
    event.preventDefault()
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys of its own buttons, from anywhere in it
    <div ref={whole} tabIndex={-1} className="flex flex-col gap-4 outline-none" onKeyDown={press}>
      <div className="flex flex-col gap-1">
        <SectionLabel>Snooze {subjectOf(item)} until</SectionLabel>
        <div className="mt-1 flex flex-col">
          {ends.map(({ words, untilMs }, at) => (
            <button
              key={words}
              type="button"
              onClick={() => onSnooze(untilMs, reason)}
              className="flex min-h-7 items-center gap-3 rounded-cap px-1 text-left hover:bg-selected"
            >
              <KeyCap keys={String(at + 1)} />
              <span className="flex-1">{words}</span>
              <span className="text-meta text-text3">
                {untilMs - now < farMs ? whenText(untilMs, now) : shortDate(untilMs, now)}
              </span>
            </button>
          ))}
          <div className="flex min-h-7 items-center gap-3 px-1 pt-1">
            <KeyCap keys="4" />
            <span className="flex-1">A date</span>
            <DayInput
              ref={date}
              aria-label="Until the morning of"
              min={dayField(now, 1)}
              value={day}
              onChange={setDay}
              className="max-w-[140px]"
            />
            <Button small disabled={untilDay === null} onClick={() => untilDay !== null && onSnooze(untilDay, reason)}>
              Snooze
            </Button>
          </div>
        </div>
      </div>
      <div role="radiogroup" aria-label="Reason" className="flex flex-col gap-1">
        <SectionLabel>Reason</SectionLabel>
        {reasons.map(({ keys, words }) => (
          <label key={keys} className="flex min-h-7 items-center gap-3 px-1">
            <KeyCap keys={keys} />
            <span className="flex-1">{words}</span>
            <input
              type="radio"
              name="reason"
              checked={reason === words}
              onChange={() => {
                setPicked(words)
                setTyped('')
              }}
              className="size-4 shrink-0 accent-accent"
            />
          </label>
        ))}
        <InputBox
          aria-label="Another reason"
          placeholder="Another reason, in your words"
          maxLength={200}
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
        />
      </div>
    </div>
  )
}
