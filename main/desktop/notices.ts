import { Notification } from 'electron'
import * as z from 'zod'

/** What the engine asks to be shown outside of the window. */
const Notify = z.object({
  kind: z.literal('notify'),
  title: z.string().max(400),
  body: z.string().max(4_000),
  findingId: z.string().max(64).nullable(),
})

/** Keeps what is on screen: Electron drops a notification that nothing refers to, and its click with it. */
const shown = new Set<Notification>()

/** Shows one notice of the engine as a notification of the system; other messages are none of its business. */
export function showNotice(message: unknown, open: (findingId: string | null) => void): void {
  const notice = Notify.safeParse(message)
  if (!notice.success || !Notification.isSupported()) return
  const { title, body, findingId } = notice.data
  const notification = new Notification({ title, body })
  shown.add(notification)
  notification.on('click', () => {
    shown.delete(notification)
    open(findingId)
  })
  notification.on('close', () => shown.delete(notification))
  notification.show()
}
