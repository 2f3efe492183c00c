import { useQuery } from '@tanstack/react-query'
import type { ReviewPage as ReviewData, ReviewItem } from '../../../shared/contract/index.ts'
import { backUpNow } from '../../api/backing-up.ts'
import { orpc, queryClient } from '../../api/queries.ts'
import { sentenceOf } from '../../api/sentence.ts'
import { startSweep, useRunningSweep } from '../../api/sweeping.ts'
import { showDoorsOf } from '../../state/access.ts'
import { type Action, useActions } from '../../state/actions.ts'
import { fixOf } from '../../state/fixing.ts'
import { go } from '../../state/navigation.ts'
import { type ReviewOver, useReviewState } from '../../state/review.ts'
import { offerSentence } from '../../state/said.ts'
import { askToStop } from '../../state/stopping.ts'
import { copyText } from '../../ui/copyable.tsx'
import { ListAndPane, useRoomForPane } from '../../ui/page.tsx'
import { SpanSheet } from '../../ui/span-sheet.tsx'
import { takeFocusAlong } from '../../ui/take-focus-along.ts'
import { useSettled } from '../../ui/use-settled.ts'
import { ClientPane } from './client-row.tsx'
import { type ItemActions, ItemPane } from './item-pane.tsx'
import { MessageOver } from './message-over.tsx'
import { nextAction } from './next-action.ts'
import { asking, bySection, machinesOf, type Row, rowsOf, stepped } from './order.ts'
import { QuietPane } from './quiet-pane.tsx'
import { ReviewList } from './review-list.tsx'
import { SincePane } from './since-pane.tsx'
import { SnoozePopover } from './snooze-popover.tsx'
import { useReviewClock } from './use-review-clock.ts'
import { useReviewing } from './use-reviewing.ts'

async function copySsh(item: ReviewItem): Promise<void> {
  const input = { boxId: item.finding.boxId }
  try {
    const { sshCommand } = await queryClient.ensureQueryData(orpc.pages.machine.queryOptions({ input }))
    if (!(await copyText(sshCommand))) offerSentence('The clipboard refused the ssh command, so nothing was copied.')
  } catch (error) {
    offerSentence(sentenceOf(error))
  }
}

/** Where the pane lies over the list it makes room for what belongs to a row. */
const show = (over: ReviewOver) => useReviewState.setState({ over, ...(over === 'snooze' ? { paneOpen: false } : {}) })

/** Rows of the page in the order they stand on screen, and the chosen one: that of before, else the first that asks. */
function useRows(data: ReviewData): { listed: Row[]; row: Row | null } {
  const chosen = useReviewState((state) => state.chosen)
  const running = useRunningSweep() !== null
  const rows = rowsOf(data)
  const order = useSettled(
    rows.map(({ key }) => key),
    'review',
    running,
  )
  const shown = order.flatMap((key) => rows.find((row) => row.key === key) ?? [])
  const listed = bySection(shown).flatMap((section) => section.rows)
  const unseen = listed.find(({ item }) => item !== null && !item.seen && item.section !== 'later')
  return { listed, row: listed.find(({ key }) => key === chosen) ?? unseen ?? listed[0] ?? null }
}

/** List and pane of the review, with the keys that act on the chosen row. */
export function ReviewBody({ data }: { data: ReviewData }) {
  const { paneOpen, sinceShown, over } = useReviewState()
  const { data: state } = useQuery(orpc.app.state.queryOptions())
  const readOnly = state?.readOnly ?? false
  const room = useRoomForPane()
  const { listed, row } = useRows(data)
  const reviewing = useReviewing(data.items)
  // While the demo makes its past, nobody looks at anything yet.
  useReviewClock(data, readOnly || (state?.doing ?? null) !== null)
  const item = row?.item ?? null
  const acts = item ? actionsOf(item, reviewing) : null
  const openRow = (each: Row) =>
    each.item ? actionsOf(each.item, reviewing).next() : go({ page: 'client', clientId: each.client.clientId })
  const move = (steps: number) => {
    const next = stepped(
      listed.map(({ key }) => key),
      row?.key ?? null,
      steps,
    )
    useReviewState.setState({ chosen: next, sinceShown: false })
    takeFocusAlong('listbox', 'data-item', next)
  }
  useActions('Review', [
    { title: 'Next row', keys: ['j', 'down'], run: () => move(1), keysOnly: true },
    { title: 'Row before', keys: ['k', 'up'], run: () => move(-1), keysOnly: true },
    {
      title: 'Do the next step',
      keys: 'enter',
      run: () => row && openRow(row),
      unavailable: row ? undefined : 'No row is chosen.',
    },
    ...(room
      ? []
      : [
          {
            title: 'Show what is known',
            keys: 'space',
            run: () => useReviewState.setState({ paneOpen: true, sinceShown: false }),
            unavailable: row ? undefined : 'No row is chosen.',
          },
        ]),
    ...rowKeys(data, item, acts, reviewing, readOnly),
    {
      title: 'What happened since the last review',
      keys: 'e',
      run: () => useReviewState.setState({ sinceShown: !sinceShown, paneOpen: true }),
      unavailable: data.since || data.missedDays.length > 0 ? undefined : 'Nothing happened since the last review.',
    },
  ])
  return (
    <>
      <ListAndPane
        paneTitle={sinceShown ? 'Since the last review' : 'The chosen row'}
        paneOpen={paneOpen && !room}
        onPaneOpenChange={(next) => useReviewState.setState({ paneOpen: next, ...(next ? {} : { sinceShown: false }) })}
        list={
          <ReviewList
            data={data}
            rows={listed}
            chosen={row?.key ?? null}
            onChoose={(key) => useReviewState.setState({ chosen: key, paneOpen: true, sinceShown: false })}
            onOpen={openRow}
          />
        }
        pane={<Pane data={data} row={row} acts={acts} sinceShown={sinceShown} endPause={reviewing.endSpan} />}
      />
      {item && over === 'snooze' && (
        <SnoozePopover
          item={item}
          onSnooze={(untilMs, reason) => {
            show(null)
            void reviewing.snooze(item, untilMs, reason)
          }}
          onClose={() => show(null)}
        />
      )}
      {item?.finding.clientId && over === 'message' && (
        <MessageOver finding={item.finding} clientId={item.finding.clientId} onClose={() => show(null)} />
      )}
      {item?.finding.clientId && (over === 'pause' || over === 'hold') && (
        <SpanSheet
          kind={over}
          clientId={item.finding.clientId}
          name={item.finding.subject}
          onClose={() => show(null)}
        />
      )}
    </>
  )
}

function Pane({
  data,
  row,
  acts,
  sinceShown,
  endPause,
}: {
  data: ReviewData
  row: Row | null
  acts: ItemActions | null
  sinceShown: boolean
  endPause: ReturnType<typeof useReviewing>['endSpan']
}) {
  if (sinceShown && (data.since || data.missedDays.length > 0)) return <SincePane page={data} />
  if (row?.item && acts) return <ItemPane item={row.item} actions={acts} />
  if (row?.client) {
    const { client } = row
    return (
      <ClientPane
        client={client}
        onOpen={() => go({ page: 'client', clientId: client.clientId })}
        endPause={() => client.pause && void endPause(client.pause.spanId)}
      />
    )
  }
  return <QuietPane missedDays={data.missedDays} />
}

type Reviewing = ReturnType<typeof useReviewing>

function actionsOf(item: ReviewItem, reviewing: Reviewing): ItemActions {
  const { boxId, clientId } = item.finding
  const machine = () => go({ page: 'machine', boxId })
  const access = () => showDoorsOf(boxId)
  const triage = () => go({ page: 'triage', boxId })
  const message = clientId ? () => show('message') : undefined
  const { pause, hold } = item
  const log = () => go({ page: 'logs', boxId, atMs: item.finding.sinceMs })
  const flagged = [item.finding, ...item.others].find(({ cause }) => cause === 'flagged')
  const steps = {
    machine,
    access,
    triage,
    log,
    'back-up': () => void backUpNow([boxId, ...machinesOf(item).map((each) => each.boxId)]),
    message: message ?? machine,
    wake: () => void reviewing.wake(item),
    'end-pause': () => pause && void reviewing.endSpan(pause.spanId),
  }
  return {
    next: steps[nextAction(item)],
    machine,
    access,
    triage,
    stop: () => askToStop({ boxId }),
    fix: fixOf([item.finding, ...item.others.filter((each) => each.boxId === boxId)]) ?? undefined,
    log,
    message,
    snooze: () => show('snooze'),
    flagDone: flagged && (() => void reviewing.flagDone(flagged)),
    mark: () => void reviewing.mark(item),
    copySsh: () => void copySsh(item),
    sweep: () => void startSweep([boxId]),
    openClient: clientId ? () => go({ page: 'client', clientId }) : undefined,
    pause: clientId && !pause ? () => show('pause') : undefined,
    hold: clientId && !hold ? () => show('hold') : undefined,
    endHold: hold ? () => void reviewing.endSpan(hold.spanId) : undefined,
    openMachine: (finding) => go({ page: 'machine', boxId: finding.boxId }),
  }
}

/** Keys that act on the chosen trouble. X ends the review when nothing is left to mark. */
function rowKeys(
  data: ReviewData,
  item: ReviewItem | null,
  acts: ItemActions | null,
  reviewing: Reviewing,
  readOnly: boolean,
): Action[] {
  const held = readOnly ? 'This console was started to read only.' : undefined
  const none = item ? undefined : 'No trouble is chosen.'
  const through = data.reviewStartedAtMs !== null && asking(data.items).every((each) => each.seen)
  const markable = item !== null && item.section !== 'later'
  const mark: Action = through
    ? { title: 'End the review', keys: 'x', run: () => void reviewing.end(), unavailable: held }
    : {
        title: item?.seen ? 'Mark not seen' : 'Mark seen',
        keys: 'x',
        run: () => acts?.mark(),
        unavailable: held ?? (markable ? undefined : 'Nothing is to be marked here.'),
      }
  return [
    mark,
    { title: 'Snooze', keys: 'z', run: () => acts?.snooze(), unavailable: held ?? none },
    {
      title: 'Flag done',
      keys: 'd',
      run: () => acts?.flagDone?.(),
      unavailable: held ?? none ?? (acts?.flagDone ? undefined : 'Nothing is flagged on this machine.'),
    },
    { title: 'Stop a channel of this machine', keys: 'shift+k', run: () => acts?.stop(), unavailable: held ?? none },
    {
      title: 'Fix the rules it breaks',
      keys: 'f',
      run: () => acts?.fix?.(),
      unavailable: held ?? none ?? (acts?.fix ? undefined : 'No rule is broken there.'),
    },
    { title: 'Find out why it went quiet', keys: 't', run: () => acts?.triage(), unavailable: none },
    { title: 'Log at the moment it began', keys: 'l', run: () => acts?.log(), unavailable: none },
    {
      title: 'Message to the client',
      keys: 'm',
      run: () => acts?.message?.(),
      unavailable: none ?? (acts?.message ? undefined : 'This machine has no client.'),
    },
    { title: 'Copy the ssh command', keys: 'y', run: () => acts?.copySsh(), unavailable: none },
    {
      title: 'Pause the client',
      run: () => acts?.pause?.(),
      unavailable: held ?? none ?? (acts?.pause ? undefined : 'This client is paused, or the machine has none.'),
    },
    {
      title: 'Hold the client: no changes until',
      run: () => acts?.hold?.(),
      unavailable: held ?? none ?? (acts?.hold ? undefined : 'This client is on hold, or the machine has none.'),
    },
  ]
}
