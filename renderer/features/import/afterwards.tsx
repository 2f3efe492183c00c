import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { said } from '../../api/fault.ts'
import { orpc } from '../../api/queries.ts'
import { go } from '../../state/navigation.ts'
import { Button } from '../../ui/button.tsx'
import { FaultLines } from '../../ui/fault-lines.tsx'
import { middleCut } from '../../ui/middle-cut.ts'
import { UntrustedText } from '../../ui/text.tsx'
import { EnrolAll } from './enrol-all.tsx'
import { KnownHosts } from './known-hosts.tsx'

/** After an import: whose host keys are known, and who can be read at once. */
export function Afterwards({ sentence, onMore }: { sentence: string; onMore: () => void }) {
  const boxes = useQuery(orpc.inventory.boxes.queryOptions())
  const [asked, setAsked] = useState(false)
  if (boxes.error)
    return (
      <div className="p-6">
        <FaultLines {...said(boxes.error)} action={<Button onClick={() => void boxes.refetch()}>Try again</Button>} />
      </div>
    )
  const waiting = (boxes.data ?? []).filter((box) => box.launcher === null)
  const untrusted = waiting.filter((box) => box.pinned === null)
  const trusted = waiting.filter((box) => box.pinned !== null)
  return (
    <div className="flex min-h-0 flex-1 flex-col gap-6 overflow-y-auto p-6">
      <div className="flex max-w-[72ch] flex-col gap-1">
        <p className="text-lead font-semibold">{sentence}</p>
        {untrusted.length > 0 && (
          <p className="text-text2">
            Importing connects to nothing. Each machine needs its host key accepted once, by you; your known_hosts may
            hold some of them.
          </p>
        )}
      </div>
      <section className="flex flex-col items-start gap-2" aria-labelledby="known-title">
        <h2 id="known-title" className="text-lead font-semibold">
          Pins from your known_hosts
        </h2>
        {asked ? (
          <KnownHosts />
        ) : (
          <>
            <p className="text-text2">Read now and at no other time. Nothing is pinned before you choose.</p>
            <Button onClick={() => setAsked(true)}>Look in known_hosts</Button>
          </>
        )}
      </section>
      <EnrolAll boxes={trusted} />
      {untrusted.length > 0 && (
        <section className="flex flex-col gap-1" aria-labelledby="untrusted-title">
          <h2
            id="untrusted-title"
            className="text-lead font-semibold"
          >{`Host key not accepted yet · ${untrusted.length}`}</h2>
          <ul className="max-w-[720px]">
            {untrusted.map((box) => (
              <li key={box.boxId} className="grid min-h-9 grid-cols-[264px_minmax(0,1fr)_auto] items-center gap-3">
                <UntrustedText className="min-w-0 truncate font-medium" text={middleCut(box.name, 36)} />
                <UntrustedText
                  className="min-w-0 truncate font-mono text-code text-text2"
                  text={`${box.host}:${box.port}`}
                  maxChars={80}
                />
                <Button small onClick={() => go({ page: 'add', boxId: box.boxId })}>
                  Look at its key
                </Button>
              </li>
            ))}
          </ul>
        </section>
      )}
      <div className="flex gap-2">
        <Button keys="g f" onClick={() => go({ page: 'fleet' })}>
          Fleet
        </Button>
        <Button onClick={onMore}>Import more</Button>
      </div>
    </div>
  )
}
