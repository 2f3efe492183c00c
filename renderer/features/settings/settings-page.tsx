import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { said } from '../../api/fault.ts'
import { orpc } from '../../api/queries.ts'
import { openRotating } from '../../api/rotating.ts'
import { Button } from '../../ui/button.tsx'
import { FaultLines } from '../../ui/fault-lines.tsx'
import { Page } from '../../ui/page.tsx'
import { DataSection } from './data.tsx'
import { LooksSection } from './looks.tsx'
import { ReviewDays } from './review-days.tsx'
import { NotificationSection, SweepSection, VersionSection } from './sweeps.tsx'
import { TestHandles } from './test-handles.tsx'

/** What this console is told about itself. Each change holds at once. */
export function SettingsPage() {
  const settings = useQuery(orpc.app.settings.queryOptions())
  const state = useQuery(orpc.app.state.queryOptions())
  return (
    <Page title="Settings" meta="Each change holds at once." hints={[{ keys: ['escape'], words: 'back' }]}>
      <div className="min-h-0 flex-1 overflow-y-auto">
        {settings.error && (
          <div className="p-6">
            <FaultLines
              {...said(settings.error)}
              action={<Button onClick={() => void settings.refetch()}>Try again</Button>}
            />
          </div>
        )}
        {settings.data && state.data && (
          <div className="flex flex-col gap-8 p-6">
            <Part name="Looks and keys">
              <LooksSection settings={settings.data} />
            </Part>
            <Part name="Sweeps">
              <SweepSection settings={settings.data} />
            </Part>
            <Part name="Review">
              <ReviewDays settings={settings.data} />
            </Part>
            <Part name="Notifications">
              <NotificationSection settings={settings.data} />
            </Part>
            <Part name="Versions">
              <VersionSection settings={settings.data} />
            </Part>
            <Part
              name="Your own test handles"
              help="Exchanges with these numbers and addresses are never counted as a client’s activity."
            >
              <TestHandles />
            </Part>
            <Part
              name="Your SSH key"
              help="Added to each machine, proved, used, and only then is the old one removed. A lab machine and a canary go first."
            >
              <div>
                <Button onClick={() => void openRotating()}>Change it on machines…</Button>
              </div>
            </Part>
            <Part name="Data">
              <DataSection state={state.data} />
            </Part>
          </div>
        )}
      </div>
    </Page>
  )
}

function Part({ name, help, children }: { name: string; help?: string; children: ReactNode }) {
  return (
    <section aria-label={name} className="grid items-baseline gap-x-6 gap-y-4 pane:grid-cols-[176px_1fr]">
      <div>
        <h2 className="text-lead font-semibold">{name}</h2>
      </div>
      <div className="flex min-w-0 flex-col gap-4">
        {help && <p className="max-w-[496px] text-text2">{help}</p>}
        {children}
      </div>
    </section>
  )
}
