import { useRef, useState } from 'react'
import type { Box, BoxId } from '../../../shared/contract/index.ts'
import { client } from '../../api/client.ts'
import { said, wasCancelled } from '../../api/fault.ts'
import { go } from '../../state/navigation.ts'
import { Button, TextButton } from '../../ui/button.tsx'
import { middleCut } from '../../ui/middle-cut.ts'
import { StateIcon } from '../../ui/state.tsx'
import { UntrustedText } from '../../ui/text.tsx'

type Outcome = { state: 'waiting' | 'working' | 'enrolled' } | { state: 'failed'; sentence: string }

/** How many are enrolled at the same time. */
const atOnce = 4

/** Logs in to every machine whose host key is pinned and which has not been read yet. One that fails holds up none. */
export function EnrolAll({ boxes }: { boxes: readonly Box[] }) {
  const [outcomes, setOutcomes] = useState<ReadonlyMap<BoxId, Outcome>>(new Map())
  const [subjects, setSubjects] = useState<readonly Box[]>([])
  const running = useRef<AbortController | null>(null)
  const [busy, setBusy] = useState(false)
  const settle = (boxId: BoxId, outcome: Outcome) => setOutcomes((now) => new Map(now).set(boxId, outcome))
  const able = boxes.filter((box) => box.auth.kind !== 'password')

  const one = async (box: Box, signal: AbortSignal) => {
    settle(box.boxId, { state: 'working' })
    try {
      const { enrolled, steps } = await client.trust.enrol({ boxId: box.boxId }, { signal })
      const failed = steps.find(({ state }) => state === 'failed')
      settle(
        box.boxId,
        enrolled ? { state: 'enrolled' } : { state: 'failed', sentence: failed?.detail || 'It was not enrolled.' },
      )
    } catch (error) {
      settle(
        box.boxId,
        wasCancelled(error) ? { state: 'waiting' } : { state: 'failed', sentence: said(error).sentence },
      )
    }
  }
  const all = async () => {
    const giveUp = new AbortController()
    running.current = giveUp
    setBusy(true)
    setSubjects(able)
    setOutcomes(new Map(able.map(({ boxId }) => [boxId, { state: 'waiting' }])))
    const queue = able.toSorted((a, b) => a.hops.length - b.hops.length)
    const worker = async () => {
      for (let box = queue.shift(); box && !giveUp.signal.aborted; box = queue.shift()) await one(box, giveUp.signal)
    }
    await Promise.all(Array.from({ length: atOnce }, worker))
    setBusy(false)
  }
  if (boxes.length === 0 && subjects.length === 0) return null
  const shown = subjects.length > 0 ? subjects : boxes
  const enrolled = [...outcomes.values()].filter(({ state }) => state === 'enrolled').length
  const ended = [...outcomes.values()].filter(({ state }) => state === 'enrolled' || state === 'failed').length
  return (
    <section className="flex flex-col items-start gap-2" aria-labelledby="enrol-title">
      <h2 id="enrol-title" className="text-lead font-semibold">
        {subjects.length > 0
          ? `Enrolled · ${enrolled} of ${subjects.length}`
          : `Trusted, not read yet · ${shown.length}`}
      </h2>
      <ul className="w-full max-w-[880px]">
        {shown.map((box) => (
          <EnrolLine key={box.boxId} box={box} outcome={outcomes.get(box.boxId)} />
        ))}
      </ul>
      <div className="flex items-center gap-3">
        {busy ? (
          <>
            <Button onClick={() => running.current?.abort()}>Cancel</Button>
            <span className="figures text-meta text-text3">{`${ended} of ${subjects.length}`}</span>
          </>
        ) : (
          able.length > 0 && (
            <Button look="primary" onClick={() => void all()}>
              {able.length === 1 ? 'Enrol the one that is trusted' : `Enrol all ${able.length} that are trusted`}
            </Button>
          )
        )}
      </div>
    </section>
  )
}

const spoken = { waiting: 'waiting', working: 'working', enrolled: 'done', failed: 'failed' } as const

function EnrolLine({ box, outcome }: { box: Box; outcome: Outcome | undefined }) {
  const state = outcome?.state ?? 'waiting'
  const word = { waiting: 'Waiting', working: 'Working', enrolled: 'OK', failed: 'Failing' } as const
  return (
    <li className="grid min-h-7 grid-cols-[16px_200px_minmax(0,1fr)_auto] items-baseline gap-3 py-1">
      <span className="translate-y-0.5">
        <StateIcon word={word[state]} label={spoken[state]} />
      </span>
      <UntrustedText className="min-w-0 truncate" text={middleCut(box.name, 28)} />
      <span className="min-w-0 text-text2">
        {box.auth.kind === 'password' && state === 'waiting'
          ? 'It asks for a password, so it is enrolled on its own page.'
          : ''}
        {outcome?.state === 'failed' && (
          <UntrustedText className="break-words text-critical" text={outcome.sentence} maxChars={600} />
        )}
        {state === 'enrolled' && 'enrolled'}
      </span>
      {(state === 'failed' || box.auth.kind === 'password') && (
        <TextButton onClick={() => go({ page: 'add', boxId: box.boxId })}>Open</TextButton>
      )}
    </li>
  )
}
