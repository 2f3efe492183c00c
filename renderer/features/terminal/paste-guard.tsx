import { useVirtualizer } from '@tanstack/react-virtual'
import { useRef } from 'react'
import { showHidden } from '../../../shared/untrusted.ts'
import { useActions } from '../../state/actions.ts'
import { Button } from '../../ui/button.tsx'
import { changeTab, type Tab } from './lives.ts'
import { linesOfPaste, pasteQuestion } from './paste.ts'

const linePx = 20
/** A line is drawn so far; no shell takes a longer one by hand. */
const drawnChars = 2_000

/** A paste that would run something: every line of it, as it would be typed, before it is. */
export function PasteGuard({ tab, text }: { tab: Tab; text: string }) {
  const scroll = useRef<HTMLDivElement>(null)
  const lines = linesOfPaste(text)
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => linePx,
    overscan: 10,
  })
  const leave = () => {
    changeTab(tab.session.terminalId, { pasting: null })
    tab.live.focus()
  }
  const paste = () => {
    changeTab(tab.session.terminalId, { pasting: null })
    tab.live.paste(text)
  }
  useActions('Paste', [
    { title: 'Do not paste', keys: 'escape', run: leave },
    { title: 'Paste all lines', keys: 'mod+enter', run: paste },
  ])
  return (
    <section aria-label="What would be pasted" className="flex shrink-0 flex-col gap-2 border-b border-line px-6 py-2">
      <div className="flex items-center justify-between gap-4">
        <p role="status" className="font-medium">
          {pasteQuestion(text)}
        </p>
        <span className="flex shrink-0 gap-2">
          <Button small autoFocus keys="escape" onClick={leave}>
            Do not paste
          </Button>
          <Button small keys="mod+enter" onClick={paste}>
            Paste
          </Button>
        </span>
      </div>
      <section
        ref={scroll}
        aria-label={`${lines.length} lines`}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard has to reach it
        tabIndex={0}
        className="ring-inside max-h-[200px] overflow-auto bg-warning-wash py-1 font-mono text-code"
      >
        <ol style={{ height: virtual.getTotalSize() }} className="relative">
          {virtual.getVirtualItems().map(({ index, start }) => (
            <li key={index} style={{ top: start }} className="absolute left-0 flex h-5 gap-3 px-3 whitespace-pre">
              <span aria-hidden className="figures w-8 shrink-0 text-right text-text3 select-none">
                {index + 1}
              </span>
              <bdi>{showHidden((lines[index] ?? '').slice(0, drawnChars))}</bdi>
              {(lines[index]?.length ?? 0) > drawnChars && <span className="text-text3">… and more</span>}
            </li>
          ))}
        </ol>
      </section>
    </section>
  )
}
