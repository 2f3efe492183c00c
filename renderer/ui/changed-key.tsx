import type { ReactNode } from 'react'
import type { TrustState } from '../../shared/contract/index.ts'
import { Age } from './age.tsx'
import { Fingerprint } from './fingerprint.tsx'

/** The name of a kind of key as `ssh-keygen` prints it. */
export const keyKind = (algorithm: string): string =>
  algorithm.includes('ed25519') ? 'ED25519' : algorithm.includes('ecdsa') ? 'ECDSA' : 'RSA'

/** That a machine shows another host key than the pinned one: the sentence, and both fingerprints group by group. */
export function ChangedKey({ trust }: { trust: TrustState }) {
  const { pin, changedTo } = trust
  if (!changedTo) return null
  return (
    <>
      <p className="max-w-[72ch] text-lead font-semibold text-critical" role="alert">
        This machine shows another key than the one you trusted. Nothing is sent until someone there reads you its
        fingerprint.
      </p>
      <dl className="grid max-w-[1000px] grid-cols-2 gap-6">
        <Shown label="Trusted">
          {pin ? <Fingerprint value={pin.fingerprint} /> : <p className="text-text2">None is kept.</p>}
          {pin && (
            <p className="text-meta text-text3">
              {keyKind(pin.algorithm)} · accepted <Age atMs={pin.acceptedAtMs} inSentence className="" /> · {pin.source}
            </p>
          )}
        </Shown>
        <Shown label="Shown now">
          <Fingerprint value={changedTo.fingerprint} {...(pin ? { unlike: pin.fingerprint } : {})} />
          <p className="text-meta text-text3">
            {keyKind(changedTo.algorithm)} · seen <Age atMs={changedTo.seenAtMs} inSentence className="" />
          </p>
        </Shown>
      </dl>
    </>
  )
}

function Shown({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="flex flex-col gap-1">
      <dt className="text-label text-text2">{label}</dt>
      <dd className="flex flex-col gap-1">{children}</dd>
    </div>
  )
}
