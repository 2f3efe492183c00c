import { execFile } from 'node:child_process'
import { copyFileSync, createReadStream, mkdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { promisify } from 'node:util'
import { tempDir } from './temp-store.ts'

const run = promisify(execFile)

/** One version of `openclaw` as a registry offers it: its manifest, and the tar of it. */
export interface OfferedPackage {
  readonly manifest: Readonly<Record<string, unknown>> & { readonly version: string }
  readonly file: string
}

export interface PackageRegistry {
  /** For `npm_config_registry` of a box. */
  readonly url: string
  /** How often a tar was fetched. */
  fetched(): number
  stop(): Promise<void>
}

/** A registry of npm on loopback that knows one package. `hangs`: it begins to send a tar and never ends. */
export async function startPackageRegistry(
  offered: readonly OfferedPackage[],
  { hangs = false }: { hangs?: boolean } = {},
): Promise<PackageRegistry> {
  let fetched = 0
  const server = createServer((request, response) => {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const tar = offered.find(({ manifest }) => request.url === `/openclaw/-/openclaw-${manifest.version}.tgz`)
    if (tar !== undefined) {
      fetched++
      response.setHeader('content-type', 'application/octet-stream')
      if (hangs) response.write('never whole')
      else createReadStream(tar.file).pipe(response)
      return
    }
    if (request.url !== '/openclaw') {
      response.statusCode = 404
      return void response.end('{"error":"not found"}')
    }
    const versions = offered.map(({ manifest }) => [
      manifest.version,
      { ...manifest, dist: { tarball: `${url}/openclaw/-/openclaw-${manifest.version}.tgz` } },
    ])
    response.setHeader('content-type', 'application/json')
    response.end(
      JSON.stringify({
        name: 'openclaw',
        'dist-tags': { latest: offered.at(-1)?.manifest.version },
        versions: Object.fromEntries(versions),
      }),
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    fetched: () => fetched,
    async stop() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** The small runtime as a package. `own`: more of its manifest. `says`: its manifest names another version than it is offered as. */
export async function standInPackage(
  version: string,
  own: Readonly<Record<string, unknown>> = {},
  says = version,
): Promise<OfferedPackage> {
  const folder = tempDir()
  const root = path.join(folder, 'package')
  mkdirSync(root)
  const manifest = { name: 'openclaw', version, bin: { openclaw: 'openclaw.mjs' }, ...own }
  writeFileSync(path.join(root, 'package.json'), JSON.stringify({ ...manifest, version: says }))
  copyFileSync(path.join(import.meta.dirname, 'stand-in-openclaw.mjs'), path.join(root, 'openclaw.mjs'))
  const file = path.join(folder, 'package.tgz')
  await run('tar', ['-czf', file, '-C', folder, 'package'])
  return { manifest, file }
}
