import { useQuery } from '@tanstack/react-query'
import { orpc } from '../api/queries.ts'
import { useRuns } from '../api/rollouts.ts'
import { showTerminal, useTerminals } from '../api/terminals.ts'
import { showOver } from '../state/frame.ts'
import { go, useRoute } from '../state/navigation.ts'
import type { Route } from '../state/route.ts'
import { KeyCap } from '../ui/key-cap.tsx'
import { ToastRegion } from '../ui/toast.tsx'

const entryOf: Record<
  Route['page'],
  'review' | 'fleet' | 'access' | 'overlays' | 'plan' | 'rollouts' | 'logs' | 'settings'
> = {
  review: 'review',
  fleet: 'fleet',
  access: 'access',
  overlays: 'overlays',
  overlay: 'overlays',
  plan: 'plan',
  drift: 'plan',
  rollouts: 'rollouts',
  patch: 'rollouts',
  preview: 'rollouts',
  rollout: 'rollouts',
  machine: 'fleet',
  'edit-machine': 'fleet',
  triage: 'fleet',
  terminal: 'fleet',
  command: 'fleet',
  client: 'fleet',
  'edit-client': 'fleet',
  'new-client': 'fleet',
  add: 'fleet',
  import: 'fleet',
  logs: 'logs',
  run: 'logs',
  patterns: 'logs',
  settings: 'settings',
}

/** Name, search, the pages that work, and what must stay in sight: settings and the word DEMO. */
export function Sidebar() {
  const route = useRoute()
  const { data: review } = useQuery(orpc.pages.review.queryOptions())
  const { data: access } = useQuery(orpc.access.list.queryOptions())
  const { data: app } = useQuery(orpc.app.state.queryOptions())
  const runs = useRuns()
  const current = entryOf[route.page]
  const waiting = review?.items.filter((item) => !item.seen && item.section === 'needs-you').length ?? 0
  return (
    <nav
      aria-label="Pages"
      className="flex h-full w-[200px] shrink-0 flex-col border-r border-line bg-sunken px-2 pt-4 max-[959px]:w-[160px]"
    >
      <p className="px-2 font-semibold">Wheelhouse</p>
      <button
        type="button"
        onClick={() => showOver('palette')}
        className="mt-3 mb-3 flex h-8 items-center justify-between rounded-control border border-line bg-surface px-2 text-text2"
      >
        Search or jump
        <span className="max-[959px]:hidden">
          <KeyCap keys="mod+k" />
        </span>
      </button>
      <Entry name="Review" active={current === 'review'} to={{ page: 'review' }} count={waiting} />
      <Entry name="Fleet" active={current === 'fleet'} to={{ page: 'fleet' }} />
      <Entry name="Access" active={current === 'access'} to={{ page: 'access' }} count={access?.open ?? 0} />
      <Entry name="Overlays" active={current === 'overlays'} to={{ page: 'overlays' }} />
      <Entry name="Plan" active={current === 'plan'} to={{ page: 'plan' }} />
      <Entry
        name="Rollouts"
        active={current === 'rollouts'}
        to={{ page: 'rollouts' }}
        count={runs.filter(({ asks }) => asks).length}
      />
      <Entry name="Logs" active={current === 'logs'} to={{ page: 'logs' }} />
      <div className="mt-auto pb-3">
        <ToastRegion />
        <OpenTerminals />
        {review?.demo && app && (
          <p className="-mr-1 pb-2 pl-2 text-meta text-text2">
            <span className="font-medium">DEMO</span> ·{' '}
            {app.doing ? 'its past is being made' : `${review.machines} made-up machines`}
          </p>
        )}
        <Entry name="Settings" active={current === 'settings'} to={{ page: 'settings' }} />
      </div>
    </nav>
  )
}

/** Terminals go on while other pages are shown: how many, and the way back to the newest. */
function OpenTerminals() {
  const terminals = useTerminals()
  const open = terminals.filter((session) => session.end === null)
  const newest = open.at(-1)
  if (!newest) return null
  return (
    <button
      type="button"
      onClick={() => showTerminal(newest.boxId, terminals)}
      className="mb-1 flex h-7 w-full items-center rounded-control px-2 text-left text-meta text-text2 hover:bg-surface"
    >
      {open.length === 1 ? '1 terminal is open' : `${open.length} terminals are open`}
    </button>
  )
}

function Entry({ name, active, to, count = 0 }: { name: string; active: boolean; to: Route; count?: number }) {
  return (
    <button
      type="button"
      aria-current={active ? 'page' : undefined}
      onClick={() => go(to)}
      className={`flex h-8 w-full items-center justify-between rounded-control px-2 text-left ${active ? 'bg-selected font-medium text-text' : 'text-text2 hover:bg-surface'}`}
    >
      {name}
      {count > 0 && (
        <span className="figures text-meta font-medium text-text">
          {count}
          <span className="sr-only"> need you</span>
        </span>
      )}
    </button>
  )
}
