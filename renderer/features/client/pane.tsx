import { useQuery } from '@tanstack/react-query'
import { useFormContext, useWatch } from 'react-hook-form'
import type { ClientId } from '../../../shared/contract/index.ts'
import { orpc } from '../../api/queries.ts'
import { go } from '../../state/navigation.ts'
import { TextButton } from '../../ui/button.tsx'
import { hoursSentence, readWeek } from '../../ui/hours.ts'
import { useRoomForPane } from '../../ui/page.tsx'
import { SectionLabel, UntrustedText } from '../../ui/text.tsx'
import type { ClientForm } from './form.ts'
import { missing } from './missing.ts'

/** Beside the form, 360 px: what is not stated yet and what that holds back, the hours in words, the machines. */
export function ClientPane({ clientId }: { clientId: ClientId | null }) {
  const { control } = useFormContext<ClientForm>()
  const form = useWatch({ control, compute: (values: ClientForm) => values })
  const boxes = useQuery(orpc.inventory.boxes.queryOptions())
  if (!useRoomForPane()) return null
  const lines = missing(form)
  const week = readWeek(form.hours)
  const machines = (boxes.data ?? []).filter((box) => clientId !== null && box.clientId === clientId)
  return (
    <aside
      aria-label="What this means"
      className="flex min-w-0 flex-1 flex-col gap-6 overflow-y-auto border-l border-line bg-surface p-4"
    >
      <div className="flex flex-col gap-1">
        <SectionLabel count={lines.length}>Not known yet</SectionLabel>
        {lines.length === 0 ? <p className="text-text2">Nothing is missing.</p> : null}
        <ul className="flex flex-col gap-1">
          {lines.map((line) => (
            <li key={line} className="max-w-[48ch]">
              {line}
            </li>
          ))}
        </ul>
      </div>
      <div className="flex flex-col gap-1">
        <SectionLabel>Open</SectionLabel>
        <p>
          {hoursSentence(week.spans)}
          {form.hoursAssumed && <span className="text-text3"> · assumed</span>}
        </p>
      </div>
      {clientId !== null && (
        <div className="flex flex-col gap-1">
          <SectionLabel count={machines.length}>Machines</SectionLabel>
          {machines.length === 0 && <p className="text-text2">No machine yet.</p>}
          <ul>
            {machines.map((box) => (
              <li key={box.boxId} className="flex min-h-7 items-center">
                <TextButton className="truncate" onClick={() => go({ page: 'machine', boxId: box.boxId })}>
                  <UntrustedText text={box.name} />
                </TextButton>
              </li>
            ))}
          </ul>
        </div>
      )}
    </aside>
  )
}
