import { readFile } from 'node:fs/promises'
import { protocol } from 'electron'
import { contentSecurityPolicy, fileFor, scheme } from './page-files.ts'

/** Must run before the app is ready. */
export function registerScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme, privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ])
}

/** Serves the page's files, and nothing beside them, to the page. */
export function serveScheme(root: string): void {
  protocol.handle(scheme, async (request) => {
    const found = request.method === 'GET' ? fileFor(root, request.url) : null
    if (!found) return new Response(null, { status: 404 })
    try {
      return new Response(await readFile(found.file), {
        headers: {
          'content-type': found.contentType,
          'content-security-policy': contentSecurityPolicy,
          'x-content-type-options': 'nosniff',
          'referrer-policy': 'no-referrer',
          'cross-origin-opener-policy': 'same-origin',
          'cross-origin-resource-policy': 'same-origin',
        },
      })
    } catch {
      return new Response(null, { status: 404 })
    }
  })
}
