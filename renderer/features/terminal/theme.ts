import type { ITheme } from '@xterm/xterm'

/** A token of the design as the colour it is in the present theme. */
function colourOf(token: string, probe: HTMLElement): string {
  probe.style.color = `var(${token})`
  return getComputedStyle(probe).color
}

const ansi = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'] as const

/** The window's colours for a terminal. */
export function readTheme(): ITheme {
  const probe = document.createElement('span')
  document.body.append(probe)
  const of = (token: string) => colourOf(token, probe)
  const theme: ITheme = {
    foreground: of('--color-text'),
    background: of('--color-sunken'),
    cursor: of('--color-accent'),
    cursorAccent: of('--color-sunken'),
    selectionBackground: of('--color-selected'),
    ...Object.fromEntries(ansi.map((name) => [name, of(`--ansi-${name}`)])),
    ...Object.fromEntries(
      ansi.map((name) => [`bright${name[0]?.toUpperCase()}${name.slice(1)}`, of(`--ansi-bright-${name}`)]),
    ),
  }
  probe.remove()
  return theme
}

/** Calls `changed` when the window turns light or dark, by the system or by its setting. The answer ends it. */
export function onThemeChange(changed: () => void): () => void {
  const dark = matchMedia('(prefers-color-scheme: dark)')
  const setting = new MutationObserver(changed)
  dark.addEventListener('change', changed)
  setting.observe(document.documentElement, { attributeFilter: ['data-theme'] })
  return () => {
    dark.removeEventListener('change', changed)
    setting.disconnect()
  }
}
