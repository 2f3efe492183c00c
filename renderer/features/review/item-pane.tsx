import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import type { Finding, ReviewItem } from '../../../shared/contract/index.ts'
import { orpc } from '../../api/queries.ts'
import { Age, useNow } from '../../ui/age.tsx'
import { Button } from '../../ui/button.tsx'
import { Menu } from '../../ui/popover.tsx'
import { StateIcon } from '../../ui/state.tsx'
import { SectionLabel, UntrustedText } from '../../ui/text.tsx'
import { ageText, agoText } from '../../ui/times.ts'
import { alsoOf, machinesOf, sentenceOfItem, subjectOf } from './order.ts'

export interface ItemActions {
  open: () => void
  copySsh: () => void
  mark: () => void
  openClient: (() => void) | undefined
  sweep: () => void
  openMachine: (finding: Finding) => void
}

/** Everything known about one trouble, ending in what to do. */
export function ItemPane({ item, actions }: { item: ReviewItem; actions: ItemActions }) {
  const { finding } = item
  return (
    <div className="readable flex flex-col gap-4 px-6 py-4">
      <header className="flex flex-col gap-1">
        <h2 className="text-lead font-semibold">
          {subjectOf(item)} <UntrustedText text={sentenceOfItem(item)} />
        </h2>
        <PaneMeta finding={finding} />
      </header>
      {machinesOf(item).length > 0 && <Machines item={item} openMachine={actions.openMachine} />}
      {finding.evidence.length > 0 && (
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
      <ChangedBefore finding={finding} />
      {alsoOf(item).length > 0 && <Also findings={alsoOf(item)} />}
      <section className="flex flex-col gap-2">
        <SectionLabel>Next step</SectionLabel>
        <p className="max-w-[72ch] text-text2">{finding.nextStep}</p>
        <div className="mt-1 flex gap-2">
          <Button small look="primary" keys="enter" onClick={actions.open}>
            Open {finding.boxName.length > 18 ? 'the machine' : finding.boxName}
          </Button>
          <Button small keys="x" onClick={actions.mark}>
            {item.seen ? 'Not seen after all' : 'Mark seen'}
          </Button>
          <Menu
            trigger={
              <Button small aria-label="More">
                …
              </Button>
            }
            items={[
              { label: 'Copy the ssh command', keys: 'y', run: actions.copySsh },
              { label: 'Read this machine again', run: actions.sweep },
              ...(actions.openClient ? [{ label: 'Open the client', run: actions.openClient }] : []),
            ]}
          />
        </div>
      </section>
    </div>
  )
}

function PaneMeta({ finding }: { finding: Finding }) {
  const now = useNow()
  const noticed = agoText(finding.noticedAtMs, now).replace(/^on /, '')
  const parts = [`Noticed ${noticed} by a sweep`, finding.boxName]
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

const dayMs = 24 * 3_600_000
const changes = ['change-found', 'version', 'restart']

/** Up to three changes within the 24 hours before the trouble began, newest first, each with who made it. */
function ChangedBefore({ finding }: { finding: Finding }) {
  const now = useNow()
  const { data } = useQuery(orpc.pages.machine.queryOptions({ input: { boxId: finding.boxId } }))
  const before = (data?.timeline ?? [])
    .filter(({ kind, atMs }) => changes.includes(kind) && atMs <= finding.sinceMs && atMs >= finding.sinceMs - dayMs)
    .slice(0, 3)
  if (before.length === 0) return null
  return (
    <PaneSection label="What changed just before">
      {before.map((change) => (
        <PaneLine key={`${change.atMs} ${change.sentence}`} name={ageText(change.atMs, now)}>
          <UntrustedText
            text={change.detail ? `${change.sentence.replace(/\.$/, '')}. ${change.detail}` : change.sentence}
          />
        </PaneLine>
      ))}
    </PaneSection>
  )
}
