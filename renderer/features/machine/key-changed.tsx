import type { TrustState } from '../../../shared/contract/index.ts'
import { go } from '../../state/navigation.ts'
import { Age } from '../../ui/age.tsx'
import { Button } from '../../ui/button.tsx'
import { Fingerprint } from '../../ui/fingerprint.tsx'

/** In place of everything else: this machine shows another host key than the one a person trusted. */
export function KeyChanged({ trust, readOnly }: { trust: TrustState; readOnly: boolean }) {
  const { pin, changedTo } = trust
  if (!changedTo) return null
  return (
    <section className="readable flex flex-col gap-6 px-6 py-6">
      <p className="max-w-[72ch] text-lead font-semibold text-critical" role="alert">
        This machine shows another key than the one you trusted. Nothing is sent until someone there reads you its
        fingerprint.
      </p>
      <dl className="grid max-w-[1000px] grid-cols-2 gap-6">
        <div className="flex flex-col gap-1">
          <dt className="text-label text-text2">Trusted</dt>
          <dd className="flex flex-col gap-1">
            {pin ? <Fingerprint value={pin.fingerprint} /> : 'None is kept.'}
            {pin && (
              <span className="text-meta text-text3">
                {pin.algorithm} · accepted <Age atMs={pin.acceptedAtMs} inSentence className="" /> · {pin.source}
              </span>
            )}
          </dd>
        </div>
        <div className="flex flex-col gap-1">
          <dt className="text-label text-text2">Shown now</dt>
          <dd className="flex flex-col gap-1">
            <Fingerprint value={changedTo.fingerprint} {...(pin ? { unlike: pin.fingerprint } : {})} />
            <span className="text-meta text-text3">
              {changedTo.algorithm} · seen <Age atMs={changedTo.seenAtMs} inSentence className="" />
            </span>
          </dd>
        </div>
      </dl>
      <p className="max-w-[72ch] text-text2">
        A new installation or a new disk makes a new key. So does somebody in between. Call a person who sits at the
        machine and compare the groups; the commands for it stand on the next page.
      </p>
      {!readOnly && (
        <div>
          <Button look="primary" onClick={() => go({ page: 'add', boxId: trust.boxId })}>
            Compare and enrol it again
          </Button>
        </div>
      )}
    </section>
  )
}
