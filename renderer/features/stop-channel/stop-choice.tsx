import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import { doorName } from '../../../shared/channels.ts'
import type { AccessRow } from '../../../shared/contract/index.ts'
import type { StopOrder } from '../../api/stopping.ts'
import { doorKey } from '../../state/door-key.ts'
import type { Asked } from '../../state/stopping.ts'
import { Button } from '../../ui/button.tsx'
import { KeyCap } from '../../ui/key-cap.tsx'
import { StateIcon } from '../../ui/state.tsx'
import { UntrustedText } from '../../ui/text.tsx'
import { accountOf, machinesWith, nothingToStop, whatIsStopped } from './words.ts'

/** Which channel is stopped. Enter stops the chosen one at once: there is one key back. */
export function StopChoice({
  asked,
  rows: present,
  fleet,
  onStop,
  onClose,
}: {
  asked: Asked
  /** Doors to choose from, worst first. */
  rows: readonly AccessRow[]
  fleet: readonly AccessRow[]
  onStop: (order: StopOrder) => void
  onClose: () => void
}) {
  const [atOpening] = useState(present)
  // Nothing moves under a key that is about to be pressed.
  const rows = atOpening.length > 0 ? atOpening : present
  const [picked, setPicked] = useState<string | null>(null)
  const [everywhere, setEverywhere] = useState(false)
  const whole = useRef<HTMLDivElement>(null)
  useEffect(() => whole.current?.focus(), [])
  const at = Math.max(
    0,
    rows.findIndex((row) => doorKey(row) === picked),
  )
  const row = rows[at]
  if (!row)
    return (
      <>
        <p className="text-text2">{nothingToStop(asked)}</p>
        <div>
          <Button keys="escape" onClick={onClose}>
            Close
          </Button>
        </div>
      </>
    )
  const machines = machinesWith(row.channel, fleet)
  const what = whatIsStopped(row, everywhere ? machines : null)
  const stop = () =>
    onStop({
      boxId: everywhere ? null : row.boxId,
      channel: row.channel,
      account: everywhere ? null : accountOf(row, fleet),
      what,
    })
  const move = (steps: number) => {
    const next = rows[Math.min(rows.length - 1, Math.max(0, at + steps))]
    if (next) setPicked(doorKey(next))
  }
  const keys: Record<string, () => void> = {
    ArrowDown: () => move(1),
    j: () => move(1),
    ArrowUp: () => move(-1),
    k: () => move(-1),
    e: () => machines > 1 && setEverywhere(!everywhere),
    Enter: stop,
  }
  const press = (event: KeyboardEvent) => {
    if (event.metaKey || event.ctrlKey || event.altKey || event.target instanceof HTMLButtonElement) return
    const act = keys[event.key]
    if (!act) return
    event.preventDefault()
    act()
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys of its own buttons, from anywhere in it
    <div ref={whole} tabIndex={-1} onKeyDown={press} className="flex flex-col gap-4 outline-none">
      {rows.length > 1 && <DoorList rows={rows} at={at} onPick={(each) => setPicked(doorKey(each))} />}
      <p className="readable max-w-[72ch] break-words">
        <span className="font-medium">
          <UntrustedText text={what} />
        </span>{' '}
        {everywhere ? 'will answer nobody' : <Now row={row} />}
        {everywhere ? '. One key a machine starts it again.' : '. Stopped, it answers nobody; one key starts it again.'}
      </p>
      <div className="flex flex-wrap items-center gap-2">
        <Button look="critical-filled" keys="enter" onClick={stop}>
          Stop it
        </Button>
        {machines > 1 && (
          <Button aria-pressed={everywhere} keys="e" onClick={() => setEverywhere(!everywhere)}>
            {everywhere ? 'Only this one' : `On all ${machines} machines`}
          </Button>
        )}
        <Button keys="escape" onClick={onClose}>
          Cancel
        </Button>
      </div>
    </div>
  )
}

const Now = ({ row }: { row: AccessRow }) => (
  <>
    answers <UntrustedText text={row.answers || 'nobody knows whom'} />
  </>
)

function DoorList({ rows, at, onPick }: { rows: readonly AccessRow[]; at: number; onPick: (row: AccessRow) => void }) {
  const list = useRef<HTMLDivElement>(null)
  useEffect(() => list.current?.children[at]?.scrollIntoView({ block: 'nearest' }), [at])
  return (
    <div className="flex flex-col gap-1">
      <div
        ref={list}
        role="listbox"
        aria-label="Channels"
        className="-mx-6 max-h-[252px] overflow-y-auto border-y border-line"
      >
        {rows.map((row, place) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the dialog's keys move and choose
          <div
            key={doorKey(row)}
            role="option"
            tabIndex={-1}
            aria-selected={place === at}
            onClick={() => onPick(row)}
            className={`flex h-7 items-center gap-3 border-l-2 pr-6 pl-[22px] ${place === at ? 'border-accent bg-selected' : 'border-transparent hover:bg-sunken'}`}
          >
            <StateIcon word={row.state} label={row.state} />
            <span className="w-[148px] shrink-0 truncate font-medium">
              <UntrustedText text={row.clientName || row.boxName} />
            </span>
            <span className="w-[84px] shrink-0 truncate">
              <UntrustedText text={doorName(row)} />
            </span>
            <span className="min-w-0 flex-1 truncate text-text2">
              <UntrustedText text={row.answers} />
            </span>
          </div>
        ))}
      </div>
      <p className="flex items-center gap-1 text-meta text-text3">
        <KeyCap keys="up" /> <KeyCap keys="down" /> choose
      </p>
    </div>
  )
}
