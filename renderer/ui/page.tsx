import { createContext, type ReactNode, useContext, useEffect, useRef, useSyncExternalStore } from 'react'
import { isLetter } from '../state/strokes.ts'
import { Sheet } from './dialog.tsx'
import { KeyCap } from './key-cap.tsx'

/** What stands at the right of every footer: the state of the store. Provided once, by the frame. */
export const FooterNote = createContext<ReactNode>(null)

/** What stands under every header when the engine is away or the store needs a person. Provided once, by the frame. */
export const FrameStrip = createContext<ReactNode>(null)

export interface KeyHint {
  keys: readonly string[]
  words: string
}

export interface PageProps {
  title: ReactNode
  /** The title as plain text for the window's own title, where `title` is more than that. */
  name?: string
  /** One line beside the title. */
  meta?: ReactNode
  actions?: ReactNode
  /** At most one {@link Strip}, only when there is something to say. */
  strip?: ReactNode
  /** The three most useful keys here. */
  hints?: readonly KeyHint[]
  /** Takes the place of the hints: a table's count and order, a selection's actions. */
  foot?: ReactNode
  /** No line under the header: the page goes on with a table head or a sentence. */
  openHeader?: boolean
  children: ReactNode
}

/** The frame of one page: header 56 px, body, footer 28 px. The body scrolls inside; the page never does. */
export function Page({ title, name, meta, actions, strip, hints, foot, openHeader, children }: PageProps) {
  const note = useContext(FooterNote)
  const frameStrip = useContext(FrameStrip)
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    const words = heading.current?.dataset.name ?? heading.current?.textContent
    document.title = words ? `${words} · Wheelhouse` : 'Wheelhouse'
  })
  return (
    <main className="flex h-full min-w-0 flex-1 flex-col">
      <header
        className={`flex shrink-0 items-center gap-4 px-6 ${openHeader ? 'h-14' : 'h-[57px] border-b border-line'}`}
      >
        <h1 ref={heading} data-name={name} className="readable max-w-[60%] min-w-0 shrink-0 truncate text-title">
          {title}
        </h1>
        <div className="flex min-w-0 flex-1 items-center gap-4 truncate text-meta text-text3">{meta}</div>
        <div className="flex shrink-0 items-center gap-2">{actions}</div>
      </header>
      {frameStrip}
      {strip}
      <div className="relative flex min-h-0 flex-1 flex-col">{children}</div>
      <footer className="flex h-7 shrink-0 items-center justify-between gap-6 border-t border-line px-6 text-meta text-text3">
        <div className="flex min-w-0 items-center gap-4 truncate">
          {foot ?? hints?.map((hint) => <Hint key={hint.words} {...hint} />)}
        </div>
        <div className="shrink-0">{note}</div>
      </footer>
    </main>
  )
}

/** Keys and what they do, in meta. */
export function Hint({ keys, words }: KeyHint) {
  return (
    <span data-letter={keys.every(isLetter) || undefined} className="inline-flex items-center gap-1 whitespace-nowrap">
      {keys.map((each) => (
        <KeyCap key={each} keys={each} />
      ))}
      {words}
    </span>
  )
}

const widePane = typeof window === 'undefined' ? null : window.matchMedia('(min-width: 1120px)')
const watch = (listener: () => void) => {
  widePane?.addEventListener('change', listener)
  return () => widePane?.removeEventListener('change', listener)
}

/** Whether there is room for a pane beside the list (1120 px and more). */
export const useRoomForPane = (): boolean => useSyncExternalStore(watch, () => widePane?.matches ?? true)

/**
 * List on the left, the chosen thing on the right. Where there is no room the pane comes as a sheet over the list when
 * `paneOpen` is set.
 */
export function ListAndPane({
  list,
  pane,
  paneTitle,
  paneOpen,
  onPaneOpenChange,
  split = 'review',
}: {
  list: ReactNode
  pane: ReactNode
  paneTitle: string
  paneOpen: boolean
  onPaneOpenChange: (open: boolean) => void
  split?: 'review' | 'machine' | 'client'
}) {
  const room = useRoomForPane()
  const widths = {
    review: { list: 'basis-[600px] wide:basis-[720px]', pane: 'basis-[480px] wide:basis-[640px]' },
    machine: { list: 'basis-[640px] wide:basis-[760px]', pane: 'basis-[440px] wide:basis-[600px]' },
    client: { list: 'basis-[680px] wide:basis-[800px]', pane: 'basis-[400px] wide:basis-[560px]' },
  }[split]
  if (!room)
    return (
      <>
        <div className="min-h-0 flex-1 overflow-y-auto">{list}</div>
        <Sheet open={paneOpen} onOpenChange={onPaneOpenChange} title={paneTitle} heading={false}>
          {pane}
        </Sheet>
      </>
    )
  return (
    <div className="flex min-h-0 flex-1">
      <div className={`min-w-0 shrink grow-0 overflow-y-auto border-r border-line ${widths.list}`}>{list}</div>
      <aside aria-label={paneTitle} className={`min-w-0 shrink-0 grow overflow-y-auto bg-surface ${widths.pane}`}>
        {pane}
      </aside>
    </div>
  )
}
