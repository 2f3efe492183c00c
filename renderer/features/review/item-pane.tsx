import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import type { Finding, ReviewItem } from '../../../shared/contract/index.ts'
import { orpc } from '../../api/queries.ts'
import { Age, useNow } from '../../ui/age.tsx'
import { Button, MoreButton } from '../../ui/button.tsx'
import { isUndecided, OutsideChanges } from '../../ui/outside-changes.tsx'
import { Menu, type MenuItem } from '../../ui/popover.tsx'
import { StateIcon } from '../../ui/state.tsx'
import { SectionLabel, UntrustedText } from '../../ui/text.tsx'
import { agoText, clockTime, whenText } from '../../ui/times.ts'
import { type NextAction, nextAction } from './next-action.ts'
import { alsoOf, machinesOf, sentenceOfItem, subjectOf } from './order.ts'
import { untilText } from './until-words.ts'

export interface ItemActions {
  /** What Enter does. */
  next: () => void
  machine: () => void
  /** Whom its agent answers, and why. */
  access: () => void
  triage: () => void
  /** The kill switch, with the channels of this machine. */
  stop: () => void
  /** The change that mends the rules it breaks; undefined: it breaks none. */
  fix: (() => void) | undefined
  /** The machine's log at the moment the trouble began. */
  log: () => void
  message: (() => void) | undefined
  snooze: () => void
  /** The first flag of the machine is done; undefined: it has none. */
  flagDone: (() => void) | undefined
  mark: () => void
  copySsh: () => void
  sweep: () => void
  openClient: (() => void) | undefined
  pause: (() => void) | undefined
  hold: (() => void) | undefined
  endHold: (() => void) | undefined
  openMachine: (finding: Finding) => void
}

/** Whether the pane tells the changes of the machine whole. */
const tellsChanges = (item: ReviewItem): boolean =>
  item.section !== 'later' && [item.finding, ...alsoOf(item)].some(({ cause }) => cause === 'changed-outside')

/** Everything known about one trouble, ending in what to do. Changes without the operator are told whole, with their keys. */
export function ItemPane({ item, actions }: { item: ReviewItem; actions: ItemActions }) {
  const { finding } = item
  const { data: state } = useQuery(orpc.app.state.queryOptions())
  const part = 'readable flex flex-col gap-4 px-6 py-4 empty:hidden'
  if (!tellsChanges(item))
    return (
      <>
        <div className={part}>
          <About item={item} actions={actions} />
          <Then item={item} />
        </div>
        <NextStep item={item} actions={actions} readOnly={state?.readOnly ?? false} />
      </>
    )
  return (
    <>
      <div className={`${part} pb-0`}>
        <About item={item} actions={actions} />
      </div>
      <OutsideChanges boxId={finding.boxId} readOnly={state?.readOnly ?? false} />
      <div className={`${part} pt-0`}>
        <Then item={item} />
      </div>
      <NextStep item={item} actions={actions} readOnly={state?.readOnly ?? false} />
    </>
  )
}

function About({ item, actions }: { item: ReviewItem; actions: ItemActions }) {
  const { finding } = item
  return (
    <>
      <header className="flex flex-col gap-1">
        <h2 className="text-lead font-semibold">
          {subjectOf(item)} <UntrustedText text={sentenceOfItem(item)} />
        </h2>
        <PaneMeta finding={finding} />
        <Waits item={item} />
      </header>
      {machinesOf(item).length > 0 && <Machines item={item} openMachine={actions.openMachine} />}
      {finding.evidence.length > 0 && finding.cause !== 'changed-outside' && (
        <PaneSection label="What we saw">
          {finding.evidence.slice(0, 5).map((fact) => (
            <PaneLine
              key={fact.name}
              name={fact.name}
              aside={fact.takenAtMs === null ? null : <Age atMs={fact.takenAtMs} />}
            >
              <UntrustedText text={fact.value} />
            </PaneLine>
          ))}
        </PaneSection>
      )}
    </>
  )
}

function Then({ item }: { item: ReviewItem }) {
  const also = alsoOf(item).filter(({ cause }) => cause !== 'changed-outside' || item.section === 'later')
  return (
    <>
      <ChangedBefore item={item} />
      {also.length > 0 && <Also findings={also} />}
    </>
  )
}

/** At the end of what is known, and in sight however long that is. */
function NextStep({ item, actions, readOnly }: { item: ReviewItem; actions: ItemActions; readOnly: boolean }) {
  return (
    <section className="sticks-below readable">
      <div className="flex flex-col gap-2 bg-surface px-6 pt-3 pb-4">
        <SectionLabel>Next step</SectionLabel>
        <p className="max-w-[72ch] text-text2">{stepOf(item)}</p>
        <Buttons item={item} actions={actions} readOnly={readOnly} />
      </div>
    </section>
  )
}

const stepOf = ({ section, finding }: ReviewItem): string =>
  section === 'later' ? 'Nothing until then: it comes back by itself.' : finding.nextStep

const labels: Record<NextAction, (finding: Finding) => string> = {
  // Four buttons stand in one row: a long name would push the last one out of it.
  machine: ({ boxName }) => `Open ${boxName.length > 10 ? 'it' : boxName}`,
  access: () => 'Who and why',
  triage: () => 'Find out why',
  message: () => 'Message',
  log: () => 'Show the line',
  'back-up': () => 'Back up now',
  wake: () => 'Bring it back now',
  'end-pause': () => 'End the pause',
}

const keysOf: Partial<Record<NextAction, string>> = { triage: 't', message: 'm' }

/** Why a row of a flag has been there since: a person said so, no sweep. */
const noticedWords = ({ cause, noticedAtMs }: Finding, nowMs: number): string => {
  const noticed = agoText(noticedAtMs, nowMs).replace(/^on /, '')
  return cause === 'flagged' ? `Flagged by you ${noticed}` : `Noticed ${noticed} by a sweep`
}

function Buttons({ item, actions, readOnly }: { item: ReviewItem; actions: ItemActions; readOnly: boolean }) {
  const { finding } = item
  const first = nextAction(item)
  // Who is answered is stopped at once; the log can be read afterwards.
  const stoppable = first === 'access' && !readOnly
  const fixable = actions.fix !== undefined && !readOnly
  const run = { machine: actions.machine, access: actions.access, triage: actions.triage, message: actions.message }
  const rest = (['machine', 'access', 'triage', 'message'] as const).filter((each) => each !== first)
  const items: MenuItem[] = [
    { label: item.seen ? 'Not seen after all' : 'Mark seen', keys: 'x', run: actions.mark },
    ...rest.flatMap((each): MenuItem[] => {
      const act = run[each]
      return act ? [{ label: labels[each](finding), keys: keysOf[each], run: act }] : []
    }),
    ...named(`Log at ${clockTime(finding.sinceMs)}`, stoppable ? actions.log : undefined),
    { label: 'Copy the ssh command', keys: 'y', run: actions.copySsh },
    { label: 'Read this machine again', run: actions.sweep },
    ...named('Open the client', actions.openClient),
    ...named(`Pause ${finding.subject}`, actions.pause),
    ...named(`Hold ${finding.subject}`, actions.hold),
    ...named('End the hold', actions.endHold),
  ]
  return (
    <div className="mt-1 flex flex-wrap gap-2">
      <Button small look="primary" keys="enter" onClick={actions.next}>
        {labels[first](finding)}
      </Button>
      {actions.flagDone && (
        <Button small keys="d" onClick={actions.flagDone}>
          Flag done
        </Button>
      )}
      {fixable && (
        <Button small keys="f" onClick={actions.fix}>
          Fix the rules
        </Button>
      )}
      {stoppable && (
        <Button small look="critical" keys="shift+k" onClick={actions.stop}>
          Stop a channel
        </Button>
      )}
      {first !== 'log' && !stoppable && (
        <Button small keys="l" onClick={actions.log}>
          Log at {clockTime(finding.sinceMs)}
        </Button>
      )}
      <Button small keys="z" onClick={actions.snooze}>
        Snooze
      </Button>
      <Menu trigger={<MoreButton small />} items={item.section === 'later' ? items.slice(1) : items} />
    </div>
  )
}

const named = (label: string, run: (() => void) | undefined): MenuItem[] => (run ? [{ label, run }] : [])

/** What the operator said of it: put off until, no changes until. */
function Waits({ item }: { item: ReviewItem }) {
  const now = useNow()
  const { finding, pause, hold } = item
  const parts = [
    ...(pause ? [`Paused until ${untilText(pause.untilMs, now)}: ${pause.reason}`] : []),
    ...(finding.snoozed ? [`Snoozed until ${untilText(finding.snoozed.untilMs, now)}: ${finding.snoozed.reason}`] : []),
    ...(hold ? [`On hold, no changes until ${untilText(hold.untilMs, now)}: ${hold.reason}`] : []),
  ]
  if (parts.length === 0) return null
  return (
    <p className="mt-1 flex gap-3 text-held">
      <span className="flex h-5 items-center">
        <StateIcon word="Snoozed" />
      </span>
      <span>{parts.join(' · ')}</span>
    </p>
  )
}

function PaneMeta({ finding }: { finding: Finding }) {
  const now = useNow()
  const parts = [noticedWords(finding, now), finding.boxName]
  if (finding.workflows.length > 0)
    parts.push(
      `${finding.workflows.length === 1 ? 'workflow' : 'workflows'} ${finding.workflows.map((name) => `“${name}”`).join(', ')}`,
    )
  return <p className="text-meta text-text3">{parts.join(' · ')}</p>
}

export function PaneSection({ label, children }: { label: string; children: ReactNode }) {
  return (
    <section>
      <SectionLabel>{label}</SectionLabel>
      <dl className="mt-2 flex flex-col gap-1">{children}</dl>
    </section>
  )
}

/** Name 132 px, value, age. */
export function PaneLine({ name, aside, children }: { name: string; aside?: ReactNode; children: ReactNode }) {
  return (
    <div className="flex gap-3">
      <dt className="w-[132px] shrink-0 text-text2">{name}</dt>
      <dd className="min-w-0 flex-1 break-words">{children}</dd>
      {aside && <dd className="flex shrink-0 pl-3">{aside}</dd>}
    </div>
  )
}

/** The machine's other troubles: each has its own row on the machine page. */
function Also({ findings }: { findings: readonly Finding[] }) {
  return (
    <section className="flex flex-col gap-2">
      <SectionLabel count={findings.length}>Also on this machine</SectionLabel>
      <ul className="flex flex-col gap-1">
        {findings.map((finding) => (
          <li key={finding.findingId} className="flex gap-3">
            <span className="flex h-5 shrink-0 items-center">
              <StateIcon word={finding.state} label={finding.state} />
            </span>
            <span className="min-w-0">
              <UntrustedText text={finding.sentence} />
              <span className="block text-meta text-text3">
                <UntrustedText text={finding.detail} />
              </span>
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}

function Machines({ item, openMachine }: { item: ReviewItem; openMachine: (finding: Finding) => void }) {
  return (
    <section className="flex flex-col gap-2">
      <SectionLabel count={machinesOf(item).length}>Machines</SectionLabel>
      <ul className="flex flex-col">
        {machinesOf(item).map((finding) => (
          <li key={finding.findingId}>
            <button
              type="button"
              className="flex min-h-7 w-full items-center gap-3 text-left hover:bg-sunken"
              onClick={() => openMachine(finding)}
            >
              <span className="w-[132px] shrink-0 truncate">{finding.subject}</span>
              <span className="min-w-0 truncate text-text2">{finding.boxName}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}

/** Up to three changes within the 24 hours before the trouble began, newest first, each with who made it. */
function ChangedBefore({ item }: { item: ReviewItem }) {
  const now = useNow()
  const { data: open = [] } = useQuery(orpc.outside.ofBox.queryOptions({ input: { boxId: item.finding.boxId } }))
  const toldAbove = tellsChanges(item) ? new Set(open.filter(isUndecided).map(({ sentence }) => sentence)) : null
  const before = item.changedBefore.filter(({ sentence }) => !toldAbove?.has(sentence))
  if (before.length === 0) return null
  return (
    <PaneSection label="What changed just before">
      {before.map((change) => (
        <PaneLine key={`${change.atMs} ${change.sentence}`} name={whenText(change.atMs, now)}>
          <UntrustedText text={change.sentence} maxChars={300} />
          {change.who && (
            <span className="text-text2">
              {', '}
              <UntrustedText text={change.who} />
            </span>
          )}
        </PaneLine>
      ))}
    </PaneSection>
  )
}
