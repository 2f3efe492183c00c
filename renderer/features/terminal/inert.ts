import type { Terminal } from '@xterm/xterm'

/** Colours may be asked for, so that an editor can tell dark from light; they are the window's own and stay as they are. */
const asksOnly = (data: string): boolean => /^\?(;\?)*$/.test(data)

/** OSC numbers that nothing follows from: icon name, link (8), clipboard (52), palette and its resets. */
const swallowed = [1, 4, 8, 52, 104, 110, 111, 112]

/** Questions that xterm answers: what it is, where its cursor is, which modes are set. */
const questions = [
  { final: 'c' },
  { prefix: '>', final: 'c' },
  { final: 'n' },
  { prefix: '?', final: 'n' },
  { intermediates: '$', final: 'p' },
  { prefix: '?', intermediates: '$', final: 'p' },
]

/**
 * What a machine writes is drawn and nothing more: it opens no link, writes no clipboard, moves no window, changes no
 * colours, and is sent back nothing that it chose itself (DECRQSS). A title is handed to `onTitle` as it came.
 * @param isReplay what is drawn was drawn before, and what it asks was answered then: a second answer would be typed.
 */
export function keepInert(terminal: Terminal, isReplay: () => boolean, onTitle: (raw: string) => void): void {
  const { parser } = terminal
  for (const number of swallowed) parser.registerOscHandler(number, () => true)
  for (const number of [10, 11, 12]) parser.registerOscHandler(number, (data) => isReplay() || !asksOnly(data))
  for (const number of [0, 2])
    parser.registerOscHandler(number, (data) => {
      onTitle(data)
      return true
    })
  for (const question of questions) parser.registerCsiHandler(question, () => isReplay())
  parser.registerDcsHandler({ intermediates: '$', final: 'q' }, () => true)
  parser.registerCsiHandler({ final: 't' }, () => true)
  terminal.options.linkHandler = { activate: () => {} }
}
