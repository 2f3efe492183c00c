import path from 'node:path'

export const scheme = 'app'
/** The one origin the app has. */
export const origin = 'app://wheelhouse'
export const pageUrl = `${origin}/index.html`

/** Nothing but the app's own files. Styles of React and of the kit are set through the DOM, which needs no exception here. */
export const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "font-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** What the bundle consists of; a file of another kind is not served. */
const contentTypes: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.woff2': 'font/woff2',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
}

/** The file below `root` that a URL of the app means, with its type; null for everything else. */
export function fileFor(root: string, url: string): { file: string; contentType: string } | null {
  let pathname: string
  try {
    const parsed = new URL(url)
    if (parsed.protocol !== `${scheme}:` || parsed.host !== 'wheelhouse') return null
    pathname = decodeURIComponent(parsed.pathname)
  } catch {
    return null
  }
  if (pathname.includes('\0') || pathname.includes('\\')) return null
  const file = path.resolve(root, `.${pathname}`)
  const contentType = contentTypes[path.extname(file)]
  if (!contentType || !file.startsWith(root + path.sep)) return null
  return { file, contentType }
}
