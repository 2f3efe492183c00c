import type { Terminal } from '@xterm/xterm'

/**
 * Stands for a style element: what is written into it becomes a sheet of the document. A style element with text in it is
 * what the window's content policy forbids; a sheet that is constructed is not.
 */
function sheetElement(): HTMLElement {
  const element = Document.prototype.createElement.call(document, 'span')
  const sheet = new CSSStyleSheet()
  element.hidden = true
  document.adoptedStyleSheets.push(sheet)
  Object.defineProperty(element, 'textContent', { set: (text: string) => sheet.replaceSync(text), get: () => '' })
  element.remove = () => {
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((each) => each !== sheet)
    Element.prototype.remove.call(element)
  }
  return element
}

/** Where xterm's renderer writes colours that no class stands for, as a style attribute. Its own names; the version is pinned. */
interface Inner {
  readonly _core?: {
    readonly _renderService?: {
      readonly _renderer?: {
        readonly value?: { readonly _rowFactory?: { _addStyle?: (element: HTMLElement, style: string) => void } }
      }
    }
  }
}

/** Opens the terminal in `parent` so that nothing of it is refused by `style-src 'self'`. @throws Error when xterm draws otherwise than this knows. */
export function openWithin(terminal: Terminal, parent: HTMLElement): void {
  // xterm makes its three style elements while it opens, all through `document.createElement`.
  document.createElement = ((name: string, options?: ElementCreationOptions) =>
    name === 'style'
      ? sheetElement()
      : Document.prototype.createElement.call(document, name, options)) as typeof document.createElement
  try {
    terminal.open(parent)
  } finally {
    Reflect.deleteProperty(document, 'createElement')
  }
  const factory = (terminal as unknown as Inner)._core?._renderService?._renderer?.value?._rowFactory
  if (!factory?._addStyle) throw new Error('xterm draws its rows in another way than its styles are allowed here.')
  factory._addStyle = (element, style) => {
    element.style.cssText += `${style};`
  }
}
