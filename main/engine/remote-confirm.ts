import type { Clock } from '../base/clock.ts'
import type { Confirm } from '../base/confirm.ts'

/** A person may be away from the screen for a while; after this nothing is confirmed. */
const answerWithinMs = 600_000

/**
 * The dialog is main's: the question is a message, the answer comes back under its number. One question at a time: while
 * one is open every other is a no, so that a broken page cannot put a row of dialogs under somebody's Enter key.
 */
export function createRemoteConfirm(post: (message: object) => void, clock: Clock) {
  let last = 0
  let open: { id: number; answer: (yes: boolean) => void } | null = null
  const confirm: Confirm = (question) => {
    if (open) return Promise.resolve(false)
    return new Promise((resolve) => {
      last += 1
      const stop = clock.after(answerWithinMs, () => open?.answer(false), true)
      open = {
        id: last,
        answer: (yes) => {
          stop()
          open = null
          resolve(yes)
        },
      }
      post({ kind: 'confirm', id: last, withinMs: answerWithinMs, ...question })
    })
  }
  return {
    confirm,
    answered({ id, yes }: { id: number; yes: boolean }): void {
      if (open?.id === id) open.answer(yes)
    },
  }
}
