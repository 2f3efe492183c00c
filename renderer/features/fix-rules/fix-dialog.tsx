import { useMutation, useQuery } from '@tanstack/react-query'
import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import type { ApplyJob, BoxId, RuleFix, WayBack } from '../../../shared/contract/index.ts'
import { client } from '../../api/client.ts'
import { orpc, queryClient } from '../../api/queries.ts'
import { sentenceOf } from '../../api/sentence.ts'
import { followApply } from '../../api/stopping.ts'
import { closeFixing, type Fixing, useFixing } from '../../state/fixing.ts'
import { Age } from '../../ui/age.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Difference } from '../../ui/difference.tsx'
import { isMade, JobLine } from '../../ui/job-line.tsx'
import { SectionLabel, UntrustedText } from '../../ui/text.tsx'

/** Never asked for: the machine is known with the preview. */
const noBox = '' as BoxId

/** The smallest change that mends broken rules: one key opens it, Enter makes it. */
export function FixDialog() {
  const { fixing } = useFixing()
  const { data: app } = useQuery(orpc.app.state.queryOptions())
  if (!fixing) return null
  return (
    <Dialog open onOpenChange={(open) => !open && closeFixing()} title={`Fix the rules at ${fixing.name}`}>
      <FixSheet
        key={JSON.stringify(fixing)}
        fixing={fixing}
        held={app?.readOnly ? 'This console was started to read only.' : ''}
      />
    </Dialog>
  )
}

function FixSheet({ fixing: { name: _title, ...scope }, held }: { fixing: Fixing; held: string }) {
  const whole = useRef<HTMLDivElement>(null)
  useEffect(() => whole.current?.focus(), [])
  const [job, setJob] = useState<ApplyJob | null>(null)
  const preview = useQuery({
    ...orpc.apply.previewFix.queryOptions({ input: scope }),
    staleTime: 0,
    gcTime: 0,
    // What is being made stays on screen as it was agreed to.
    enabled: job === null,
  })
  const boxId = preview.data?.boxId
  const wayBack = useQuery({
    ...orpc.apply.wayBack.queryOptions({ input: { boxId: boxId ?? noBox } }),
    enabled: boxId !== undefined,
  })
  const needsDrill = wayBack.data?.proven === false && job === null
  const [drilled, setDrilled] = useState<WayBack | null>(null)
  const make = useMutation({
    mutationFn: async ({ hash, boxId: at }: RuleFix) => {
      if (needsDrill) {
        const shown = await client.apply.drill({ boxId: at })
        setDrilled(shown)
        await queryClient.invalidateQueries({ queryKey: orpc.apply.wayBack.key() })
        if (!shown.proven) return
      }
      const begun = await client.apply.fix({ ...scope, hash })
      setJob(begun)
      await followApply(begun.applyId, setJob)
      await queryClient.invalidateQueries({ queryKey: orpc.access.key() })
    },
  })
  const fix = preview.data
  const isReady =
    fix !== undefined && fix.hash !== '' && held === '' && !wayBack.isPending && !make.isPending && job === null
  const apply = () => isReady && make.mutate(fix)
  const press = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || event.target instanceof HTMLButtonElement) return
    event.preventDefault()
    if (job !== null && job.state !== 'running') closeFixing()
    else apply()
  }
  const problem = preview.error ?? make.error
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys of its own buttons, from anywhere in it
    <div ref={whole} tabIndex={-1} onKeyDown={press} className="readable flex flex-col gap-4 outline-none">
      {fix && <Preview fix={fix} />}
      {needsDrill && isReady && drilled === null && (
        <p className="text-text2">
          This machine has not shown yet that a change goes back by itself. It shows it first, by a file of its own.
        </p>
      )}
      {needsDrill && make.isPending && <p role="status">The machine shows its way back.</p>}
      {drilled && !drilled.proven && (
        <p role="alert" className="text-critical">
          <UntrustedText text={`Nothing was changed. ${drilled.words}`} maxChars={400} />
        </p>
      )}
      {job && <JobLine job={job} doing="Making it" />}
      {job && isMade(job) && <p className="text-text2">The machine is read again, and the rules are judged by that.</p>}
      {problem && (
        <p role="alert" className="text-critical">
          {sentenceOf(problem)}
        </p>
      )}
      {held && <p className="text-text3">{held}</p>}
      <div className="flex gap-2">
        {job === null && (
          <Button look="primary" keys="enter" disabled={!isReady} onClick={apply}>
            Make this change
          </Button>
        )}
        <Button keys="escape" onClick={closeFixing}>
          {job === null ? 'Leave it' : 'Close'}
        </Button>
      </div>
    </div>
  )
}

function Preview({ fix }: { fix: RuleFix }) {
  const { changes, answers, notes, left, why, boxName, readAtMs } = fix
  return (
    <>
      {changes.length > 0 && (
        <section aria-label="Changes" className="flex flex-col gap-2">
          <SectionLabel count={changes.length}>{`Changes on ${boxName}`}</SectionLabel>
          <div className="font-mono text-code">
            {changes.map((change) => (
              <Difference key={change.path} line={change} flush />
            ))}
          </div>
          {readAtMs !== null && (
            <p className="text-meta text-text3">
              {'Read '}
              <Age atMs={readAtMs} inSentence className="" />
              {'. It goes back by itself unless the agent takes it and runs as before.'}
            </p>
          )}
        </section>
      )}
      {changes.length > 0 && answers.length > 0 && <Lines title="Whom it answers then" lines={answers} />}
      {notes.length > 0 && <Lines title="Before you do" lines={notes} />}
      {left.length > 0 ? (
        <Lines title="What this does not mend" lines={left.map(({ words }) => words)} />
      ) : (
        why !== '' && <p>{why}</p>
      )}
    </>
  )
}

function Lines({ title, lines }: { title: string; lines: readonly string[] }) {
  return (
    <section aria-label={title} className="flex flex-col gap-1">
      <SectionLabel>{title}</SectionLabel>
      <ul className="flex flex-col gap-1">
        {lines.map((line) => (
          <li key={line} className="break-words">
            <UntrustedText text={line} maxChars={600} />
          </li>
        ))}
      </ul>
    </section>
  )
}
