import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { BoxId, MachinePage, Probe, Triage } from '../../../shared/contract/index.ts'
import { orpc } from '../../api/queries.ts'
import { sentenceOf } from '../../api/sentence.ts'
import { startSweep, stopSweep, useRunningSweep } from '../../api/sweeping.ts'
import { useActions } from '../../state/actions.ts'
import { go } from '../../state/navigation.ts'
import { offerSentence } from '../../state/said.ts'
import { Age } from '../../ui/age.tsx'
import { Button, TextButton } from '../../ui/button.tsx'
import { copyText } from '../../ui/copyable.tsx'
import { momentOfFact } from '../../ui/fact-moment.ts'
import { MachineName } from '../../ui/machine-name.tsx'
import { ListAndPane, Page, useRoomForPane } from '../../ui/page.tsx'
import { Strip } from '../../ui/strip.tsx'
import { SweepLine } from '../../ui/sweep-line.tsx'
import { takeFocusAlong } from '../../ui/take-focus-along.ts'
import { UntrustedText } from '../../ui/text.tsx'
import { ProbeList } from './probe-list.tsx'
import { ProbeEvidence, ProbePane } from './probe-pane.tsx'
import { firstChoice, stepped } from './rows.ts'

/** Why an agent went quiet: questions in order, the likely cause on top. */
export function TriagePage({ boxId }: { boxId: BoxId }) {
  const { data, error } = useQuery(orpc.triage.ofBox.queryOptions({ input: { boxId } }))
  const { data: machine } = useQuery(orpc.pages.machine.queryOptions({ input: { boxId } }))
  const running = useRunningSweep()
  const mine = running?.boxes.some((box) => box.boxId === boxId) ?? false
  const unpinned = machine !== undefined && machine.box.pinned === null
  return (
    <Page
      title="Why it went quiet"
      name={machine ? `Why quiet: ${machine.box.name}` : 'Why it went quiet'}
      meta={
        <>
          {machine && (
            <TextButton className="min-w-0 leading-5" onClick={() => go({ page: 'machine', boxId })}>
              <MachineName name={machine.box.name} className="max-w-[280px]" />
            </TextButton>
          )}
          {machine?.client && (
            <span className="truncate">
              <UntrustedText text={machine.client.name} />
            </span>
          )}
          {running && mine && <SweepLine sweep={running} />}
        </>
      }
      actions={
        <Button keys="r" disabled={running !== null || unpinned} onClick={() => void startSweep([boxId])}>
          Ask it now
        </Button>
      }
      strip={error ? <Strip look="warning">{sentenceOf(error)}</Strip> : null}
      hints={[
        { keys: ['j', 'k'], words: 'move' },
        { keys: ['enter'], words: 'evidence' },
        { keys: ['y'], words: 'copy the command' },
      ]}
    >
      {data && <Body key={boxId} data={data} machine={machine} sweeping={mine} />}
    </Page>
  )
}

async function copy(text: string): Promise<void> {
  offerSentence((await copyText(text)) ? 'Copied.' : 'The clipboard refused it, so nothing was copied.')
}

function Body({ data, machine, sweeping }: { data: Triage; machine: MachinePage | undefined; sweeping: boolean }) {
  const [picked, setPicked] = useState<string | null>(null)
  const [paneOpen, setPaneOpen] = useState(false)
  const [evidenceOpen, setEvidenceOpen] = useState(false)
  const running = useRunningSweep() !== null
  const room = useRoomForPane()
  const { boxId, probes, leadKey } = data
  const chosen = picked ?? firstChoice(probes, leadKey)
  const probe = probes.find(({ key }) => key === chosen)
  const move = (steps: number) => {
    const next = stepped(probes, chosen, steps)
    setPicked(next)
    takeFocusAlong('listbox', 'data-probe', next)
  }
  const command = probe?.sshCommand ?? machine?.sshCommand
  const open = () => (room ? setEvidenceOpen(true) : setPaneOpen(true))
  useActions('Why quiet', [
    ...(sweeping ? [{ title: 'Stop the sweep', keys: 'escape', run: () => void stopSweep() }] : []),
    {
      title: 'Ask the machine now',
      keys: 'r',
      run: () => void startSweep([boxId]),
      unavailable: running
        ? 'A sweep is running.'
        : machine?.box.pinned === null
          ? 'Its host key was never accepted.'
          : undefined,
    },
    { title: 'Next question', keys: ['j', 'down'], run: () => move(1), keysOnly: true },
    { title: 'Question before', keys: ['k', 'up'], run: () => move(-1), keysOnly: true },
    { title: 'Evidence', keys: 'enter', run: open, unavailable: probe ? undefined : 'No question is chosen.' },
    {
      title: 'Copy the ssh command',
      keys: 'y',
      run: () => command && void copy(command),
      unavailable: command ? undefined : 'No command shows it.',
    },
    {
      title: 'Log at the moment of this answer',
      keys: 'l',
      run: () => go({ page: 'logs', boxId, ...momentOfProbe(probe) }),
    },
    { title: 'Open the machine', keys: 'o', run: () => go({ page: 'machine', boxId }) },
  ])
  return (
    <>
      <ListAndPane
        split="machine"
        paneTitle="The chosen question"
        paneOpen={paneOpen}
        onPaneOpenChange={setPaneOpen}
        list={
          <>
            <Lead data={data} machine={machine} />
            <ProbeList probes={probes} chosen={chosen} leadKey={leadKey} onChoose={setPicked} onOpen={open} />
          </>
        }
        pane={probe ? <ProbePane probe={probe} onEvidence={() => setEvidenceOpen(true)} /> : null}
      />
      {probe && <ProbeEvidence probe={probe} open={evidenceOpen} onOpenChange={setEvidenceOpen} />}
    </>
  )
}

/** The moment an answer rests on; an answer without facts leads to the end of the log. */
function momentOfProbe(probe: Probe | undefined): { atMs?: number } {
  const [fact] = probe?.facts ?? []
  return fact ? { atMs: momentOfFact(fact) } : {}
}

/** The likely cause and what to do about it, before everything else. */
function Lead({ data, machine }: { data: Triage; machine: MachinePage | undefined }) {
  const newest = data.probes
    .filter(({ key }) => key !== 'reach')
    .reduce((atMs, probe) => Math.max(atMs, probe.takenAtMs ?? 0), 0)
  const attempt = machine?.lastAttempt
  return (
    <section className="readable sticky top-0 z-10 flex flex-col gap-1 border-b border-line bg-canvas px-6 py-4">
      <p className="max-w-[72ch] text-lead" data-lead={data.leadKey ?? ''}>
        <UntrustedText text={data.lead} maxChars={600} />
      </p>
      {data.nextStep && <p className="max-w-[72ch] text-text2">{data.nextStep}</p>}
      {data.state === 'never-read' && (
        <p className="max-w-[72ch] text-text2">R reads it once its host key is trusted.</p>
      )}
      {data.state === 'unreachable' && attempt && (
        <p className="text-meta text-text3">
          <UntrustedText text={attempt.sentence} maxChars={400} /> Tried{' '}
          <Age atMs={attempt.atMs} inSentence className="" />
          {newest > 0 && (
            <>
              ; the rest was read <Age atMs={newest} inSentence className="" /> or before
            </>
          )}
          .
        </p>
      )}
    </section>
  )
}
