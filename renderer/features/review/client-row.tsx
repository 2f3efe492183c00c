import { useEffect, useRef } from 'react'
import type { ReviewClient } from '../../../shared/contract/index.ts'
import { useNow } from '../../ui/age.tsx'
import { Button } from '../../ui/button.tsx'
import { StateIcon } from '../../ui/state.tsx'
import { UntrustedText } from '../../ui/text.tsx'
import { shortDate } from '../../ui/times.ts'
import { PaneLine, PaneSection } from './item-pane.tsx'
import { untilText } from './until-words.ts'

/** The state a client without a trouble shows: it waits for its day, it is watched, or it is away. */
const stateOf = ({ section, pause }: ReviewClient) =>
  pause ? ('Paused' as const) : section === 'building' ? ('Waiting' as const) : ('OK' as const)

/** A client that is being built, just went live or is paused, in two lines as a trouble. */
export function ClientRow({
  client,
  rowKey,
  chosen,
  onChoose,
  onOpen,
}: {
  client: ReviewClient
  rowKey: string
  chosen: boolean
  onChoose: () => void
  onOpen: () => void
}) {
  const row = useRef<HTMLDivElement>(null)
  const now = useNow()
  useEffect(() => {
    if (chosen) row.current?.scrollIntoView({ block: 'nearest' })
  }, [chosen])
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the page's keys move and open
    <div
      ref={row}
      role="option"
      aria-selected={chosen}
      tabIndex={chosen ? 0 : -1}
      data-item={rowKey}
      onClick={onChoose}
      onDoubleClick={onOpen}
      className={`ring-inside flex h-14 gap-4 border-l-2 pt-2 pr-6 pl-[22px] ${chosen ? 'border-accent bg-selected' : 'border-transparent hover:bg-sunken'}`}
    >
      <span className="flex h-5 items-center">
        <StateIcon word={stateOf(client)} label={stateOf(client)} />
      </span>
      <span className="min-w-0 flex-1">
        <span className="flex gap-[0.3em]">
          <span className="max-w-[60%] shrink-0 truncate font-medium">
            <UntrustedText text={client.name} />
          </span>
          <span className="truncate">{client.sentence}</span>
        </span>
        <span className="block truncate text-meta text-text3">{client.detail}</span>
      </span>
      {client.atMs !== null && (
        <span className="shrink-0 text-meta leading-5 text-text3">
          {client.pause ? `until ${untilText(client.atMs, now)}` : shortDate(client.atMs, now)}
        </span>
      )}
    </div>
  )
}

/** What is known of a client that asks for nothing now, and where it goes on. */
export function ClientPane({
  client,
  onOpen,
  endPause,
}: {
  client: ReviewClient
  onOpen: () => void
  endPause: () => void
}) {
  const now = useNow()
  return (
    <div className="readable flex flex-col gap-4 px-6 py-4">
      <header className="flex flex-col gap-1">
        <h2 className="text-lead font-semibold">
          <UntrustedText text={client.name} /> {client.sentence}
        </h2>
        <p className="text-meta text-text3">{client.detail}</p>
      </header>
      {client.pause ? (
        <PaneSection label="Paused">
          <PaneLine name="Since">{shortDate(client.pause.fromMs, now)}</PaneLine>
          <PaneLine name="Until">{untilText(client.pause.untilMs, now)}</PaneLine>
          <PaneLine name="Why">{client.pause.reason}</PaneLine>
        </PaneSection>
      ) : (
        <p className="max-w-[72ch] text-text2">No trouble is open here.</p>
      )}
      <div className="flex gap-2">
        <Button small look="primary" keys="enter" onClick={onOpen}>
          Open the client
        </Button>
        {client.pause && (
          <Button small onClick={endPause}>
            End the pause
          </Button>
        )}
      </div>
    </div>
  )
}
