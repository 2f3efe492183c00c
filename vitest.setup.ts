import { buildBoxPrograms } from './scripts/build-box.mjs'

/** Box programs are bundles: tests that send one to a box need it built from the sources under test. */
export default async function setup(): Promise<void> {
  await buildBoxPrograms()
}
