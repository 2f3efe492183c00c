import { Menu, type MenuItemConstructorOptions } from 'electron'
import type { Command } from '../../shared/bridge.ts'

type Item = MenuItemConstructorOptions

/**
 * The native menu. Keys with Ctrl or ⌘ are taken here, before the page sees them; single letters such as ⇧R belong to the page,
 * for here they would be taken from whoever is typing.
 */
export function setMenu(send: (command: Command) => void, productName: string): void {
  const item = (label: string, command: Command, accelerator?: string): Item => ({
    id: command,
    label,
    ...(accelerator ? { accelerator } : {}),
    click: () => send(command),
  })
  const line: Item = { type: 'separator' }
  const template: Item[] = [
    ...(process.platform === 'darwin' ? [macMenu(productName, item)] : []),
    {
      label: 'File',
      submenu: [
        item('Add a machine…', 'add-machine', 'CmdOrCtrl+N'),
        item('Import machines…', 'import', 'CmdOrCtrl+I'),
        line,
        ...(process.platform === 'darwin' ? [] : [item('Settings', 'go-settings', 'CmdOrCtrl+,'), line]),
        process.platform === 'darwin' ? { role: 'close' } : { role: 'quit' },
      ],
    },
    {
      label: 'Edit',
      submenu: [
        item('Undo', 'undo', 'CmdOrCtrl+Z'),
        item('Redo', 'redo', 'CmdOrCtrl+Shift+Z'),
        line,
        { role: 'cut' },
        { role: 'copy' },
        { role: 'paste' },
        { role: 'selectAll' },
      ],
    },
    {
      label: 'Go',
      submenu: [
        item('Review', 'go-review', 'CmdOrCtrl+1'),
        item('Fleet', 'go-fleet', 'CmdOrCtrl+2'),
        item('Access', 'go-access', 'CmdOrCtrl+3'),
        item('Overlays', 'go-overlays', 'CmdOrCtrl+4'),
        item('Plan', 'go-plan', 'CmdOrCtrl+5'),
        item('Logs', 'go-logs', 'CmdOrCtrl+6'),
        item('Rollouts', 'go-rollouts', 'CmdOrCtrl+7'),
        line,
        item('Find anything…', 'palette', 'CmdOrCtrl+K'),
        line,
        item('Sweep all machines', 'sweep-all', 'CmdOrCtrl+Shift+R'),
        item('Stop a channel…', 'stop-channel', 'CmdOrCtrl+Shift+K'),
      ],
    },
    {
      label: 'View',
      submenu: [{ role: 'zoomIn' }, { role: 'zoomOut' }, { role: 'resetZoom' }, line, { role: 'togglefullscreen' }],
    },
    { role: 'windowMenu' },
    { role: 'help', submenu: [item('Keys on this page', 'keys')] },
  ]
  Menu.setApplicationMenu(Menu.buildFromTemplate(template))
}

function macMenu(productName: string, item: (label: string, command: Command, accelerator?: string) => Item): Item {
  const line: Item = { type: 'separator' }
  return {
    label: productName,
    submenu: [
      { role: 'about' },
      line,
      item('Settings', 'go-settings', 'Cmd+,'),
      line,
      { role: 'hide' },
      { role: 'hideOthers' },
      { role: 'unhide' },
      line,
      { role: 'quit' },
    ],
  }
}
