// Builds everything that runs: box programs, main (with the engine and the command line), preload, page.
// `--box` builds the box programs alone.
import path from 'node:path'
import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { build } from 'vite'
import { buildBoxPrograms } from './build-box.mjs'
import { buildNode, nativePackages } from './build-node.mjs'

const root = path.resolve(import.meta.dirname, '..')

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
    buildNode(
      {
        index: 'main/desktop/desktop.ts',
        engine: 'main/desktop/engine-process.ts',
        cli: 'main/cli/cli.ts',
        'demo-box': 'main/demo/box-worker.ts',
        'log-reader': 'main/logs/log-reader.ts',
        'log-writer': 'main/logs/log-writer.ts',
      },
      'out/main',
      'es',
      ['electron', ...nativePackages],
    ),
    buildNode({ index: 'preload/preload.ts' }, 'out/preload', 'cjs', ['electron']),
    page(),
  ])
}
