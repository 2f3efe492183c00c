import { useState } from 'react'
import type { AgentId, RolloutLane } from '../../../shared/contract/index.ts'
import { Button } from '../../ui/button.tsx'
import { Sheet } from '../../ui/dialog.tsx'
import { Checkbox } from '../../ui/field.tsx'
import { PrimaryByKey } from '../../ui/primary-by-key.tsx'
import { SectionLabel, UntrustedText } from '../../ui/text.tsx'
import { calledOf, counted } from './words.ts'

/** Which machines go back to what they ran before; a dialog of the system asks before anything is sent. */
export function PutBackSheet({
  name,
  lanes,
  only,
  busy,
  said,
  onPutBack,
  onClose,
}: {
  name: string
  /** Those that can go back. */
  lanes: readonly RolloutLane[]
  /** The one that is chosen at first; null: all are. */
  only: AgentId | null
  busy: boolean
  said: string
  /** Null: all of them. */
  onPutBack: (agentIds: AgentId[] | null) => void
  onClose: () => void
}) {
  const [chosen, setChosen] = useState<ReadonlySet<AgentId>>(
    () => new Set(only === null ? lanes.map(({ agentId }) => agentId) : [only]),
  )
  const toggle = (agentId: AgentId) =>
    setChosen((before) => {
      const after = new Set(before)
      if (!after.delete(agentId)) after.add(agentId)
      return after
    })
  const isAll = lanes.every(({ agentId }) => chosen.has(agentId))
  return (
    <Sheet
      open
      onOpenChange={(open) => !open && onClose()}
      title={`Put back: ${name}`}
      description="Each of them gets the settings it had before. It goes machine by machine, with its own way back."
    >
      <PrimaryByKey>
        <section aria-label="Machines" className="flex flex-col gap-1">
          <SectionLabel count={chosen.size}>Machines</SectionLabel>
          {lanes.map((lane) => (
            <Checkbox
              key={lane.agentId}
              checked={chosen.has(lane.agentId)}
              disabled={busy}
              onChange={() => toggle(lane.agentId)}
              label={
                <>
                  <UntrustedText text={calledOf(lane)} />
                  {lane.clientName !== null && (
                    <span className="pl-2 text-meta text-text3">
                      <UntrustedText text={lane.name} />
                    </span>
                  )}
                </>
              }
            />
          ))}
        </section>
        <p className="text-text2">
          {isAll
            ? 'With all of them, the settings of the patch are taken back out of their layers too.'
            : 'The settings of the patch stay in their layers, so these machines will be other than declared.'}
        </p>
        <div className="flex flex-wrap items-center gap-2">
          <Button
            look="primary"
            keys="mod+enter"
            data-primary
            disabled={busy || chosen.size === 0}
            onClick={() => onPutBack(isAll ? null : [...chosen])}
          >
            {`Put ${counted(chosen.size, 'machine')} back`}
          </Button>
          <Button keys="escape" onClick={onClose}>
            Leave them
          </Button>
          <span role="status" className="text-meta text-text3">
            {busy ? 'A dialog of the system asks whether to do it.' : said}
          </span>
        </div>
      </PrimaryByKey>
    </Sheet>
  )
}
