// Runs the app's own bundle, out/main/index.js, where Electron's binary is not to be had.
// `--once` ends it after the screenshot; arguments of the app pass through.
import { mkdirSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import './register.ts'
import { obey } from './control.ts'
import { headed } from './launch.ts'
import { settled } from './settled.ts'

const { app, BrowserWindow } = await import('./electron.ts')
const controlled = Boolean(process.env.WHEELHOUSE_STANDIN_CONTROLLED)
const say = (line: string): void => console.log(line)

say(
  headed
    ? 'Electron is not installed here. This is the stand-in: the same program, in a window of your browser, without tray, menu and keychain.'
    : 'Electron is not installed here and there is no display. This is the stand-in: the same program, its window drawn in memory.',
)
process.on('SIGINT', () => app.quit())
process.on('SIGTERM', () => app.quit())
if (controlled) obey()

// The benchmark starts an empty program the same way.
await import(process.env.WHEELHOUSE_STANDIN_MAIN ?? new URL('../../out/main/index.js', import.meta.url).href)

if (!headed && !controlled) {
  const window = await firstWindow()
  await settled(window, { demo: process.argv.includes('--demo') })
  const folder = path.join(process.env.WHEELHOUSE_SCREENSHOTS ?? os.tmpdir(), 'wheelhouse-screens')
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const file = path.join(folder, `window-${process.pid}.png`)
  writeFileSync(file, (await window.webContents.capturePage()).toPNG())
  say(`Screenshot of the window: ${file}`)
  if (process.argv.includes('--once')) app.quit()
  else say('It keeps running. Ctrl+C ends it.')
}

async function firstWindow(): Promise<InstanceType<typeof BrowserWindow>> {
  for (;;) {
    const window = BrowserWindow.getAllWindows()[0]
    if (window?.session) return window
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
