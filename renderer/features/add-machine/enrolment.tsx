import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Box } from '../../../shared/contract/index.ts'
import { said } from '../../api/fault.ts'
import { orpc } from '../../api/queries.ts'
import { go } from '../../state/navigation.ts'
import { Button } from '../../ui/button.tsx'
import { FaultLines } from '../../ui/fault-lines.tsx'
import { Fingerprint } from '../../ui/fingerprint.tsx'
import { UntrustedText } from '../../ui/text.tsx'
import { EnrolRun } from './enrol-run.tsx'
import { ChangedHostKey, OfferedHostKey } from './host-key.tsx'

/** Trust first, then the login: a machine goes from its host key to its first answer on one page. */
export function Enrolment({ box, boxes }: { box: Box; boxes: readonly Box[] }) {
  const trust = useQuery(orpc.trust.state.queryOptions({ input: { boxId: box.boxId } }))
  const [accepted, setAccepted] = useState(false)
  const untrusted = box.hops.flatMap((id) => {
    const hop = boxes.find(({ boxId }) => boxId === id)
    return hop && hop.pinned === null ? [hop] : []
  })
  if (trust.error)
    return (
      <div className="p-6">
        <FaultLines {...said(trust.error)} action={<Button onClick={() => void trust.refetch()}>Try again</Button>} />
      </div>
    )
  if (!trust.data) return null
  return (
    <div className="flex flex-col gap-6 p-6">
      <section className="flex flex-col gap-3" aria-labelledby="host-key-title">
        <h2 id="host-key-title" className="text-lead font-semibold">
          Host key
        </h2>
        {trust.data.changedTo ? (
          <ChangedHostKey box={box} trust={trust.data} />
        ) : trust.data.pin ? (
          <div className="flex flex-col gap-1">
            <p className="text-text2">Accepted by {trust.data.pin.source}:</p>
            <Fingerprint value={trust.data.pin.fingerprint} />
          </div>
        ) : untrusted.length > 0 ? (
          <HopsFirst hops={untrusted} />
        ) : (
          <OfferedHostKey box={box} onAccepted={() => setAccepted(true)} />
        )}
      </section>
      {trust.data.pin && !trust.data.changedTo && (
        <EnrolRun box={box} startNow={accepted && box.auth.kind !== 'password'} />
      )}
    </div>
  )
}

/** The way leads through machines whose own keys nobody accepted yet. */
function HopsFirst({ hops }: { hops: readonly Box[] }) {
  return (
    <div className="flex flex-col gap-2">
      <p>
        The way there leads through {hops.length === 1 ? 'a machine' : 'machines'} whose host key nobody accepted yet.
        Enrol {hops.length === 1 ? 'it' : 'them'} first.
      </p>
      {hops.map((hop, at) => (
        <div key={hop.boxId}>
          <Button look={at === 0 ? 'primary' : 'default'} onClick={() => go({ page: 'add', boxId: hop.boxId })}>
            <span>
              Look at the key of <UntrustedText text={hop.name} maxChars={40} />
            </span>
          </Button>
        </div>
      ))}
    </div>
  )
}
