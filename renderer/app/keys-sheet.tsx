import { type ActionGroup, inForce, strokesOf, useActionGroups } from '../state/actions.ts'
import { showOver, useOver } from '../state/frame.ts'
import { Sheet } from '../ui/dialog.tsx'
import { KeyCap } from '../ui/key-cap.tsx'
import { SectionLabel } from '../ui/text.tsx'

/** All keys that do something where the operator stands; nothing else is listed. */
export function KeysSheet({ lettersOn }: { lettersOn: boolean }) {
  const groups = useActionGroups()
  const open = useOver() === 'keys'
  return (
    <Sheet
      open={open}
      onOpenChange={(next) => showOver(next ? 'keys' : null)}
      title="All keys here"
      description={
        lettersOn
          ? 'Single letters are silent while you type in a field.'
          : 'Single letters are turned off in Settings.'
      }
    >
      {inForce(groups, lettersOn).map((group) => (
        <Keys key={group.id} group={group} />
      ))}
    </Sheet>
  )
}

function Keys({ group }: { group: ActionGroup }) {
  return (
    <section className="flex flex-col gap-1">
      <SectionLabel>{group.name}</SectionLabel>
      <ul>
        {group.actions.map((action) => (
          <li key={action.title} className="flex min-h-7 items-center justify-between gap-6">
            <span>
              {action.title}
              {action.unavailable && <span className="block text-meta text-text3">{action.unavailable}</span>}
            </span>
            <span className="flex shrink-0 gap-3">
              {strokesOf(action).map((keys) => (
                <KeyCap key={keys} keys={keys} />
              ))}
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}
