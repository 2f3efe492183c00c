import type { TrustState } from '../../../shared/contract/index.ts'
import { useActions } from '../../state/actions.ts'
import { go } from '../../state/navigation.ts'
import { Button } from '../../ui/button.tsx'
import { ChangedKey } from '../../ui/changed-key.tsx'

/** In place of everything else: this machine shows another host key than the one a person trusted. */
export function KeyChanged({ trust, readOnly }: { trust: TrustState; readOnly: boolean }) {
  const enrol = () => go({ page: 'add', boxId: trust.boxId })
  useActions('Machine', [
    {
      title: 'Compare and enrol it again',
      keys: 'enter',
      run: enrol,
      unavailable: readOnly ? 'This console was started to read only.' : undefined,
    },
  ])
  if (!trust.changedTo) return null
  return (
    <section className="readable flex flex-col gap-6 px-6 py-6">
      <ChangedKey trust={trust} />
      <p className="max-w-[72ch] text-text2">
        A new installation or a new disk makes a new key. So does somebody in between. Call a person who sits at the
        machine and compare the groups; the commands for it stand on the next page.
      </p>
      {!readOnly && (
        <div>
          <Button look="primary" keys="enter" onClick={enrol}>
            Compare and enrol it again
          </Button>
        </div>
      )}
    </section>
  )
}
