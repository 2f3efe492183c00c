import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { BoxId } from '../../../shared/contract/index.ts'
import { orpc } from '../../api/queries.ts'
import { useCommandDraft } from '../../state/commands.ts'
import { Button } from '../../ui/button.tsx'
import { Checkbox, InputBox } from '../../ui/field.tsx'
import { SectionLabel, UntrustedText } from '../../ui/text.tsx'

/** Every machine with a box to tick; what is typed narrows them. */
export function MachineChoice({ chosen }: { chosen: ReadonlySet<BoxId> }) {
  const { data: boxes = [] } = useQuery(orpc.inventory.boxes.queryOptions())
  const { data: clients = [] } = useQuery(orpc.inventory.clients.queryOptions())
  const [filter, setFilter] = useState('')
  const clientName = new Map(clients.map((each) => [each.clientId, each.name]))
  const nameOf = ({ clientId }: (typeof boxes)[number]) => (clientId && clientName.get(clientId)) ?? ''
  const shown = boxes.filter((box) => `${box.name} ${nameOf(box)}`.toLowerCase().includes(filter.trim().toLowerCase()))
  const set = (ids: readonly BoxId[], on: boolean) => {
    const next = new Set(chosen)
    for (const id of ids) on ? next.add(id) : next.delete(id)
    useCommandDraft.setState({ boxIds: next })
  }
  const all = shown.map(({ boxId }) => boxId)
  return (
    <div className="flex flex-col gap-3 px-6 py-4">
      <div className="flex min-h-7 items-center justify-between gap-3">
        <SectionLabel count={chosen.size}>Machines chosen</SectionLabel>
        <span className="flex gap-2">
          <Button small onClick={() => set(all, true)}>
            {filter === '' ? 'All' : 'All shown'}
          </Button>
          <Button small disabled={chosen.size === 0} onClick={() => set([...chosen], false)}>
            None
          </Button>
        </span>
      </div>
      <InputBox
        aria-label="Filter the machines"
        placeholder="Filter"
        value={filter}
        onChange={(event) => setFilter(event.target.value)}
      />
      <div className="flex flex-col">
        {shown.map((box) => (
          <Checkbox
            key={box.boxId}
            checked={chosen.has(box.boxId)}
            onChange={(event) => set([box.boxId], event.target.checked)}
            label={
              <span className="flex items-baseline gap-2">
                <UntrustedText text={box.name} />
                <span className="text-meta text-text3">
                  <UntrustedText text={nameOf(box)} />
                </span>
              </span>
            }
          />
        ))}
        {shown.length === 0 && <p className="text-text2">No machine matches.</p>}
      </div>
    </div>
  )
}
