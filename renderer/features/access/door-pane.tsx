import type { ReactNode } from 'react'
import { doorName, kindWords } from '../../../shared/channels.ts'
import type { AccessDoor, AccessRow } from '../../../shared/contract/index.ts'
import { sentenceOf } from '../../api/sentence.ts'
import { useRunningSweep } from '../../api/sweeping.ts'
import { Age } from '../../ui/age.tsx'
import { Button } from '../../ui/button.tsx'
import { StateIcon } from '../../ui/state.tsx'
import { SectionLabel, UntrustedText } from '../../ui/text.tsx'
import { DoorRules } from './door-rules.tsx'
import { People } from './people.tsx'
import { Strangers } from './strangers.tsx'
import { configWords, directWords, doorSentence, groupWords } from './words.ts'

export interface DoorActs {
  readonly machine: () => void
  readonly log: () => void
  /** To the form that says who may talk there. */
  readonly edit: () => void
  readonly sweep: () => void
  /** Who was answered and may not be. */
  readonly show: () => void
  readonly lookedAfter: () => void
  /** Opens the kill switch with this door. */
  readonly stop: () => void
  /** The change that mends its rules; null: none is broken there. */
  readonly fix: (() => void) | null
  /** Whom it would answer, and the way to turn it on; null: it is not off. */
  readonly start: (() => void) | null
}

/** The present door: whom it answers and why, which rules it breaks, and what can be done. */
export function DoorPane({
  row,
  door,
  error,
  acts,
  held,
}: {
  row: AccessRow
  /** Null while it is asked for. */
  door: AccessDoor | null
  error: Error | null
  acts: DoorActs
  /** Why nothing can be changed; undefined: it can. */
  held: string | undefined
}) {
  return (
    <aside
      aria-label="The chosen door"
      data-state="open"
      className="arrives absolute inset-y-0 right-0 z-[3] flex w-[480px] flex-col overflow-y-auto border-l border-line bg-surface shadow-pop"
    >
      <div className="readable flex flex-1 flex-col gap-6 px-6 py-4">
        <Lead row={row} />
        {error && <p className="text-warning">{sentenceOf(error)}</p>}
        {door && (
          <>
            <Strangers door={door} held={held} onShow={acts.show} onLookedAfter={acts.lookedAfter} />
            <DoorRules rules={door.rules} only="not-holding" />
            <People people={door.people} more={door.morePeople} direct={door.direct} onEdit={acts.edit} />
            <Ways door={door} />
            <Because lines={door.because} />
            <DoorRules rules={door.rules} only="holding" />
          </>
        )}
      </div>
      <NextStep acts={acts} held={held} />
    </aside>
  )
}

function Lead({ row }: { row: AccessRow }) {
  return (
    <header className="flex flex-col gap-1">
      <h2 className="flex gap-3 text-lead font-semibold">
        <span className="flex h-6 items-center">
          <StateIcon word={row.state} label={row.state} />
        </span>
        <span className="min-w-0 break-words">
          <UntrustedText text={row.clientName || row.boxName} /> <UntrustedText text={doorSentence(row)} /> on{' '}
          <UntrustedText text={doorName(row)} />
        </span>
      </h2>
      <p className="text-meta break-words text-text3">
        {[row.clientName ? row.boxName : '', row.profile === 'default' ? '' : row.profile].filter(Boolean).join(' · ')}
        {row.clientName && ' · '}
        {row.kind === null ? 'whose it is: not said yet, judged as the client’s own' : kindWords(row.kind)}
        {' · read '}
        <Age atMs={row.readAtMs} inSentence className="" />
      </p>
    </header>
  )
}

/** Name 132 px, value. */
export function PaneLine({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="flex gap-3">
      <dt className="w-[132px] shrink-0 text-text2">{name}</dt>
      <dd className="min-w-0 flex-1 break-words">{children}</dd>
    </div>
  )
}

function Ways({ door }: { door: AccessDoor }) {
  const loud = (is: boolean) => (is ? 'font-medium text-critical' : '')
  return (
    <section aria-label="Ways in" className="flex flex-col gap-2">
      <SectionLabel>Ways in</SectionLabel>
      <dl className="flex flex-col gap-1">
        <PaneLine name="Direct messages">
          <span className={loud(door.direct === 'everyone' && door.row.kind !== 'public')}>
            {directWords[door.direct]}
          </span>
        </PaneLine>
        <PaneLine name="Groups">
          <span className={loud(door.groups === 'everyone')}>{groupWords[door.groups]}</span>
        </PaneLine>
        <PaneLine name="Config by chat">
          <span className={loud(door.chatMayChangeConfig === true)}>{configWords(door.chatMayChangeConfig)}</span>
        </PaneLine>
      </dl>
    </section>
  )
}

/** What decided it: config, account override, pairing store, default of that version. */
function Because({ lines }: { lines: readonly string[] }) {
  if (lines.length === 0) return null
  return (
    <section aria-label="Where it comes from" className="flex flex-col gap-2">
      <SectionLabel>Where it comes from</SectionLabel>
      <ul className="flex flex-col">
        {lines.map((line) => (
          <li key={line} className="font-mono text-code break-words text-text2">
            <UntrustedText text={line} />
          </li>
        ))}
      </ul>
    </section>
  )
}

function NextStep({ acts, held }: { acts: DoorActs; held: string | undefined }) {
  const running = useRunningSweep() !== null
  return (
    <section aria-label="Next step" className="sticks-below">
      <div className="flex flex-wrap items-center gap-2 bg-surface px-6 pt-3 pb-4">
        {acts.fix && (
          <Button small look="primary" keys="f" disabled={held !== undefined} onClick={acts.fix}>
            Fix the rules
          </Button>
        )}
        {acts.start ? (
          <Button
            small
            look={acts.fix ? 'default' : 'primary'}
            keys="s"
            disabled={held !== undefined}
            onClick={acts.start}
          >
            Start it again
          </Button>
        ) : (
          <Button small look="critical" keys="shift+k" disabled={held !== undefined} onClick={acts.stop}>
            Stop this channel
          </Button>
        )}
        <Button small keys="o" onClick={acts.machine}>
          Open the machine
        </Button>
        <Button small keys="l" onClick={acts.log}>
          Log
        </Button>
        <Button small keys="r" disabled={running} onClick={acts.sweep}>
          Sweep
        </Button>
        {(held ?? (running ? 'A sweep is running.' : '')) && (
          <span className="text-meta text-text3">{held ?? 'A sweep is running.'}</span>
        )}
      </div>
    </section>
  )
}
