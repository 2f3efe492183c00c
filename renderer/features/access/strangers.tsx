import type { AccessDoor } from '../../../shared/contract/index.ts'
import { Age } from '../../ui/age.tsx'
import { Button } from '../../ui/button.tsx'
import { StateIcon } from '../../ui/state.tsx'
import { SectionLabel, UntrustedText } from '../../ui/text.tsx'
import { strangerWords } from './words.ts'

/** Who was answered and may not be: how often and when, masked until somebody asks who it is. */
export function Strangers({
  door: { strangers, cannotTell },
  held,
  onShow,
  onLookedAfter,
}: {
  door: AccessDoor
  held: string | undefined
  onShow: () => void
  onLookedAfter: () => void
}) {
  if (strangers.length === 0 && cannotTell === '') return null
  const open = strangers.some(({ lookedAfterAtMs }) => lookedAfterAtMs === null)
  return (
    <section aria-label="Strangers" className="flex flex-col gap-2">
      <SectionLabel {...(strangers.length > 0 ? { count: strangers.length } : {})}>
        Strangers who were answered
      </SectionLabel>
      {cannotTell && <p className="text-text2">{cannotTell}</p>}
      <ul className="flex flex-col gap-1">
        {strangers.map((stranger) => (
          <li key={`${stranger.mark} ${stranger.channel} ${stranger.account} ${stranger.how}`} className="flex gap-3">
            <span className="flex h-5 shrink-0 items-center">
              <StateIcon
                word={stranger.lookedAfterAtMs === null ? 'Unsafe' : 'OK'}
                label={stranger.lookedAfterAtMs === null ? 'not looked after' : 'looked after'}
              />
            </span>
            <span className="min-w-0 flex-1 break-words">
              <UntrustedText text={strangerWords(stranger)} />
            </span>
            <Age atMs={stranger.lastAtMs} />
          </li>
        ))}
      </ul>
      {strangers.length > 0 && (
        <div className="flex flex-wrap items-center gap-2">
          <Button small keys="w" disabled={held !== undefined} onClick={onShow}>
            Show them
          </Button>
          {open && (
            <Button small keys="a" disabled={held !== undefined} onClick={onLookedAfter}>
              Looked after
            </Button>
          )}
        </div>
      )}
    </section>
  )
}
