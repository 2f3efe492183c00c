import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Box, OfferedKey, TrustState } from '../../../shared/contract/index.ts'
import { client } from '../../api/client.ts'
import { type Said, said, wasCancelled } from '../../api/fault.ts'
import { orpc, queryClient } from '../../api/queries.ts'
import { back } from '../../state/navigation.ts'
import { Button, TextButton } from '../../ui/button.tsx'
import { ChangedKey, keyKind } from '../../ui/changed-key.tsx'
import { Copyable } from '../../ui/copyable.tsx'
import { FaultLines } from '../../ui/fault-lines.tsx'
import { fingerprintCommands } from '../../ui/fingerprint.ts'
import { Fingerprint } from '../../ui/fingerprint.tsx'
import { UntrustedText } from '../../ui/text.tsx'
import { Elapsed } from './elapsed.tsx'

/** Shows the key a machine offers and takes a person's word that it is right. Nothing was sent to the machine. */
export function OfferedHostKey({ box, onAccepted }: { box: Box; onAccepted: () => void }) {
  const options = orpc.trust.offeredKey.queryOptions({ input: { boxId: box.boxId }, staleTime: 0, gcTime: 0 })
  const { data, error, isFetching, refetch } = useQuery(options)
  const [gaveUp, setGaveUp] = useState(false)
  const ask = () => {
    setGaveUp(false)
    void refetch()
  }
  const cancel = () => {
    setGaveUp(true)
    void queryClient.cancelQueries({ queryKey: options.queryKey })
  }
  if (isFetching)
    return (
      <div className="flex items-center gap-3">
        <p className="text-text2">
          Asking <UntrustedText className="font-mono text-code" text={`${box.host}:${box.port}`} /> for its host key.{' '}
          <Elapsed />
        </p>
        <Button small keys="escape" onClick={cancel}>
          Cancel
        </Button>
      </div>
    )
  if (gaveUp || (error && wasCancelled(error)))
    return (
      <p>
        Not asked. <TextButton onClick={ask}>Ask for its host key</TextButton>
      </p>
    )
  if (error) return <FaultLines {...said(error)} action={<Button onClick={ask}>Try again</Button>} />
  return data ? <Compare box={box} offered={data} onAccepted={onAccepted} onAskAgain={ask} /> : null
}

interface CompareProps {
  box: Box
  offered: OfferedKey
  onAccepted: () => void
  onAskAgain: () => void
}

function Compare({ box, offered, onAccepted, onAskAgain }: CompareProps) {
  const [refused, setRefused] = useState<Said | null>(null)
  const accept = async () => {
    try {
      await client.trust.accept({ boxId: box.boxId, fingerprint: offered.fingerprint })
      await queryClient.invalidateQueries({ queryKey: orpc.trust.key() })
      onAccepted()
    } catch (error) {
      setRefused(said(error))
    }
  }
  return (
    <div className="flex flex-col gap-4">
      <div className="flex flex-col gap-1">
        <p>
          <UntrustedText text={box.name} /> shows this {keyKind(offered.algorithm)} key:
        </p>
        <Fingerprint value={offered.fingerprint} />
      </div>
      <HowToCheck algorithm={offered.algorithm} />
      {refused && <FaultLines {...refused} action={<Button onClick={onAskAgain}>Ask for its key again</Button>} />}
      <div className="flex items-center gap-3">
        <Button look="primary" keys="enter" autoFocus onClick={() => void accept()}>
          It is the same: accept
        </Button>
        <span className="text-meta text-text3">From then on any other key stops everything for this machine.</span>
      </div>
    </div>
  )
}

/** How whoever sits at the machine shows its own fingerprint. */
function HowToCheck({ algorithm }: { algorithm: string }) {
  return (
    <div className="flex flex-col gap-1">
      <p>Compare it with what the machine itself says. Someone there runs this and reads you the groups:</p>
      <dl className="flex flex-col gap-1">
        {fingerprintCommands(algorithm).map(({ where, command }) => (
          <div key={where} className="flex items-baseline gap-3">
            <dt className="w-36 shrink-0 text-text2">{where}</dt>
            <dd className="min-w-0">
              <Copyable text={command} />
            </dd>
          </div>
        ))}
      </dl>
    </div>
  )
}

/** The machine shows another key than the pinned one: everything stops until a person says which is right. */
export function ChangedHostKey({ box, trust }: { box: Box; trust: TrustState }) {
  const [refused, setRefused] = useState<Said | null>(null)
  const { changedTo } = trust
  if (!changedTo) return null
  const forget = async () => {
    try {
      await client.trust.forget({ boxId: box.boxId })
      await queryClient.invalidateQueries({ queryKey: orpc.trust.key() })
    } catch (error) {
      setRefused(said(error))
    }
  }
  return (
    <div className="flex flex-col gap-4">
      <ChangedKey trust={trust} />
      <HowToCheck algorithm={changedTo.algorithm} />
      <p className="max-w-[72ch] text-text2">
        A new installation or a new disk makes a new key. So does somebody in between. If the one shown now is what the
        machine itself says, forget the old one and enrol again; the old one stays in the diary.
      </p>
      {refused && <FaultLines {...refused} />}
      <div className="flex gap-2">
        <Button keys="escape" onClick={back}>
          Leave it stopped
        </Button>
        <Button look="critical" onClick={() => void forget()}>
          Forget the old key
        </Button>
      </div>
    </div>
  )
}
