import { QueryClientProvider, useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { orpc, queryClient } from '../api/queries.ts'
import { useFollowRun } from '../api/rollouts.ts'
import { useFollowSweep } from '../api/sweeping.ts'
import { BackupDialog, BackupStrip } from '../features/backup/backup-dialog.tsx'
import { FixDialog } from '../features/fix-rules/fix-dialog.tsx'
import { FromLabSheet } from '../features/from-lab/from-lab-sheet.tsx'
import { KeyDialog } from '../features/rotate-key/key-dialog.tsx'
import { StopDialog } from '../features/stop-channel/stop-dialog.tsx'
import { StopStrip } from '../features/stop-channel/stop-strip.tsx'
import { useRoute } from '../state/navigation.ts'
import { writeRoute } from '../state/route.ts'
import { FooterNote, FrameStrip } from '../ui/page.tsx'
import { useCommands } from './commands.ts'
import { useEngineReturn } from './engine-return.ts'
import { EngineStrip } from './engine-strip.tsx'
import { useEverywhere } from './everywhere.ts'
import { useKeyboard } from './keyboard.ts'
import { KeysSheet } from './keys-sheet.tsx'
import { PageFault } from './page-fault.tsx'
import { PageOf } from './pages.tsx'
import { Palette } from './palette.tsx'
import { Sidebar } from './sidebar.tsx'
import { StoreNote } from './store-note.tsx'
import { StorePage } from './store-page.tsx'

/** The whole window. */
export function App() {
  return (
    <QueryClientProvider client={queryClient}>
      <Frame />
    </QueryClientProvider>
  )
}

function useTheme(theme: 'system' | 'light' | 'dark' | undefined): void {
  useEffect(() => {
    if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme
    else delete document.documentElement.dataset.theme
  }, [theme])
}

function Frame() {
  const { data: settings } = useQuery(orpc.app.settings.queryOptions())
  const { data: state } = useQuery(orpc.app.state.queryOptions())
  const lettersOn = settings?.singleLetterKeys ?? true
  useTheme(settings?.theme)
  useEffect(() => {
    document.documentElement.dataset.letters = lettersOn ? 'on' : 'off'
  }, [lettersOn])
  useKeyboard(lettersOn)
  useEverywhere(state?.readOnly ?? false)
  useCommands()
  useFollowSweep()
  useFollowRun()
  useEngineReturn()
  if (state && state.store.state !== 'ready') return <StorePage store={state.store} />
  return (
    <FooterNote value={<StoreNote />}>
      <FrameStrip value={<Strips />}>
        <div className="flex h-full min-w-[840px]">
          <Sidebar />
          <Body />
        </div>
        <Palette />
        <StopDialog />
        <FixDialog />
        <FromLabSheet />
        <BackupDialog />
        <KeyDialog />
        <KeysSheet lettersOn={lettersOn} />
      </FrameStrip>
    </FooterNote>
  )
}

/** What stands under every header, the loudest first. */
const Strips = () => (
  <>
    <StopStrip />
    <BackupStrip />
    <EngineStrip />
  </>
)

function Body() {
  const route = useRoute()
  return (
    <PageFault key={writeRoute(route)}>
      <PageOf route={route} />
    </PageFault>
  )
}
