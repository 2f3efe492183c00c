import { execFile } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { promisify } from 'node:util'
import { type LiveBox, liveBox } from './live-box.ts'
import type { OpenclawInstall } from './openclaw.ts'
import type { OfferedPackage } from './package-registry.ts'
import { tempDir } from './temp-store.ts'

const run = promisify(execFile)

/**
 * A real sshd box on which OpenClaw lies as npm lays a global install, its gateway started by hand, and whose npm is set to
 * a registry.
 */
export async function realPackageBox(
  home: string,
  install: OpenclawInstall,
  { registry, settings = {} }: { registry: string; settings?: Record<string, unknown> },
): Promise<LiveBox> {
  const root = path.join(home, 'lib', 'node_modules', 'openclaw')
  await layGlobal(install.root, root)
  return liveBox(home, path.join(root, 'openclaw.mjs'), { settings, env: { npm_config_registry: registry } })
}

/** Links a package of the cache and everything that it needs into one folder, as npm lays a global install. */
export async function layGlobal(cachedRoot: string, root: string): Promise<void> {
  const inner = path.join(root, 'node_modules')
  mkdirSync(path.dirname(root), { recursive: true })
  await run('cp', ['-al', cachedRoot, root])
  mkdirSync(inner, { recursive: true })
  const script =
    'for each in "$1"/*; do [ "$(basename "$each")" = openclaw ] || cp -alT "$each" "$2/$(basename "$each")"; done'
  await run('sh', ['-c', script, 'sh', path.dirname(cachedRoot), inner])
}

/** A real version as one tar that brings what it needs with it, so that nothing else is fetched. */
export async function realPackage(cachedRoot: string): Promise<OfferedPackage> {
  const folder = tempDir()
  const root = path.join(folder, 'package')
  await layGlobal(cachedRoot, root)
  const found = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as OfferedPackage['manifest'] & {
    dependencies: Record<string, string>
    optionalDependencies?: Record<string, string>
  }
  const bundled = Object.keys({ ...found.dependencies, ...found.optionalDependencies })
  const manifest = { ...found, bundleDependencies: bundled }
  // The file itself is a link into the cache.
  rmSync(path.join(root, 'package.json'))
  writeFileSync(path.join(root, 'package.json'), JSON.stringify(manifest))
  const file = path.join(folder, 'package.tar')
  await run('tar', ['-cf', file, '-C', folder, 'package'])
  rmSync(root, { recursive: true })
  return { manifest, file }
}
