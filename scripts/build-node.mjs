// Bundles programs that run in Node on the operator's computer.
import { builtinModules } from 'node:module'
import path from 'node:path'
import { build } from 'vite'

const root = path.resolve(import.meta.dirname, '..')
const builtins = [...builtinModules, ...builtinModules.map((name) => `node:${name}`), 'node:sqlite']

/** Packages with parts of their own for each system: never bundled. */
export const nativePackages = ['better-sqlite3', 'oxc-parser', 'ssh2']

/** Bundles each of `inputs` into `outDir`, which is emptied, with what they share in parts beside them. */
export const buildNode = (inputs, outDir, format, external) =>
  build({
    configFile: false,
    root,
    logLevel: 'warn',
    publicDir: false,
    resolve: { conditions: ['node'], mainFields: ['module', 'main'] },
    build: {
      outDir: path.join(root, outDir),
      target: 'node24',
      minify: false,
      sourcemap: true,
      ssr: true,
      emptyOutDir: true,
      rolldownOptions: {
        input: inputs,
        external: [...external, ...builtins],
        output: {
          format,
          entryFileNames: format === 'cjs' ? '[name].cjs' : '[name].js',
          chunkFileNames: 'parts/[name]-[hash].js',
        },
      },
    },
    ssr: { noExternal: true, external: [...external, ...builtins] },
  })
