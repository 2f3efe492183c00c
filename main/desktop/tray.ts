import path from 'node:path'
import { app, Menu, nativeImage, Tray } from 'electron'
import type { Log } from '../base/log.ts'

/** Keeps the icon: Electron drops a tray that nothing refers to. */
let tray: Tray | null = null

/** Puts the app into the tray or menu bar; false where there is none. Then closing the window ends the app. */
export function openTray(actions: { show(): void; sweep(): void; stop(): void }, log: Log): boolean {
  const resources = path.join(import.meta.dirname, '../../resources')
  try {
    const name = process.platform === 'darwin' ? 'trayTemplate.png' : 'tray.png'
    tray = new Tray(nativeImage.createFromPath(path.join(resources, name)))
    tray.setToolTip('Wheelhouse')
    tray.setContextMenu(
      Menu.buildFromTemplate([
        { label: 'Show Wheelhouse', click: actions.show },
        { label: 'Sweep all machines', click: actions.sweep },
        { label: 'Stop a channel…', click: actions.stop },
        { type: 'separator' },
        { label: 'Quit', click: () => app.quit() },
      ]),
    )
    tray.on('click', actions.show)
    return true
  } catch (error) {
    log.info('tray.none', { why: error instanceof Error ? error.message : String(error) })
    return false
  }
}
