import { useMutation, useQuery } from '@tanstack/react-query'
import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import { channelName } from '../../../shared/channels.ts'
import type { ApplyJob } from '../../../shared/contract/index.ts'
import { client } from '../../api/client.ts'
import { wasCancelled } from '../../api/fault.ts'
import { orpc, queryClient } from '../../api/queries.ts'
import { sentenceOf } from '../../api/sentence.ts'
import { followApply } from '../../api/stopping.ts'
import { askToFix } from '../../state/fixing.ts'
import type { Stopped } from '../../state/stopping.ts'
import { Button } from '../../ui/button.tsx'
import { JobLine } from '../../ui/job-line.tsx'
import { SectionLabel, UntrustedText } from '../../ui/text.tsx'

/** Whom a stopped channel would answer, asked of the machine now; only then can it be turned on. */
export function StartAgain({ stop, onClose }: { stop: Stopped; onClose: () => void }) {
  const { boxId, boxName, agentId, channel, account } = stop
  const [job, setJob] = useState<ApplyJob | null>(null)
  const whole = useRef<HTMLDivElement>(null)
  useEffect(() => whole.current?.focus(), [])
  const preview = useQuery({
    ...orpc.channel.startPreview.queryOptions({ input: { boxId, agentId, channel } }),
    staleTime: 0,
    gcTime: 0,
  })
  const start = useMutation({
    mutationFn: async (hash: string) => {
      const begun = await client.channel.start({ boxId, agentId, channel, hash })
      setJob(begun)
      await followApply(begun.applyId, setJob)
      await queryClient.invalidateQueries({ queryKey: orpc.channel.key() })
    },
  })
  const name = channelName(channel)
  const hash = preview.data?.hash
  const refusals = preview.data?.refusals ?? []
  const isRefused = refusals.length > 0 && job === null
  const ready = hash !== undefined && !isRefused && !start.isPending && job === null
  const fix = () => {
    onClose()
    askToFix({ agentId, door: { channel, account: account || 'default' }, name: boxName })
  }
  const turnOn = () => hash !== undefined && ready && start.mutate(hash)
  const press = (event: KeyboardEvent) => {
    if (event.key === 'f' && isRefused) {
      event.preventDefault()
      return fix()
    }
    if (event.key !== 'Enter' || event.target instanceof HTMLButtonElement) return
    event.preventDefault()
    if (job?.state === 'ended') onClose()
    else turnOn()
  }
  const problem = preview.error ?? (start.error && !wasCancelled(start.error) ? start.error : null)
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys of its own buttons, from anywhere in it
    <div ref={whole} tabIndex={-1} onKeyDown={press} className="readable flex flex-col gap-4 outline-none">
      {preview.isPending && <p role="status">{`Asking ${boxName} whom it would answer.`}</p>}
      {preview.data && job === null && (
        <section className="flex flex-col gap-1">
          <SectionLabel>{`Turned on again at ${boxName}`}</SectionLabel>
          <ul className="flex flex-col gap-1">
            {preview.data.answers.map((line) => (
              <li key={line} className="break-words">
                <UntrustedText text={line} maxChars={600} />
              </li>
            ))}
          </ul>
          {preview.data.answers.length === 0 && <p>{`Its config knows no ${name}.`}</p>}
        </section>
      )}
      {isRefused && (
        <section role="alert" className="flex flex-col gap-1">
          <p className="font-medium text-critical">It stays off: fixed rules refuse it.</p>
          <ul className="flex flex-col gap-1">
            {refusals.map((line) => (
              <li key={line} className="break-words">
                <UntrustedText text={line} maxChars={600} />
              </li>
            ))}
          </ul>
        </section>
      )}
      {start.isPending && job === null && <p role="status">A dialog of the system asks whether to do it.</p>}
      {job && <JobLine job={job} doing="Turning it on" />}
      {problem && (
        <p role="alert" className="text-critical">
          {sentenceOf(problem)}
        </p>
      )}
      <div className="flex gap-2">
        {isRefused && (
          <Button look="primary" keys="f" onClick={fix}>
            Fix the rules
          </Button>
        )}
        {job === null && !isRefused && (
          <Button look="primary" keys="enter" disabled={!ready} onClick={turnOn}>
            {`Turn ${name} on`}
          </Button>
        )}
        <Button keys="escape" onClick={onClose}>
          {job === null ? 'Leave it off' : 'Close'}
        </Button>
      </div>
    </div>
  )
}
