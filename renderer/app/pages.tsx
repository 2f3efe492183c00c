import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense } from 'react'
import { orpc } from '../api/queries.ts'
import { AccessPage } from '../features/access/access-page.tsx'
import { AddMachinePage } from '../features/add-machine/add-page.tsx'
import { EditMachinePage } from '../features/add-machine/edit-page.tsx'
import { ClientPage } from '../features/client/client-page.tsx'
import { EditClientPage, NewClientPage } from '../features/client/edit-page.tsx'
import { CommandPage } from '../features/commands/command-page.tsx'
import { FirstRun } from '../features/first-run/first-run.tsx'
import { FleetPage } from '../features/fleet/fleet-page.tsx'
import { ImportPage } from '../features/import/import-page.tsx'
import { LogsPage } from '../features/logs/logs-page.tsx'
import { RunPage } from '../features/logs/run-page.tsx'
import { MachinePage } from '../features/machine/machine-page.tsx'
import { LayerPage } from '../features/overlay/layer-page.tsx'
import { LayersPage } from '../features/overlay/layers-page.tsx'
import { PatchPage } from '../features/patch/patch-page.tsx'
import { PatternsPage } from '../features/patterns/patterns-page.tsx'
import { DriftPage } from '../features/plan/drift-page.tsx'
import { PlanPage } from '../features/plan/plan-page.tsx'
import { ReviewPage } from '../features/review/review-page.tsx'
import { PreviewPage } from '../features/rollout/preview-page.tsx'
import { RolloutsPage } from '../features/rollout/rollouts-page.tsx'
import { RolloutPage } from '../features/rollout-run/rollout-page.tsx'
import { SettingsPage } from '../features/settings/settings-page.tsx'
import { TriagePage } from '../features/triage/triage-page.tsx'
import type { Route } from '../state/route.ts'

/** Drawing a terminal takes a part of its own, read when the first is looked at. */
const TerminalPage = lazy(async () => {
  const { TerminalPage: page } = await import('../features/terminal/terminal-page.tsx')
  return { default: page }
})

/** The page of a route. */
export function PageOf({ route }: { route: Route }) {
  switch (route.page) {
    case 'review':
      return <Home />
    case 'fleet':
      return <FleetPage />
    case 'access':
      return <AccessPage />
    case 'overlays':
      return <LayersPage />
    case 'overlay':
      return <LayerPage layer={route.layer} {...(route.section ? { section: route.section } : {})} />
    case 'plan':
      return <PlanPage />
    case 'drift':
      return <DriftPage />
    case 'rollouts':
      return <RolloutsPage />
    case 'patch':
      return <PatchPage patchId={route.patchId} />
    case 'preview':
      return <PreviewPage patchId={route.patchId} />
    case 'rollout':
      return <RolloutPage rolloutId={route.rolloutId} />
    case 'machine':
      return <MachinePage boxId={route.boxId} />
    case 'edit-machine':
      return <EditMachinePage boxId={route.boxId} />
    case 'triage':
      return <TriagePage boxId={route.boxId} />
    case 'terminal':
      return (
        <Suspense fallback={null}>
          <TerminalPage boxId={route.boxId} />
        </Suspense>
      )
    case 'command':
      return <CommandPage {...(route.commandId ? { commandId: route.commandId } : {})} />
    case 'client':
      return <ClientPage clientId={route.clientId} />
    case 'edit-client':
      return <EditClientPage clientId={route.clientId} />
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
    case 'logs':
      return (
        <LogsPage
          {...(route.boxId ? { boxId: route.boxId } : {})}
          {...(route.atMs === undefined ? {} : { atMs: route.atMs })}
        />
      )
    case 'run':
      return <RunPage boxId={route.boxId} runId={route.runId} />
    case 'patterns':
      return <PatternsPage />
    case 'settings':
      return <SettingsPage />
  }
}

/** The review, or the three ways to begin while there is not one machine. */
function Home() {
  const { data } = useQuery(orpc.pages.review.queryOptions())
  return data?.machines === 0 ? <FirstRun /> : <ReviewPage />
}
