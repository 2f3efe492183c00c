import { FitAddon } from '@xterm/addon-fit'
import { SearchAddon } from '@xterm/addon-search'
import { Terminal } from '@xterm/xterm'
import '@xterm/xterm/css/xterm.css'
import type { TerminalId } from '../../../shared/contract/index.ts'
import { client } from '../../api/client.ts'
import { onMac, ownKeys } from '../../platform/platform.ts'
import { strokeOf } from '../../state/strokes.ts'
import { copyText } from '../../ui/copyable.tsx'
import { openWithin } from './content-policy.ts'
import { keepInert } from './inert.ts'
import { changeTab } from './lives.ts'
import { cleanPaste, pasteQuestion } from './paste.ts'
import { onThemeChange, readTheme } from './theme.ts'

const scrollbackLines = 10_000
const mostPerWrite = 50_000

/** Strokes that are the page's while a terminal has the keyboard; every other is the machine's. */
export const pageStrokes = onMac
  ? { find: 'mod+f', palette: 'mod+k', leave: 'mod+shift+l' }
  : { find: 'mod+shift+f', palette: 'mod+shift+k', leave: 'mod+shift+l' }
const copyStroke = 'mod+shift+c'
const pasteStroke = 'mod+shift+v'

/** A terminal as it is drawn, in step with its session in the engine for as long as it lives. */
export interface LiveTerminal {
  /** Puts it into the page; the answer takes it out again. */
  mount(host: HTMLElement): () => void
  focus(): void
  /** False: nothing like it is in what is kept. */
  find(text: string, back: boolean): boolean
  /** Types what was asked about. */
  paste(text: string): void
  dispose(): void
}

/** How wide a character is can be told only once the typeface is there. */
const typeface = () => document.fonts.load('13px "JetBrains Mono Variable"')

export function createLiveTerminal(terminalId: TerminalId): LiveTerminal {
  const terminal = new Terminal({
    scrollback: scrollbackLines,
    fontFamily: '"JetBrains Mono Variable", monospace',
    fontSize: 13,
    lineHeight: 1.2,
    theme: readTheme(),
    // A program that draws in a colour of its own may not make its text unreadable.
    minimumContrastRatio: 4.5,
    macOptionIsMeta: false,
  })
  const fit = new FitAddon()
  const search = new SearchAddon()
  terminal.loadAddon(fit)
  terminal.loadAddon(search)
  let replaying = false
  keepInert(
    terminal,
    () => replaying,
    (title) => changeTab(terminalId, { title }),
  )
  const element = document.createElement('div')
  element.className = 'h-full w-full'
  const leave = new AbortController()
  const type = typist(terminalId)
  let opened = false

  const takePaste = (event: ClipboardEvent) => {
    event.preventDefault()
    event.stopImmediatePropagation()
    const text = cleanPaste(event.clipboardData?.getData('text/plain') ?? '')
    if (text === '') return
    if (pasteQuestion(text) === null) terminal.paste(text)
    else changeTab(terminalId, { pasting: text })
  }
  element.addEventListener('paste', takePaste, { capture: true })
  terminal.onData((text) => type(text, false))
  terminal.onBinary((text) => type(text, true))
  terminal.onResize(({ cols, rows }) => {
    client.terminal.resize({ terminalId, columns: cols, rows }).catch(() => {})
  })
  terminal.attachCustomKeyEventHandler((event) => {
    const stroke = strokeOf(event, onMac)
    if (stroke === copyStroke && event.type === 'keydown') void copyText(terminal.getSelection())
    return stroke === null || ![copyStroke, pasteStroke, ...Object.values(pageStrokes)].includes(stroke)
  })
  const stopTheme = onThemeChange(() => {
    terminal.options.theme = readTheme()
  })

  function open(): void {
    openWithin(terminal, element)
    terminal.textarea?.addEventListener('focus', () => ownKeys(true))
    terminal.textarea?.addEventListener('blur', () => ownKeys(false))
    opened = true
  }

  void follow(
    terminalId,
    async (said) => {
      replaying = said.again
      await new Promise<void>((drawn) => terminal.write(said.text, drawn))
      replaying = false
    },
    leave.signal,
  )

  return {
    mount(host) {
      host.append(element)
      const resize = new ResizeObserver(() => opened && fit.fit())
      resize.observe(host)
      void typeface().finally(() => {
        if (!element.isConnected || leave.signal.aborted) return
        if (!opened) open()
        fit.fit()
        terminal.focus()
      })
      return () => {
        resize.disconnect()
        ownKeys(false)
        element.remove()
      }
    },
    focus: () => terminal.focus(),
    find: (text, back) => (back ? search.findPrevious(text) : search.findNext(text)),
    paste: (text) => {
      terminal.paste(text)
      terminal.focus()
    },
    dispose() {
      leave.abort()
      stopTheme()
      terminal.dispose()
      element.remove()
    },
  }
}

/** Draws what the session says, and says what was drawn, so that no more comes than can be drawn. Settles with its end. */
async function follow(
  terminalId: TerminalId,
  draw: (said: { text: string; again: boolean }) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  try {
    for await (const said of await client.terminal.output({ terminalId }, { signal })) {
      if (said.kind === 'end') return
      await draw(said)
      client.terminal.ack({ terminalId, chars: said.text.length }).catch(() => {})
    }
  } catch {
    // The engine ended, or the page left: whoever opened this one knows which.
  }
}

/** Sends what is typed, in order; what comes while a message is under way goes with the next. */
function typist(terminalId: TerminalId): (text: string, binary: boolean) => void {
  let waiting: { text: string; binary: boolean }[] = []
  let busy = false
  const send = async () => {
    busy = true
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      try {
        await client.terminal.write({ terminalId, ...next })
      } catch {
        // Ended, or it takes nothing more: what was typed after it would arrive without it.
        waiting = []
      }
    }
    busy = false
  }
  return (text, binary) => {
    for (let at = 0; at < text.length; at += mostPerWrite)
      waiting.push({ text: text.slice(at, at + mostPerWrite), binary })
    if (!busy) void send()
  }
}
