import { builtinModules } from 'node:module'
import path from 'node:path'
import { build } from 'vite'

const root = path.resolve(import.meta.dirname, '..')

/** Bundles our side as the engine ships: no type stripping and no module loading is measured. @returns the file. */
export async function bundleOurs(name: 'ours' | 'push-ours' = 'ours'): Promise<string> {
  const external = [
    'better-sqlite3',
    'ssh2',
    ...builtinModules,
    ...builtinModules.map((name) => `node:${name}`),
    'node:sqlite',
  ]
  const outDir = path.join(root, 'out/bench')
  await build({
    configFile: false,
    root,
    logLevel: 'warn',
    publicDir: false,
    resolve: { conditions: ['node'], mainFields: ['module', 'main'] },
    build: {
      outDir,
      target: 'node24',
      minify: false,
      ssr: true,
      rolldownOptions: {
        input: { [name]: path.join(root, `bench/${name}.ts`) },
        external,
        output: { format: 'es', entryFileNames: '[name].js' },
      },
    },
    ssr: { noExternal: true, external },
  })
  return path.join(outDir, `${name}.js`)
}
