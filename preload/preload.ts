import { contextBridge, ipcRenderer } from 'electron'
import { channels, type FromPage, type PlatformInfo, type ToPage } from '../shared/bridge.ts'

/** `/`: this page's own origin only. */
const toPage = (message: ToPage, ports: MessagePort[] = []): void => window.postMessage(message, '/', ports)

ipcRenderer.on(channels.port, (event) => toPage({ wheelhouse: 'port' }, [...event.ports]))
ipcRenderer.on(channels.engineGone, (_event, gone) => toPage({ wheelhouse: 'engine-gone', gone }))
ipcRenderer.on(channels.command, (_event, command) => toPage({ wheelhouse: 'command', command }))
ipcRenderer.on(channels.showFinding, (_event, findingId) => toPage({ wheelhouse: 'show-finding', findingId }))

window.addEventListener('message', (event: MessageEvent<Partial<FromPage> | null>) => {
  if (event.source !== window) return
  if (event.data?.wheelhouse === 'want-port') ipcRenderer.send(channels.wantPort)
  if (event.data?.wheelhouse === 'start-engine') ipcRenderer.send(channels.startEngine)
  if (event.data?.wheelhouse === 'own-keys') ipcRenderer.send(channels.ownKeys, event.data.own === true)
})

const info: PlatformInfo = { platform: process.platform as PlatformInfo['platform'] }
contextBridge.exposeInMainWorld('wheelhouse', Object.freeze(info))
