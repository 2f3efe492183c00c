import type { Except } from '../../../shared/contract/index.ts'
import { UntilSheet } from '../../ui/until-sheet.tsx'

/** Leaves a value on the machines as it is until a day, with the reason. It is saved with the other edits. */
export function ExceptSheet({
  path,
  label,
  onExcept,
  onClose,
}: {
  path: string
  /** Of the layer. */
  label: string
  onExcept: (except: Except) => void
  onClose: () => void
}) {
  return (
    <UntilSheet
      title="Except until"
      description={`${path} is left on the machines of ${label} as it is, whatever the layers say. It ends by itself.`}
      action="Leave it as it is"
      onSubmit={(untilMs, because) => {
        onExcept({ path, untilMs, because })
        onClose()
      }}
      onClose={onClose}
    />
  )
}
