// A dialog as a small browser window of its own: the app's page has no way to it, as it has none to a dialog of the system.
import type { Browser } from './cdp.ts'

export interface DialogOptions {
  message: string
  detail?: string
  buttons: string[]
  cancelId: number
}

const escaped = (text: string): string =>
  text.replace(/[&<>"]/g, (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[sign] ?? sign)

const pageOf = ({ message, detail, buttons, cancelId }: DialogOptions): string => `<!doctype html>
<title>Wheelhouse</title>
<style>
  :root { color-scheme: light dark; font: 13px/20px system-ui, sans-serif }
  body { margin: 24px }
  h1 { font-size: 16px; line-height: 24px }
  pre { white-space: pre-wrap; overflow-wrap: anywhere; max-height: 50vh; overflow: auto }
  div { display: flex; flex-direction: row-reverse; gap: 8px }
</style>
<h1>${escaped(message)}</h1>
<pre>${escaped(detail ?? '')}</pre>
<div>${buttons.map((label, at) => `<button data-at="${at}"${at === cancelId ? ' autofocus' : ''}>${escaped(label)}</button>`).join('')}</div>
<script>
  onclick = (event) => { if (event.target.dataset.at) answered(event.target.dataset.at) }
  onkeydown = (event) => { if (event.key === 'Escape') answered('${cancelId}') }
</script>`

/** Shows the dialog and waits for a button; the window closed, or `signal` fired, is the cancelling one. */
export async function askInWindow(
  browser: Browser,
  options: DialogOptions,
  known: (targetId: string) => void,
  signal?: AbortSignal,
): Promise<number> {
  const { targetId } = await browser.send('Target.createTarget', {
    url: 'about:blank',
    newWindow: true,
    width: 560,
    height: 480,
  })
  known(targetId)
  const { sessionId } = await browser.send('Target.attachToTarget', { targetId, flatten: true })
  const session = browser.session(sessionId)
  const answer = new Promise<number>((resolve) => {
    const cancel = () => resolve(options.cancelId)
    session.on('Runtime.bindingCalled', ({ payload }) => resolve(Number(payload)))
    browser.on('Target.targetDestroyed', (gone) => gone.targetId === targetId && cancel())
    browser.once('exit', cancel)
    signal?.addEventListener('abort', cancel, { once: true })
  })
  await session.send('Runtime.enable')
  await session.send('Runtime.addBinding', { name: 'answered' })
  await session.send('Page.enable')
  await session.send('Page.navigate', {
    url: `data:text/html;base64,${Buffer.from(pageOf(options)).toString('base64')}`,
  })
  await session.send('Page.bringToFront')
  const at = await answer
  void browser.send('Target.closeTarget', { targetId }).catch(() => {})
  return at
}
