import type { AccessDoor, AccessPerson } from '../../../shared/contract/index.ts'
import { TextButton } from '../../ui/button.tsx'
import { KeyCap } from '../../ui/key-cap.tsx'
import { SectionLabel, UntrustedText } from '../../ui/text.tsx'

/** Who is let in by name: handle, role, proved or not. One nobody knows is the loud one. */
export function People({
  people,
  more,
  direct,
  onEdit,
}: {
  people: readonly AccessPerson[]
  more: number
  direct: AccessDoor['direct']
  /** To the form that says who may talk there. */
  onEdit: () => void
}) {
  return (
    <section aria-label="On its list" className="flex flex-col gap-2">
      <SectionLabel count={people.length + more}>On its list</SectionLabel>
      {people.length === 0 && (
        <p className="text-text2">
          {direct === 'everyone' ? 'No list decides: everyone is let in.' : 'Nobody stands on its list.'}
        </p>
      )}
      <ul className="flex flex-col gap-1">
        {people.map((person) => (
          <li key={person.handle} className="flex items-baseline gap-3">
            <span className="w-[132px] shrink-0 truncate" title={person.name}>
              {person.name ? <UntrustedText text={person.name} /> : <span className="text-text3">not known here</span>}
            </span>
            <span className="min-w-0 flex-1 font-mono text-code break-all">
              <UntrustedText text={person.handle} />
            </span>
            <span className={`shrink-0 text-meta ${toneOf(person)}`}>{standingOf(person)}</span>
          </li>
        ))}
      </ul>
      {more > 0 && <p className="text-meta text-text3">{`and ${more} more`}</p>}
      <p className="flex items-center gap-2">
        <TextButton onClick={onEdit}>Edit who it answers</TextButton>
        <KeyCap keys="e" />
      </p>
    </section>
  )
}

const toneOf = ({ stranger, trust }: AccessPerson): string =>
  stranger ? 'font-medium text-critical' : trust === 'typed' ? 'text-warning' : 'text-text3'

function standingOf({ stranger, trust, role }: AccessPerson): string {
  if (stranger) return 'may not be answered'
  const proved = trust === null ? '' : trust === 'proved' ? 'proved' : 'not proved'
  return [role, proved].filter(Boolean).join(' · ')
}
