/** The least program that shows something: one window with an empty page, served and opened as the app's own is. */
import { app, BrowserWindow, protocol } from 'electron'

const page = 'app://empty/index.html'

protocol.registerSchemesAsPrivileged([{ scheme: 'app', privileges: { standard: true, secure: true } }])
app.on('window-all-closed', () => app.quit())
app
  .whenReady()
  .then(() => {
    protocol.handle('app', () => new Response('<p>empty</p>', { headers: { 'content-type': 'text/html' } }))
    const window = new BrowserWindow({ show: false, webPreferences: { sandbox: true } })
    window.once('ready-to-show', () => window.show())
    return window.loadURL(page)
  })
  .catch((error: unknown) => {
    console.error(error)
    app.exit(1)
  })
