import { type BrowserWindow, dialog } from 'electron'
import * as z from 'zod'
import type { Log } from '../base/log.ts'

/** What the engine may ask of the person at this computer. */
const Confirm = z.object({
  kind: z.literal('confirm'),
  id: z.number().int(),
  withinMs: z.number().int().positive(),
  title: z.string().max(400),
  detail: z.string().max(20_000),
  button: z.string().max(60),
})

/**
 * Puts one question of the engine in a dialog of the system, which no page can answer; other messages are none of its
 * business. Cancel is the default, so Enter and Esc both change nothing.
 */
export async function answerConfirm(
  message: unknown,
  window: BrowserWindow | null,
  reply: (answer: object) => void,
  log: Log,
): Promise<void> {
  const asked = Confirm.safeParse(message)
  if (!asked.success) return
  const { id, title, detail, button, withinMs } = asked.data
  const options = {
    type: 'question' as const,
    message: title,
    detail,
    buttons: [button, 'Cancel'],
    defaultId: 1,
    cancelId: 1,
    noLink: true,
    signal: AbortSignal.timeout(withinMs),
  }
  let yes = false
  try {
    const { response } = await (window ? dialog.showMessageBox(window, options) : dialog.showMessageBox(options))
    yes = response === 0
  } catch (error) {
    log.error('confirm.failed', error)
  }
  reply({ kind: 'confirm-answer', id, yes })
}
