import { buildBoxPrograms } from './scripts/build-box.mjs'
import { buildNode, nativePackages } from './scripts/build-node.mjs'

/**
 * What runs in a process of its own is bundled from the sources under test: box programs, and the command line, which
 * the tests start so often that reading its sources each time would take longer than what it does.
 */
export default async function setup(): Promise<void> {
  const threads = { 'log-reader': 'main/logs/log-reader.ts', 'log-writer': 'main/logs/log-writer.ts' }
  await Promise.all([
    buildBoxPrograms(),
    buildNode({ cli: 'main/cli/cli.ts', ...threads }, 'out/test', 'es', nativePackages),
  ])
}
