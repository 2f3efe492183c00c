import { useQuery } from '@tanstack/react-query'
import type { ReviewPage as ReviewData } from '../../../shared/contract/index.ts'
import { orpc } from '../../api/queries.ts'
import { sentenceOf } from '../../api/sentence.ts'
import { startSweep, stopSweep, useRunningSweep } from '../../api/sweeping.ts'
import { useActions } from '../../state/actions.ts'
import { useReviewState } from '../../state/review.ts'
import { Age, useNow, useRunningNow } from '../../ui/age.tsx'
import { Button } from '../../ui/button.tsx'
import { KeyCap } from '../../ui/key-cap.tsx'
import { Page } from '../../ui/page.tsx'
import { Strip } from '../../ui/strip.tsx'
import { SweepLine } from '../../ui/sweep-line.tsx'
import { clockTime, longDay, runningClock } from '../../ui/times.ts'
import { ReviewBody } from './review-body.tsx'
import { RunStrip } from './run-strip.tsx'
import { stripWords } from './since-words.ts'
import { WatchStrip } from './watch-strip.tsx'

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
          {data && <ReviewClock data={data} />}
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
      strip={
        error && !data ? (
          <Strip look="warning">{sentenceOf(error)}</Strip>
        ) : (
          <>
            <RunStrip />
            <WatchStrip />
            {data && <SinceStrip data={data} />}
          </>
        )
      }
      hints={[
        { keys: ['j', 'k'], words: 'move' },
        { keys: ['x'], words: 'mark seen' },
        { keys: ['?'], words: 'all keys' },
      ]}
    >
      {data && <ReviewBody data={data} />}
    </Page>
  )
}

/** What happened while nobody looked, in one line; E tells it whole. */
function SinceStrip({ data }: { data: ReviewData }) {
  const now = useNow()
  const sinceShown = useReviewState((state) => state.sinceShown)
  const parts = stripWords(data, now)
  const toggle = () => useReviewState.setState({ sinceShown: !sinceShown, paneOpen: true })
  if (parts.length === 0) return null
  return (
    <Strip
      action={
        <button
          type="button"
          aria-label="What happened since the last review"
          aria-pressed={sinceShown}
          onClick={toggle}
          className="flex h-7 shrink-0 items-center gap-2 text-accent hover:text-accent-hover"
        >
          {sinceShown ? 'Hide it' : 'Show it'}
          <KeyCap keys="e" />
        </button>
      }
    >
      {parts.map((part) => (
        <span key={part}>{part}</span>
      ))}
    </Strip>
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
  const away = data.machines - data.answered - data.notSeen.length
  if (!ended) return <span>{machines}</span>
  return (
    <span className="truncate">
      {machines} · {data.answered} answered <Age atMs={ended} inSentence className="" />
      {data.notSeen.length > 0 && <span className="text-text2">{` · ${data.notSeen.length} not seen`}</span>}
      {away > 0 && ` · ${away} not expected`}
    </span>
  )
}

/** The clock of the running review, or when today's was done and how long it took. */
function ReviewClock({ data }: { data: ReviewData }) {
  const { reviewStartedAtMs: startedAtMs, reviewEnded } = data
  const now = useRunningNow(startedAtMs !== null, 1_000)
  if (startedAtMs !== null)
    return <span className="figures mr-2 text-meta text-text3">Review {runningClock(now - startedAtMs)}</span>
  if (!reviewEnded) return null
  const tookMs = reviewEnded.endedAtMs - reviewEnded.begunAtMs
  return (
    <span className="figures mr-2 text-meta text-text3">
      Reviewed {clockTime(reviewEnded.endedAtMs)}
      {tookMs >= 1_000 && ` in ${runningClock(tookMs)}`}
    </span>
  )
}
