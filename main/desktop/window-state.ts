import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { type BrowserWindow, screen } from 'electron'
import * as z from 'zod'
import { type Bounds, fitBounds } from './fit.ts'

const Kept = z.object({
  bounds: z.object({ x: z.number(), y: z.number(), width: z.number().positive(), height: z.number().positive() }),
  maximized: z.boolean(),
})

export interface Placement {
  readonly bounds: Partial<Bounds>
  readonly maximized: boolean
}

const fileIn = (dataDir: string): string => path.join(dataDir, 'window.json')

/** Where the window was, checked against the displays there are now. A file that cannot be read counts as none. */
export function readPlacement(dataDir: string): Placement {
  const displays = screen.getAllDisplays().map((display) => display.workArea)
  try {
    const kept = Kept.parse(JSON.parse(readFileSync(fileIn(dataDir), 'utf8')))
    return { bounds: fitBounds(kept.bounds, displays), maximized: kept.maximized }
  } catch {
    return { bounds: fitBounds(null, displays), maximized: false }
  }
}

/** Keeps where the window is when it closes. */
export function keepPlacement(window: BrowserWindow, dataDir: string): void {
  window.on('close', () => {
    const kept = { bounds: window.getNormalBounds(), maximized: window.isMaximized() }
    try {
      writeFileSync(fileIn(dataDir), JSON.stringify(kept), { mode: 0o600 })
    } catch {
      // A window that opens at its usual place is no loss worth a word.
    }
  })
}
