import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { BoxId } from '../../../shared/contract/index.ts'
import { client } from '../../api/client.ts'
import { type Said, said } from '../../api/fault.ts'
import { orpc, queryClient } from '../../api/queries.ts'
import { Button } from '../../ui/button.tsx'
import { FaultLines } from '../../ui/fault-lines.tsx'
import { Fingerprint } from '../../ui/fingerprint.tsx'
import { middleCut } from '../../ui/middle-cut.ts'
import { UntrustedText } from '../../ui/text.tsx'
import { toggle } from './choose.ts'

interface Candidate {
  boxId: BoxId
  boxName: string
  fingerprint: string
  algorithm: string
  key: string
  line: number
}

const keyOf = ({ boxId, line }: Candidate): string => `${boxId}:${line}`

/** Keys of the operator's known_hosts that fit machines without a pin; the chosen ones are pinned and say where they came from. */
export function KnownHosts() {
  const options = orpc.trust.knownHosts.queryOptions({ input: { text: null } })
  const found = useQuery(options)
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set())
  const [refused, setRefused] = useState<Said | null>(null)
  const [pinned, setPinned] = useState<number | null>(null)
  if (found.error && said(found.error).fault?.code === 'not-found')
    return <p>There is no known_hosts in the .ssh folder of your home folder.</p>
  if (found.error)
    return (
      <FaultLines {...said(found.error)} action={<Button onClick={() => void found.refetch()}>Try again</Button>} />
    )
  if (!found.data) return null
  const candidates = firstOfEach(found.data)
  const picks = candidates.filter((candidate) => !left.has(keyOf(candidate)))
  const accept = async () => {
    setRefused(null)
    try {
      const answer = await client.trust.acceptKnownHosts({
        picks: picks.map(({ boxId, key, line }) => ({ boxId, key, line })),
      })
      setPinned(answer.pinned)
      await queryClient.invalidateQueries({ queryKey: orpc.trust.key() })
    } catch (error) {
      setRefused(said(error))
    }
  }
  return (
    <>
      {pinned !== null && (
        <p>
          {pinned === 1 ? '1 host key was pinned' : `${pinned} host keys were pinned`}, named as “your known_hosts” with
          the line.
        </p>
      )}
      {candidates.length === 0 ? (
        pinned === null && <p>Your known_hosts holds no key of a machine that still needs one.</p>
      ) : (
        <>
          <ul className="flex flex-col">
            {candidates.map((candidate) => (
              <li key={keyOf(candidate)}>
                <label className="grid min-h-9 grid-cols-[16px_200px_auto] items-baseline gap-x-3 py-1">
                  <input
                    type="checkbox"
                    className="size-4 translate-y-[3px] accent-accent"
                    checked={!left.has(keyOf(candidate))}
                    onChange={() => setLeft(toggle(left, keyOf(candidate)))}
                  />
                  <span className="min-w-0">
                    <UntrustedText className="block truncate font-medium" text={middleCut(candidate.boxName, 28)} />
                    <span className="text-meta text-text3">{`known_hosts, line ${candidate.line} · ${candidate.algorithm}`}</span>
                  </span>
                  <Fingerprint value={candidate.fingerprint} />
                </label>
              </li>
            ))}
          </ul>
          {refused && <FaultLines {...refused} />}
          <div className="flex items-center gap-3">
            <Button disabled={picks.length === 0} onClick={() => void accept()}>
              {picks.length === 1 ? 'Pin 1 key' : `Pin ${picks.length} keys`}
            </Button>
            <span className="text-meta text-text3">
              {picks.length === 0
                ? 'None is chosen.'
                : 'You trusted these before with ssh; a machine that shows another key is stopped.'}
            </span>
          </div>
        </>
      )}
    </>
  )
}

const strength = (algorithm: string): number =>
  algorithm.includes('ed25519') ? 0 : algorithm.includes('ecdsa') ? 1 : 2

/** One key a machine: the strongest kind it is known by, since one key is pinned. */
function firstOfEach(candidates: readonly Candidate[]): Candidate[] {
  const best = new Map<BoxId, Candidate>()
  for (const candidate of candidates) {
    const known = best.get(candidate.boxId)
    if (!known || strength(candidate.algorithm) < strength(known.algorithm)) best.set(candidate.boxId, candidate)
  }
  return [...best.values()]
}
