import { type ReactNode, type RefObject, useEffect, useState } from 'react'
import type { ClientForm } from './form.ts'

/** The parts of the form in order; `fields` decide what counts as an edit or an error of that part. */
export const sections: { id: string; name: string; help?: string; fields: (keyof ClientForm)[] }[] = [
  { id: 'basics', name: 'Client', fields: ['name', 'niche', 'region', 'timeZone', 'goLiveOn'] },
  {
    id: 'hours',
    name: 'Hours',
    help: 'In the client’s own time. Silence is only judged while they are open.',
    fields: ['hours', 'hoursAssumed'],
  },
  { id: 'holidays', name: 'Holidays', help: 'Days that do not count as business days.', fields: ['statedHolidays'] },
  { id: 'people', name: 'People', fields: ['contacts', 'humanFallback'] },
  {
    id: 'handles',
    name: 'Own numbers',
    help: 'The numbers and addresses that are the client’s own. The agent may answer these and nobody else. Each is checked and written in its normal form.',
    fields: ['handles'],
  },
  {
    id: 'workflows',
    name: 'Workflows',
    help: 'What they rely on from end to end. A trouble names the ones it touches.',
    fields: ['workflows'],
  },
  {
    id: 'limits',
    name: 'Versions',
    help: 'How many days behind the newest version a machine of theirs may be.',
    fields: ['amberDays', 'redDays'],
  },
  { id: 'notes', name: 'Notes', help: 'What you know and no machine says.', fields: ['notes'] },
]

/** One part of the form with its heading. */
export function Section({ id, children }: { id: string; children: ReactNode }) {
  const section = sections.find((each) => each.id === id)
  return (
    <section id={id} aria-labelledby={`${id}-title`} className="flex scroll-mt-4 flex-col gap-4">
      <div>
        <h2 id={`${id}-title`} className="text-lead font-semibold">
          {section?.name}
        </h2>
        {section?.help && <p className="max-w-[496px] text-text2">{section.help}</p>}
      </div>
      {children}
    </section>
  )
}

/** Which part stands at the top of the scrolling column. */
function useCurrent(column: RefObject<HTMLElement | null>): string {
  const [current, setCurrent] = useState(sections[0]?.id ?? '')
  useEffect(() => {
    const element = column.current
    if (!element) return
    const look = () => {
      const top = element.getBoundingClientRect().top + 80
      const atEnd = element.scrollTop + element.clientHeight >= element.scrollHeight - 2
      const passed = sections.filter(
        ({ id }) => (document.getElementById(id)?.getBoundingClientRect().top ?? Infinity) <= top,
      )
      setCurrent((atEnd && element.scrollTop > 0 ? sections.at(-1) : passed.at(-1))?.id ?? sections[0]?.id ?? '')
    }
    look()
    element.addEventListener('scroll', look, { passive: true })
    return () => element.removeEventListener('scroll', look)
  }, [column])
  return current
}

export interface SectionNavProps {
  column: RefObject<HTMLElement | null>
  edited: readonly (keyof ClientForm)[]
  /** Paths of fields with errors. */
  wrong: readonly string[]
}

/** The parts of the form, 176 px: a number where something is wrong, another where something is unsaved. */
export function SectionNav({ column, edited, wrong }: SectionNavProps) {
  const current = useCurrent(column)
  return (
    <nav aria-label="Parts of the form" className="flex w-44 shrink-0 flex-col gap-0 border-r border-line p-2 pt-3">
      {sections.map(({ id, name, fields }) => {
        const errors = wrong.filter((path) =>
          fields.some((field) => path === field || path.startsWith(`${field}.`)),
        ).length
        const edits = fields.filter((field) => edited.includes(field)).length
        return (
          <button
            key={id}
            type="button"
            aria-current={current === id ? 'true' : undefined}
            onClick={() => document.getElementById(id)?.scrollIntoView()}
            className="ring-inside flex h-7 items-center justify-between rounded-control px-2 text-left text-text2 hover:bg-sunken aria-[current=true]:bg-selected aria-[current=true]:font-medium aria-[current=true]:text-text"
          >
            {name}
            {errors > 0 ? (
              <span className="figures text-meta text-critical">{`${errors} wrong`}</span>
            ) : edits > 0 ? (
              <span className="figures text-meta text-text3">{`${edits} unsaved`}</span>
            ) : null}
          </button>
        )
      })}
    </nav>
  )
}
