// Builds everything that runs: box programs, main (with the engine and the command line), preload, page.
// `--box` builds the box programs alone.
import { builtinModules } from 'node:module'
import path from 'node:path'
import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { build } from 'vite'
import { buildBoxPrograms } from './build-box.mjs'

const root = path.resolve(import.meta.dirname, '..')
const builtins = [...builtinModules, ...builtinModules.map((name) => `node:${name}`), 'node:sqlite']

const node = (inputs, outDir, format, external) =>
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

const page = () =>
  build({
    configFile: false,
    root: path.join(root, 'renderer'),
    base: './',
    logLevel: 'warn',
    plugins: [react(), tailwindcss()],
    build: {
      outDir: path.join(root, 'out/renderer'),
      emptyOutDir: true,
      target: 'chrome150',
      sourcemap: false,
      reportCompressedSize: false,
      // The page is read from disk, once.
      chunkSizeWarningLimit: 3000,
      assetsInlineLimit: 0,
    },
  })

if (process.argv.includes('--box')) await buildBoxPrograms()
else {
  await Promise.all([
    buildBoxPrograms(),
    node(
      {
        index: 'main/desktop/desktop.ts',
        engine: 'main/desktop/engine-process.ts',
        cli: 'main/cli/cli.ts',
        'demo-box': 'main/demo/box-worker.ts',
      },
      'out/main',
      'es',
      ['electron', 'better-sqlite3', 'ssh2'],
    ),
    node({ index: 'preload/preload.ts' }, 'out/preload', 'cjs', ['electron']),
    page(),
  ])
}
