import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import type { ClientPage as ClientData, ClientId, ClientSpan } from '../../../shared/contract/index.ts'
import { worthWriting } from '../../../shared/message-draft.ts'
import { untrusted } from '../../../shared/untrusted.ts'
import { client } from '../../api/client.ts'
import { orpc } from '../../api/queries.ts'
import { sentenceOf } from '../../api/sentence.ts'
import { startSweep, useRunningSweep } from '../../api/sweeping.ts'
import { offerUndoOf } from '../../api/undo.ts'
import { useActions } from '../../state/actions.ts'
import { go } from '../../state/navigation.ts'
import { offerSentence } from '../../state/said.ts'
import { useNow } from '../../ui/age.tsx'
import { Button, TextButton } from '../../ui/button.tsx'
import { MessageDraft } from '../../ui/message-draft.tsx'
import { ListAndPane, Page, useRoomForPane } from '../../ui/page.tsx'
import { SpanSheet } from '../../ui/span-sheet.tsx'
import { Strip } from '../../ui/strip.tsx'
import { SweepLine } from '../../ui/sweep-line.tsx'
import { clockTime, longDay } from '../../ui/times.ts'
import { ClientMain } from './client-main.tsx'
import { ClientSide } from './client-side.tsx'
import { showClient, useClientState } from './client-state.ts'
import { openingWords, spanWords, unchangedWords } from './words.ts'

/** What the console knows about one client: how it goes there, and who they are. */
export function ClientPage({ clientId }: { clientId: ClientId }) {
  const { data, error } = useQuery(orpc.pages.client.queryOptions({ input: { clientId } }))
  const { data: app } = useQuery(orpc.app.state.queryOptions())
  useEffect(() => showClient(clientId), [clientId])
  if (!data)
    return (
      <Page
        title="Client"
        strip={error ? <Strip look="warning">{sentenceOf(error)}</Strip> : null}
        hints={[{ keys: ['escape'], words: 'back' }]}
      >
        {null}
      </Page>
    )
  return <Loaded data={data} readOnly={app?.readOnly ?? false} />
}

function Loaded({ data, readOnly }: { data: ClientData; readOnly: boolean }) {
  const { client: them, machines, findings } = data
  const { clientId } = them
  const state = useClientState()
  const mine = state.clientId === clientId
  const room = useRoomForPane()
  const running = useRunningSweep()
  const [span, setSpan] = useState<ClientSpan['kind'] | null>(null)
  const [editing, setEditing] = useState<string | null>(null)
  const held = readOnly ? 'This console was started to read only.' : undefined
  const edit = () => go({ page: 'edit-client', clientId })
  const write = () => useClientState.setState({ messageOpen: true })
  const boxIds = machines.map(({ boxId }) => boxId)
  const about = worthWriting(findings)
  useActions('Client', [
    { title: 'Edit the client', keys: 'e', run: edit, unavailable: held },
    {
      title: 'Edit what their machines are to be',
      run: () => go({ page: 'overlay', layer: { kind: 'client', key: clientId } }),
    },
    { title: 'Write a message to them', keys: 'm', run: write },
    {
      title: 'Sweep their machines',
      keys: 'r',
      run: () => void startSweep(boxIds),
      unavailable: running ? 'A sweep is running.' : boxIds.length === 0 ? 'They have no machine yet.' : undefined,
    },
    { title: 'Pause: they are away', keys: 'p', run: () => setSpan('pause'), unavailable: held },
    { title: 'Hold: no changes until a day', keys: 'h', run: () => setSpan('hold'), unavailable: held },
    { title: 'Add a note', keys: 'n', run: () => setEditing('new'), unavailable: held },
    ...(room ? [] : [{ title: 'Who they are', keys: 'space', run: () => useClientState.setState({ paneOpen: true }) }]),
  ])
  const sweeping = running?.boxes.some((box) => boxIds.includes(box.boxId)) ?? false
  return (
    <Page
      title={<span className="block truncate">{untrusted(them.name)}</span>}
      name={them.name}
      meta={
        <>
          <Meta data={data} />
          {running && sweeping && <SweepLine sweep={running} />}
        </>
      }
      actions={
        <>
          {!room && (
            <Button keys="space" onClick={() => useClientState.setState({ paneOpen: true })}>
              Who they are
            </Button>
          )}
          <Button keys="m" onClick={write}>
            Message
          </Button>
          {!readOnly && (
            <>
              <Button keys="h" onClick={() => setSpan('hold')}>
                Hold
              </Button>
              <Button keys="p" onClick={() => setSpan('pause')}>
                Pause
              </Button>
            </>
          )}
          {!readOnly && (
            <Button keys="e" onClick={edit}>
              Edit
            </Button>
          )}
        </>
      }
      strip={<Spans spans={data.spans} readOnly={readOnly} />}
      hints={[
        { keys: ['m'], words: 'message' },
        { keys: ['e'], words: 'edit' },
        { keys: ['?'], words: 'all keys' },
      ]}
    >
      <ListAndPane
        split="client"
        paneTitle="Who they are"
        paneOpen={state.paneOpen}
        onPaneOpenChange={(paneOpen) => useClientState.setState({ paneOpen })}
        list={<ClientMain data={data} readOnly={readOnly} />}
        pane={<ClientSide data={data} readOnly={readOnly} editing={editing} onEdit={setEditing} />}
      />
      {span && <SpanSheet kind={span} clientId={clientId} name={them.name} onClose={() => setSpan(null)} />}
      <MessageDraft
        open={mine && state.messageOpen}
        onOpenChange={(messageOpen) => useClientState.setState({ messageOpen })}
        client={them}
        finding={about}
        computer={machines.length > 1 ? (about?.boxName ?? '') : ''}
      />
    </Page>
  )
}

async function end({ spanId }: ClientSpan): Promise<void> {
  try {
    const { sentence, undoId } = await client.inventory.endClientSpan({ spanId })
    offerUndoOf(sentence, [undoId])
  } catch (error) {
    offerSentence(sentenceOf(error))
  }
}

/** Pauses and holds that are not over, each with its reason and the way to end it. */
function Spans({ spans, readOnly }: { spans: readonly ClientSpan[]; readOnly: boolean }) {
  const now = useNow()
  if (spans.length === 0) return null
  return (
    <Strip>
      {spans.map((span) => (
        <span key={span.spanId}>
          {spanWords(span, now)}: {span.reason}{' '}
          {!readOnly && <TextButton onClick={() => void end(span)}>End it</TextButton>}
        </span>
      ))}
    </Strip>
  )
}

/** "roofer · 08:21 there, open until 17:00 · 63 days unchanged". */
function Meta({ data }: { data: ClientData }) {
  const now = useNow()
  const { client: them, opening, building, unchanged } = data
  const there = `${clockTime(now, them.timeZone || undefined)} there, ${openingWords(opening, now, them.timeZone)}`
  const goLive = them.goLiveOn ? Date.parse(`${them.goLiveOn}T12:00:00Z`) : null
  const words = [
    them.niche,
    `${there}${them.hoursAssumed ? ' (assumed)' : ''}`,
    building && goLive !== null ? `building, goes live ${longDay(goLive, 'UTC')}` : unchangedWords(unchanged, now),
  ]
  return <span className="truncate">{words.filter((word) => word !== '').join(' · ')}</span>
}
