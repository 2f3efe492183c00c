import path from 'node:path'
import { app, type BrowserWindow, ipcMain, powerMonitor } from 'electron'
import { type Command, channels } from '../../shared/bridge.ts'
import { systemClock } from '../base/clock.ts'
import { newId } from '../base/ids.ts'
import { createLog } from '../base/log.ts'
import { makeFolder } from '../base/make-folder.ts'
import { type Launch, readArguments } from './arguments.ts'
import { letSleep, stayAwake } from './awake.ts'
import { answerConfirm } from './confirm.ts'
import { type EngineHost, hostEngine } from './engine-host.ts'
import { findKeychain, keychainCipher } from './keychain.ts'
import { openLogFile } from './log-file.ts'
import { setMenu } from './menu.ts'
import { showNotice } from './notices.ts'
import { registerScheme, serveScheme } from './scheme.ts'
import { openTray } from './tray.ts'
import { openVaultFile } from './vault-file.ts'
import { answerVault } from './vault-messages.ts'
import { hardenSession, isOurs, openWindow } from './window.ts'

app.setName('Wheelhouse')
// Windows shows notifications of an app it knows by this name: the one of electron-builder.yml.
app.setAppUserModelId('app.wheelhouse.console')
app.enableSandbox()
// Crash reports are neither written nor sent.
app.commandLine.appendSwitch('disable-breakpad')
registerScheme()

const launch = readArguments(process.argv, app.getPath('appData'), process.cwd())
makeFolder(launch.dataDir)
// Chromium's own files stay out of the operator's.
app.setPath('userData', path.join(launch.dataDir, 'window'))
app.setPath('sessionData', path.join(launch.dataDir, 'window'))

if (app.requestSingleInstanceLock()) {
  const log = createLog(openLogFile(launch.dataDir, 'window.log').write, systemClock.nowMs, () => newId())
  process.on('uncaughtException', (error) => log.error('main.uncaught', error))
  process.on('unhandledRejection', (error) => log.error('main.unhandled', error))
  // Not awaited here: Electron becomes ready only after this module has run.
  app
    .whenReady()
    .then(() => run(launch, log))
    .catch((error: unknown) => {
      log.error('main.start-failed', error)
      app.exit(1)
    })
} else {
  // The one that runs already shows its window.
  app.quit()
}

async function run(launch: Launch, log: ReturnType<typeof createLog>): Promise<void> {
  const keychain = await findKeychain()
  const vault = keychain.available ? openVaultFile(launch.dataDir, keychainCipher) : null
  let window: BrowserWindow | null = null

  hardenSession()
  serveScheme(path.join(import.meta.dirname, '../renderer'))
  const engine = hostEngine({
    setup: { ...launch, version: app.getVersion(), keychain },
    clock: systemClock,
    log,
    engineLog: openLogFile(launch.dataDir, 'engine.log'),
    onMessage: (message, reply) => {
      void answerVault(message, vault, reply, log)
      void answerConfirm(message, window, reply, log)
      stayAwake(message)
      showNotice(message, (findingId) => {
        if (findingId === null) send('go-review')
        else deliver(channels.showFinding, findingId)
      })
    },
    say: (gone) => {
      letSleep()
      window?.webContents.send(channels.engineGone, gone)
    },
  })

  const open = (): BrowserWindow => {
    const opened = openWindow(launch, log)
    opened.once('closed', () => {
      window = null
    })
    window = opened
    return opened
  }
  const show = (): void => {
    // A new window shows itself once it has something to show.
    if (!window) return void open()
    if (window.isMinimized()) window.restore()
    window.show()
    window.focus()
  }
  const deliver = (channel: string, what: string): void => {
    const there = window
    show()
    const contents = (there ?? window)?.webContents
    if (there) contents?.send(channel, what)
    else contents?.once('did-finish-load', () => contents.send(channel, what))
  }
  const send = (command: Command): void => deliver(channels.command, command)

  hearPage(engine)
  setMenu(send, 'Wheelhouse')
  const inTray = openTray({ show, sweep: () => send('sweep-all'), stop: () => send('stop-channel') }, log)
  app.on('second-instance', show)
  app.on('activate', show)
  // Closing a window cancels nothing: with a tray the engine goes on behind it.
  app.on('window-all-closed', () => {
    if (!inTray) app.quit()
  })
  powerMonitor.on('suspend', () => engine.post({ kind: 'power', event: 'suspend' }))
  powerMonitor.on('resume', () => engine.post({ kind: 'power', event: 'resume' }))
  stopBeforeEnd(engine)
  show()
}

/** What a page may ask of main; whoever else asks is not heard. */
function hearPage(engine: EngineHost): void {
  ipcMain.on(channels.wantPort, (event) => {
    if (isOurs(event)) engine.connect(event.sender)
  })
  ipcMain.on(channels.startEngine, (event) => {
    if (isOurs(event)) engine.start()
  })
  // On a Mac the menu's keys are ⌘ ones, which a terminal leaves alone.
  ipcMain.on(channels.ownKeys, (event, own: unknown) => {
    if (isOurs(event) && process.platform !== 'darwin') event.sender.setIgnoreMenuShortcuts(own === true)
  })
}

function stopBeforeEnd(engine: EngineHost): void {
  app.on('will-quit', (event) => {
    event.preventDefault()
    void engine.stop().finally(() => app.exit(0))
  })
}
