// For whoever started the stand-in with `fork` (tests, `npm run dev`): what happens is told to them, and they may do what only a person could.

import { app, Menu, type MenuItem, powerMonitor } from './electron.ts'
import { controlEndpoint } from './launch.ts'
import { utilityProcess } from './utility.ts'
import { BrowserWindow } from './window.ts'

export type Told = { told: 'window'; endpoint: string } | { told: 'engine'; pid: number }
export type Asked =
  | { ask: 'menu'; id: string }
  | { ask: 'power'; event: 'suspend' | 'resume' }
  | { ask: 'reload' }
  | { ask: 'quit' }

const tell = (message: Told): void => {
  if (process.connected) process.send?.(message)
}

export function obey(): void {
  utilityProcess.onSpawn = (pid) => tell({ told: 'engine', pid })
  process.on('message', (asked: Asked) => {
    if (asked.ask === 'menu') find(Menu.current ?? [], asked.id)?.click?.()
    else if (asked.ask === 'power') powerMonitor.emit(asked.event)
    else if (asked.ask === 'reload') BrowserWindow.getAllWindows()[0]?.webContents.reload()
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
