import { useQuery } from '@tanstack/react-query'
import { orpc } from '../api/queries.ts'
import { AddMachinePage } from '../features/add-machine/add-page.tsx'
import { EditMachinePage } from '../features/add-machine/edit-page.tsx'
import { ClientPage, NewClientPage } from '../features/client/client-page.tsx'
import { FirstRun } from '../features/first-run/first-run.tsx'
import { FleetPage } from '../features/fleet/fleet-page.tsx'
import { ImportPage } from '../features/import/import-page.tsx'
import { MachinePage } from '../features/machine/machine-page.tsx'
import { ReviewPage } from '../features/review/review-page.tsx'
import { SettingsPage } from '../features/settings/settings-page.tsx'
import type { Route } from '../state/route.ts'

/** The page of a route. */
export function PageOf({ route }: { route: Route }) {
  switch (route.page) {
    case 'review':
      return <Home />
    case 'fleet':
      return <FleetPage />
    case 'machine':
      return <MachinePage boxId={route.boxId} />
    case 'edit-machine':
      return <EditMachinePage boxId={route.boxId} />
    case 'client':
      return <ClientPage clientId={route.clientId} />
    case 'new-client':
      return <NewClientPage />
    case 'add':
      return (
        <AddMachinePage
          {...(route.command ? { command: route.command } : {})}
          {...(route.boxId ? { boxId: route.boxId } : {})}
        />
      )
    case 'import':
      return <ImportPage />
    case 'settings':
      return <SettingsPage />
  }
}

/** The review, or the three ways to begin while there is not one machine. */
function Home() {
  const { data } = useQuery(orpc.pages.review.queryOptions())
  return data?.machines === 0 ? <FirstRun /> : <ReviewPage />
}
