// For whoever started the stand-in with `fork` (tests, `npm run dev`): what happens is told to them, and they may do what only a person could.

import { app, dialogs, Menu, type MenuItem, Notification, powerMonitor } from './electron.ts'
import { controlEndpoint } from './launch.ts'
import { utilityProcess } from './utility.ts'
import { BrowserWindow } from './window.ts'

export type Told =
  | { told: 'window'; endpoint: string }
  | { told: 'engine'; pid: number }
  | { told: 'notification'; title: string; body: string }
  | { told: 'dialog'; message: string; detail: string; buttons: string[] }
export type Asked =
  | { ask: 'menu'; id: string }
  | { ask: 'power'; event: 'suspend' | 'resume' }
  | { ask: 'reload' }
  | { ask: 'click-notification' }
  /** Chooses this button of the next dialog; asked several times, of the ones after it. */
  | { ask: 'answer-dialog'; button: string }
  | { ask: 'quit' }

const tell = (message: Told): void => {
  if (process.connected) process.send?.(message)
}

export function obey(): void {
  utilityProcess.onSpawn = (pid) => tell({ told: 'engine', pid })
  let newest: Notification | null = null
  Notification.onShow = (notification) => {
    newest = notification
    tell({ told: 'notification', title: notification.title, body: notification.body })
  }
  const answers: string[] = []
  dialogs.onShow = ({ message, detail, buttons }) => {
    tell({ told: 'dialog', message, detail, buttons })
    const at = buttons.indexOf(answers.shift() ?? '')
    return at < 0 ? null : at
  }
  process.on('message', (asked: Asked) => {
    if (asked.ask === 'menu') find(Menu.current ?? [], asked.id)?.click?.()
    else if (asked.ask === 'power') powerMonitor.emit(asked.event)
    else if (asked.ask === 'reload') BrowserWindow.getAllWindows()[0]?.webContents.reload()
    else if (asked.ask === 'click-notification') newest?.emit('click')
    else if (asked.ask === 'answer-dialog') answers.push(asked.button)
    else if (asked.ask === 'quit') app.quit()
  })
  process.on('disconnect', () => app.quit())
  const poll = setInterval(() => {
    if (!BrowserWindow.getAllWindows()[0]?.shown) return
    clearInterval(poll)
    void controlEndpoint().then((endpoint) => tell({ told: 'window', endpoint }))
  }, 20)
}

function find(items: MenuItem[], id: string): MenuItem | undefined {
  for (const item of items) {
    const found = item.id === id ? item : find(item.submenu ?? [], id)
    if (found) return found
  }
  return undefined
}
