import type { ReactNode } from 'react'
import { type Client, type ClientPage, factNames, type Holiday } from '../../../shared/contract/index.ts'
import { go } from '../../state/navigation.ts'
import { Age } from '../../ui/age.tsx'
import { TextButton } from '../../ui/button.tsx'
import { Copyable } from '../../ui/copyable.tsx'
import { hoursSentence } from '../../ui/hours.ts'
import { MachineName } from '../../ui/machine-name.tsx'
import { Notes } from '../../ui/notes.tsx'
import { StateIcon } from '../../ui/state.tsx'
import { SectionLabel, UntrustedText } from '../../ui/text.tsx'
import { longDay } from '../../ui/times.ts'
import { toForm } from './form.ts'
import { missing } from './missing.ts'

interface SideProps {
  data: ClientPage
  readOnly: boolean
  editing: string | null
  onEdit: (noteId: string | null) => void
}

/** The right side: who they are, when they are there, what is theirs, and what is not known yet. */
export function ClientSide({ data, readOnly, editing, onEdit }: SideProps) {
  const { client, machines, workflows, notes } = data
  return (
    <div className="pb-6">
      <Notes
        subject={{ boxId: null, clientId: client.clientId }}
        title="Notes"
        none="Nothing is noted about this client."
        notes={notes}
        readOnly={readOnly}
        editing={editing}
        onEdit={onEdit}
      />
      <div className="readable flex flex-col gap-6 px-6 pt-2">
        <Missing lines={missing(toForm(client, [...workflows], [...notes]))} />
        <People client={client} />
        <Part title="Machines" count={machines.length}>
          {machines.length === 0 && <p className="text-text2">No machine yet.</p>}
          <ul>
            {machines.map((machine) => (
              <li key={machine.boxId} className="flex min-h-7 items-center gap-3">
                <StateIcon word={machine.state} label={machine.state} />
                <TextButton
                  className="min-w-0 flex-1 text-left"
                  onClick={() => go({ page: 'machine', boxId: machine.boxId })}
                >
                  <MachineName name={machine.boxName} />
                </TextButton>
                {machine.seenAtMs === null ? (
                  <span className="text-meta text-text3">never read</span>
                ) : (
                  <Age atMs={machine.seenAtMs} />
                )}
              </li>
            ))}
          </ul>
        </Part>
        <Integrations data={data} />
        <Hours client={client} holidays={data.holidays} />
      </div>
    </div>
  )
}

function Part({ title, count, children }: { title: string; count?: number; children: ReactNode }) {
  return (
    <section aria-label={title} className="flex flex-col gap-1">
      <SectionLabel {...(count === undefined ? {} : { count })}>{title}</SectionLabel>
      {children}
    </section>
  )
}

function Missing({ lines }: { lines: readonly string[] }) {
  if (lines.length === 0) return null
  return (
    <Part title="Not known yet" count={lines.length}>
      <ul className="flex flex-col gap-1">
        {lines.map((line) => (
          <li key={line} className="text-text2">
            {line}
          </li>
        ))}
      </ul>
    </Part>
  )
}

function People({ client }: { client: Client }) {
  return (
    <>
      <Part title="People" count={client.contacts.length}>
        {client.contacts.length === 0 && <p className="text-text2">No contact is known.</p>}
        <ul className="flex flex-col gap-1">
          {client.contacts.map((contact) => (
            <li key={`${contact.name} ${contact.handle}`}>
              <UntrustedText text={contact.name} />
              {contact.role && <span className="text-text2">, {contact.role}</span>}
              {contact.handle && (
                <span className="block">
                  <Copyable text={contact.handle} />
                </span>
              )}
            </li>
          ))}
        </ul>
        {client.humanFallback && (
          <p className="flex flex-wrap items-baseline gap-x-2">
            <span className="text-text2">Human number</span>
            <Copyable text={client.humanFallback} />
          </p>
        )}
      </Part>
      <Part title="Own numbers" count={client.handles.length}>
        {client.handles.length === 0 && <p className="text-text2">None is known.</p>}
        <ul className="flex flex-col gap-1">
          {client.handles.map((handle) => (
            <li key={`${handle.kind} ${handle.value}`} className="flex flex-wrap items-baseline gap-x-2">
              <Copyable text={handle.value} />
              <span className="text-meta text-text3">
                {[handle.label, handle.trust === 'proved' ? 'proved' : 'typed, not proved'].filter(Boolean).join(' · ')}
              </span>
            </li>
          ))}
        </ul>
      </Part>
    </>
  )
}

/** What the agent reaches besides its channels. Nothing proved is grey, never fine. */
function Integrations({ data }: { data: ClientPage }) {
  const { integrations, machines } = data
  const boxNames = new Map(machines.map(({ boxId, boxName }) => [boxId, boxName]))
  return (
    <Part title="Integrations" count={integrations.length}>
      {integrations.length === 0 && <p className="text-text2">None was found.</p>}
      <ul className="flex flex-col gap-1">
        {integrations.map((fact) => (
          <li key={`${fact.boxId} ${fact.agentId} ${fact.key} ${fact.instance}`} className="flex gap-3">
            <span className="flex h-5 items-center">
              <StateIcon word={integrationStates[fact.verdict]} label={integrationStates[fact.verdict]} />
            </span>
            <span className="min-w-0 flex-1">
              {factNames[fact.key][1]} <UntrustedText text={fact.instance} className="text-text2" />
              {machines.length > 1 && <span className="text-text3"> · {boxNames.get(fact.boxId)}</span>}
              <span
                className={`block text-meta break-words ${fact.verdict === 'unknown' ? 'text-text3' : 'text-text2'}`}
              >
                <UntrustedText text={fact.text} maxChars={300} />
              </span>
            </span>
          </li>
        ))}
      </ul>
    </Part>
  )
}

const integrationStates = { ok: 'OK', warn: 'Changed', bad: 'Failing', unknown: 'Not seen' } as const

const dayOf = (date: string): string => longDay(Date.parse(`${date}T12:00:00Z`), 'UTC')

function Hours({ client, holidays }: { client: Client; holidays: readonly Holiday[] }) {
  const allAssumed = holidays.every(({ source }) => source === 'assumed')
  return (
    <Part title="Hours">
      <p>
        {hoursSentence(client.hours)}
        {client.hoursAssumed && <span className="text-text3"> · assumed</span>}
      </p>
      <p className="text-meta text-text3">{client.timeZone || 'no time zone: read in yours'}</p>
      {holidays.length > 0 && allAssumed && (
        <p className="pt-1 text-meta text-text3">Closed on the public holidays of {client.region}, as assumed:</p>
      )}
      {holidays.length > 0 && (
        <ul className="pt-1">
          {holidays.map((day) => (
            <li key={day.date} className="flex gap-3">
              <span className="w-44 shrink-0 text-text2">{dayOf(day.date)}</span>
              <span className="min-w-0 flex-1 break-words">
                {day.name.replaceAll("'", '’')}
                {day.source === 'assumed' && !allAssumed && <span className="text-text3"> · assumed</span>}
              </span>
            </li>
          ))}
        </ul>
      )}
    </Part>
  )
}
