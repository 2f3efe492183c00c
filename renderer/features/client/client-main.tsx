import type { ClientPage, Finding, LedgerEntry } from '../../../shared/contract/index.ts'
import { startSweep } from '../../api/sweeping.ts'
import { go } from '../../state/navigation.ts'
import { Age, useNow } from '../../ui/age.tsx'
import { Button } from '../../ui/button.tsx'
import { byDay } from '../../ui/by-day.ts'
import { StateIcon } from '../../ui/state.tsx'
import { EmptyLine, SectionLabel, UntrustedText } from '../../ui/text.tsx'
import { clockTime, longDay } from '../../ui/times.ts'
import { ExchangesChart } from './exchanges-chart.tsx'
import { figureSentences } from './words.ts'

/** The left side: how it goes there, what is wrong, what they rely on, what happened. */
export function ClientMain({ data, readOnly }: { data: ClientPage; readOnly: boolean }) {
  return (
    <div className="flex flex-col gap-7 px-6 pt-5 pb-8">
      <HowItGoes data={data} readOnly={readOnly} />
      {data.findings.length > 0 && <Troubles findings={data.findings} several={data.machines.length > 1} />}
      <Workflows data={data} />
      <Diary entries={data.diary} />
    </div>
  )
}

function HowItGoes({ data, readOnly }: { data: ClientPage; readOnly: boolean }) {
  const { machines, activity, client } = data
  if (machines.length === 0)
    return (
      <div className="flex flex-col items-start gap-4">
        <EmptyLine>No machine yet: nothing can be read, and nothing is watched for {client.name}.</EmptyLine>
        {!readOnly && (
          <Button look="primary" onClick={() => go({ page: 'add' })}>
            Add a machine
          </Button>
        )}
      </div>
    )
  if (machines.every(({ seenAtMs }) => seenAtMs === null))
    return (
      <div className="flex flex-col items-start gap-4">
        <EmptyLine>
          {machines.length === 1 ? 'Their machine was' : 'None of their machines was'} never read. R reads{' '}
          {machines.length === 1 ? 'it' : 'them'}.
        </EmptyLine>
        <Button keys="r" onClick={() => void startSweep(machines.map(({ boxId }) => boxId))}>
          Sweep
        </Button>
      </div>
    )
  return (
    <section aria-label="How it goes" className="readable flex flex-col gap-3">
      <div>
        {figureSentences(activity).map((parts) => (
          <p
            key={parts.map((part) => (typeof part === 'string' ? part : part.figure)).join('')}
            className="text-title font-normal"
          >
            {parts.map((part) =>
              typeof part === 'string' ? (
                part
              ) : (
                <strong key={part.figure} className="figures font-semibold">
                  {part.figure}
                </strong>
              ),
            )}
          </p>
        ))}
      </div>
      {activity.inbound !== null && <ExchangesChart days={activity.days} changes={data.changes} />}
      {activity.inbound !== null && (
        <p className="text-meta text-text3">
          Counted there without reading a word; messages in quick succession may count as one.
          {activity.knownFromDay &&
            ` Nothing is known before ${longDay(Date.parse(`${activity.knownFromDay}T12:00:00Z`), 'UTC')}.`}
        </p>
      )}
    </section>
  )
}

function Troubles({ findings, several }: { findings: readonly Finding[]; several: boolean }) {
  return (
    <section aria-label="Open troubles" className="flex flex-col gap-1">
      <SectionLabel count={findings.length}>Open troubles</SectionLabel>
      <ul>
        {findings.map((finding) => (
          <li key={finding.findingId}>
            <button
              type="button"
              onClick={() => go({ page: 'machine', boxId: finding.boxId })}
              className="ring-inside -mx-2 flex w-[calc(100%+16px)] items-start gap-3 rounded-control px-2 py-1 text-left hover:bg-sunken"
            >
              <span className="flex h-5 items-center">
                <StateIcon word={finding.state} label={finding.state} />
              </span>
              <span className="min-w-0 flex-1">
                <span className="block break-words">
                  {several && <UntrustedText text={`${finding.boxName} `} className="font-medium" />}
                  <UntrustedText text={several ? finding.sentence : capital(finding.sentence)} maxChars={300} />
                </span>
                {finding.detail && (
                  <span className="block text-meta break-words text-text3">
                    <UntrustedText text={finding.detail} />
                  </span>
                )}
              </span>
              <Age atMs={finding.sinceMs} />
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

function Workflows({ data }: { data: ClientPage }) {
  const { workflows, findings } = data
  return (
    <section aria-label="Workflows" className="readable flex flex-col gap-1">
      <SectionLabel count={workflows.length}>What they rely on</SectionLabel>
      {workflows.length === 0 && <p className="text-text2">No workflow is written down.</p>}
      <ul className="flex flex-col gap-1">
        {workflows.map((workflow) => {
          const touched = findings.filter((finding) => finding.workflows.includes(workflow.name))
          return (
            <li key={workflow.workflowId} className="flex gap-3">
              <span className="w-44 shrink-0 break-words">{workflow.name}</span>
              <span className="min-w-0 flex-1 break-words text-text2">
                {workflow.description || <span className="text-text3">not described</span>}
                {touched.length > 0 && (
                  <span className="block text-meta text-text3">
                    {touched.length === 1 ? '1 open trouble touches it' : `${touched.length} open troubles touch it`}
                  </span>
                )}
              </span>
            </li>
          )
        })}
      </ul>
    </section>
  )
}

function Diary({ entries }: { entries: readonly LedgerEntry[] }) {
  const now = useNow()
  return (
    <section aria-label="Diary" className="readable flex flex-col gap-1">
      <SectionLabel>Diary</SectionLabel>
      {entries.length === 0 && <p className="text-text2">Nothing has happened yet.</p>}
      {byDay(entries, now).map((day) => (
        <div key={day.name}>
          <h3 className="sticky top-0 bg-canvas pt-2 pb-1 text-label text-text2">{day.name}</h3>
          <ol>
            {day.items.map((entry) => (
              <li key={entry.seq} className="flex gap-3 py-1">
                <span className="figures w-10 shrink-0 text-meta leading-5 text-text3">{clockTime(entry.atMs)}</span>
                <span className="min-w-0 flex-1 break-words text-text2">
                  <UntrustedText text={entry.sentence} maxChars={400} />
                  {entry.actor === 'operator' && <span className="text-meta text-text3"> you</span>}
                </span>
              </li>
            ))}
          </ol>
        </div>
      ))}
    </section>
  )
}
