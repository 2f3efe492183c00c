import { useMutation, useQuery } from '@tanstack/react-query'
import type { ReviewPage as ReviewData, ReviewItem } from '../../../shared/contract/index.ts'
import { orpc, queryClient } from '../../api/queries.ts'
import { sentenceOf } from '../../api/sentence.ts'
import { startSweep, stopSweep, useRunningSweep } from '../../api/sweeping.ts'
import { useActions } from '../../state/actions.ts'
import { go } from '../../state/navigation.ts'
import { useReviewState } from '../../state/review.ts'
import { offerSentence } from '../../state/said.ts'
import { Age, useNow, useRunningNow } from '../../ui/age.tsx'
import { Button } from '../../ui/button.tsx'
import { copyText } from '../../ui/copyable.tsx'
import { ListAndPane, Page, useRoomForPane } from '../../ui/page.tsx'
import { Strip } from '../../ui/strip.tsx'
import { SweepLine } from '../../ui/sweep-line.tsx'
import { takeFocusAlong } from '../../ui/take-focus-along.ts'
import { longDay, runningClock } from '../../ui/times.ts'
import { useSettled } from '../../ui/use-settled.ts'
import { ItemPane } from './item-pane.tsx'
import { bySection, nextUnseen, stepped } from './order.ts'
import { QuietPane } from './quiet-pane.tsx'
import { ReviewList } from './review-list.tsx'

/** The page an operator opens in the morning: exceptions only, worst first, each with its next step. */
export function ReviewPage() {
  const { data, error } = useQuery(orpc.pages.review.queryOptions())
  const now = useNow()
  const running = useRunningSweep()
  const sweepNow = {
    title: 'Sweep now',
    keys: 'r',
    run: () => void startSweep(),
    unavailable: running ? 'A sweep is running.' : undefined,
  }
  useActions(
    'Sweep',
    running ? [{ title: 'Stop the sweep', keys: 'escape', run: () => void stopSweep() }, sweepNow] : [sweepNow],
  )
  return (
    <Page
      title={longDay(now)}
      meta={data && <Meta data={data} />}
      actions={
        <>
          {data?.reviewStartedAtMs != null && <ReviewClock startedAtMs={data.reviewStartedAtMs} />}
          <Button
            keys="r"
            look={data && data.lastSweep === null ? 'primary' : 'default'}
            disabled={running !== null}
            onClick={() => void startSweep()}
          >
            Sweep now
          </Button>
        </>
      }
      strip={error && !data ? <Strip look="warning">{sentenceOf(error)}</Strip> : null}
      hints={[
        { keys: ['j', 'k'], words: 'move' },
        { keys: ['x'], words: 'mark seen' },
        { keys: ['?'], words: 'all keys' },
      ]}
    >
      {data && <Body data={data} />}
    </Page>
  )
}

function Meta({ data }: { data: ReviewData }) {
  const running = useRunningSweep()
  const machines = data.machines === 1 ? '1 machine' : `${data.machines} machines`
  if (running)
    return (
      <>
        <span>{machines}</span>
        <SweepLine sweep={running} />
      </>
    )
  const ended = data.lastSweep?.endedAtMs
  if (!ended) return <span>{machines}</span>
  return (
    <span className="truncate">
      {machines} · {data.answered} answered <Age atMs={ended} inSentence className="" />
      {data.notSeen.length > 0 && <span className="text-text2">{` · ${data.notSeen.length} not seen`}</span>}
    </span>
  )
}

function ReviewClock({ startedAtMs }: { startedAtMs: number }) {
  const now = useRunningNow(true, 1_000)
  return <span className="figures mr-2 text-meta text-text3">Review {runningClock(now - startedAtMs)}</span>
}

function useMarking(items: readonly ReviewItem[]) {
  const mark = useMutation(orpc.pages.markSeen.mutationOptions())
  return async (item: ReviewItem) => {
    const next = item.seen ? item.key : nextUnseen(items, item.key)
    try {
      const { reviewEnded } = await mark.mutateAsync({ keys: [item.key], seen: !item.seen })
      useReviewState.setState({ ended: reviewEnded, chosen: next })
      takeFocusAlong('listbox', 'data-item', next)
      await queryClient.invalidateQueries({ queryKey: orpc.pages.review.key() })
    } catch (error) {
      offerSentence(sentenceOf(error))
    }
  }
}

async function copySsh(item: ReviewItem): Promise<void> {
  const input = { boxId: item.finding.boxId }
  try {
    const { sshCommand } = await queryClient.ensureQueryData(orpc.pages.machine.queryOptions({ input }))
    if (!(await copyText(sshCommand))) offerSentence('The clipboard refused the ssh command, so nothing was copied.')
  } catch (error) {
    offerSentence(sentenceOf(error))
  }
}

function Body({ data }: { data: ReviewData }) {
  const { chosen, paneOpen } = useReviewState()
  const marking = useMarking(data.items)
  const room = useRoomForPane()
  const running = useRunningSweep() !== null
  const order = useSettled(
    data.items.map((each) => each.key),
    'review',
    running,
  )
  const items = order.flatMap((key) => data.items.find((each) => each.key === key) ?? [])
  const listed = bySection(items).flatMap((section) => section.items)
  const item = items.find((each) => each.key === chosen) ?? listed[0]
  const move = (steps: number) => {
    const keys = listed.map((each) => each.key)
    const next = stepped(keys, item?.key ?? null, steps)
    useReviewState.setState({ chosen: next })
    takeFocusAlong('listbox', 'data-item', next)
  }
  const choose = (key: string) => useReviewState.setState({ chosen: key, paneOpen: true })
  const open = (each: ReviewItem) => go({ page: 'machine', boxId: each.finding.boxId })
  const none = item ? undefined : 'No row is chosen.'
  useActions('Review', [
    { title: 'Next row', keys: ['j', 'down'], run: () => move(1), keysOnly: true },
    { title: 'Row before', keys: ['k', 'up'], run: () => move(-1), keysOnly: true },
    { title: 'Do the next step', keys: 'enter', run: () => item && open(item), unavailable: none },
    ...(room
      ? []
      : [
          {
            title: 'Show what is known',
            keys: 'space',
            run: () => useReviewState.setState({ paneOpen: true }),
            unavailable: none,
          },
        ]),
    {
      title: item?.seen ? 'Mark not seen' : 'Mark seen',
      keys: 'x',
      run: () => item && void marking(item),
      unavailable: none,
    },
    { title: 'Copy the ssh command', keys: 'y', run: () => item && void copySsh(item), unavailable: none },
  ])
  return (
    <ListAndPane
      paneTitle="The chosen row"
      paneOpen={paneOpen && !room}
      onPaneOpenChange={(next) => useReviewState.setState({ paneOpen: next })}
      list={<ReviewList data={data} items={items} chosen={item?.key ?? null} onChoose={choose} onOpen={open} />}
      pane={
        item ? (
          <ItemPane
            item={item}
            actions={{
              open: () => open(item),
              copySsh: () => void copySsh(item),
              mark: () => void marking(item),
              sweep: () => void startSweep([item.finding.boxId]),
              openClient: item.finding.clientId
                ? () => item.finding.clientId && go({ page: 'client', clientId: item.finding.clientId })
                : undefined,
              openMachine: (finding) => go({ page: 'machine', boxId: finding.boxId }),
            }}
          />
        ) : (
          <QuietPane />
        )
      }
    />
  )
}
