import { useQuery } from '@tanstack/react-query'
import { orpc } from '../api/queries.ts'
import { showOver } from '../state/frame.ts'
import { go, useRoute } from '../state/navigation.ts'
import type { Route } from '../state/route.ts'
import { KeyCap } from '../ui/key-cap.tsx'
import { ToastRegion } from '../ui/toast.tsx'

const entryOf: Record<Route['page'], 'review' | 'fleet' | 'settings'> = {
  review: 'review',
  fleet: 'fleet',
  machine: 'fleet',
  'edit-machine': 'fleet',
  client: 'fleet',
  'new-client': 'fleet',
  add: 'fleet',
  import: 'fleet',
  settings: 'settings',
}

/** Name, search, the pages that work, and what must stay in sight: settings and the word DEMO. */
export function Sidebar() {
  const route = useRoute()
  const { data: review } = useQuery(orpc.pages.review.queryOptions())
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
      <div className="mt-auto pb-3">
        <ToastRegion />
        {review?.demo && (
          <p className="px-2 pb-2 text-meta text-text2 min-[960px]:whitespace-nowrap">
            <span className="font-medium">DEMO</span> · {review.machines} made-up machines
          </p>
        )}
        <Entry name="Settings" active={current === 'settings'} to={{ page: 'settings' }} />
      </div>
    </nav>
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
