import { powerSaveBlocker } from 'electron'
import * as z from 'zod'

const Awake = z.object({ kind: z.literal('awake'), on: z.boolean() })

let blocker: number | null = null

/**
 * Keeps the computer awake while the engine says that a run is under way; the screen may go dark, and a closed lid still
 * sends it to sleep. Other messages are none of its business; an engine that is gone lets go.
 */
export function stayAwake(message: unknown): void {
  const awake = Awake.safeParse(message)
  if (awake.success) setAwake(awake.data.on)
}

export function letSleep(): void {
  setAwake(false)
}

function setAwake(on: boolean): void {
  if (on && blocker === null) blocker = powerSaveBlocker.start('prevent-app-suspension')
  if (!on && blocker !== null) {
    powerSaveBlocker.stop(blocker)
    blocker = null
  }
}
