export interface Bounds {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

export const smallest = { width: 960, height: 600 } as const
const usual = { width: 1280, height: 800 } as const
/** So much of the title bar must be on a display to be caught with the mouse, in pixels. */
const grip = { width: 100, height: 32 } as const

const overlap = (from: number, length: number, otherFrom: number, otherLength: number): number =>
  Math.min(from + length, otherFrom + otherLength) - Math.max(from, otherFrom)

/**
 * Where the window opens: where it was, if a display is still there; else the usual size, placed by the system.
 * Displays come and go, so what was kept is never believed.
 */
export function fitBounds(kept: Bounds | null, displays: readonly Bounds[]): Partial<Bounds> {
  if (!kept) return usual
  const width = Math.max(smallest.width, Math.round(kept.width))
  const height = Math.max(smallest.height, Math.round(kept.height))
  const home = displays.find(
    (display) =>
      overlap(kept.x, width, display.x, display.width) >= grip.width &&
      overlap(kept.y, grip.height, display.y, display.height) >= grip.height,
  )
  if (!home) return usual
  return {
    x: Math.round(kept.x),
    y: Math.round(kept.y),
    width: Math.min(width, Math.max(smallest.width, home.width)),
    height: Math.min(height, Math.max(smallest.height, home.height)),
  }
}
