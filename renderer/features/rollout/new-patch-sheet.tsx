import { openFromLab } from '../../state/from-lab.ts'
import { go } from '../../state/navigation.ts'
import { Button } from '../../ui/button.tsx'
import { Copyable } from '../../ui/copyable.tsx'
import { Sheet } from '../../ui/dialog.tsx'
import { SectionLabel } from '../../ui/text.tsx'

/** How a patch comes to be. */
export function NewPatchSheet({ onClose }: { onClose: () => void }) {
  return (
    <Sheet open onOpenChange={(open) => !open && onClose()} title="New patch" width={480}>
      <WaysToAPatch onLeave={onClose} />
    </Sheet>
  )
}

/** @param props.onLeave closes what these stand in, before something else lies over the page. */
export function WaysToAPatch({ onLeave }: { onLeave?: () => void }) {
  return (
    <div className="readable flex max-w-[72ch] flex-col gap-6">
      <section aria-label="From settings" className="flex flex-col items-start gap-2">
        <SectionLabel>From settings</SectionLabel>
        <p>Edit a layer, review the changes, and take “Make a patch…” instead of Save.</p>
        <Button small keys="g o" onClick={() => go({ page: 'overlays' })}>
          Overlays
        </Button>
      </section>
      <section aria-label="From a lab machine" className="flex flex-col items-start gap-2">
        <SectionLabel>From a lab machine</SectionLabel>
        <p>Take a snapshot, change the machine by hand, compare: what you changed becomes a patch.</p>
        <Button
          small
          {...(onLeave === undefined ? { keys: 'f' } : {})}
          onClick={() => {
            onLeave?.()
            openFromLab()
          }}
        >
          From a lab machine…
        </Button>
      </section>
      <section aria-label="From files, commands and updates" className="flex flex-col gap-2">
        <SectionLabel>From files, commands and updates</SectionLabel>
        <p>On the command line; it stands here as soon as it is made.</p>
        <Copyable text="npm run --silent cli -- patch new NAME --why TEXT --file PATH=FILE" />
      </section>
      <section aria-label="From a folder" className="flex flex-col gap-2">
        <SectionLabel>From a folder</SectionLabel>
        <p>One that another console exported, or one under version control.</p>
        <Copyable text="npm run --silent cli -- patch import FOLDER --because REASON" />
      </section>
    </div>
  )
}
