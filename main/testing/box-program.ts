import { readFileSync } from 'node:fs'
import path from 'node:path'

/** A built box program with its nonce, as source: for a worker thread that defines `rest` itself. */
export const loadProgramForTests = (name: string, nonce: string): string =>
  readFileSync(path.resolve('out/box', `${name}.js`), 'latin1').replaceAll('@@WHEELHOUSE-NONCE@@', nonce)
