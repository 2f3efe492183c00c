import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, vi } from 'vitest'
import { processesOf } from './box-processes.ts'
import { changesOf, type FaultyBox } from './faulty-apply.ts'

/** Files of a box other than its config that hold the secret of the config. */
const secretsIn = (box: FaultyBox): string[] =>
  readdirSync(box.home, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .filter((file) => file !== box.configPath && readFileSync(file).includes(JSON.parse(box.before).gateway.auth.token))

/** Nothing of a change is left there: no marker, no timer, no copy of a config, no file that holds its secret. */
export async function expectNothingLeft(box: FaultyBox): Promise<void> {
  await vi.waitFor(
    () => expect([changesOf(box), secretsIn(box), processesOf(box, 'revert.cjs')]).toEqual([[], [], []]),
    { timeout: 30_000, interval: 100 },
  )
  expect(readdirSync(box.stateDir).filter((name) => name.includes('wheelhouse'))).toEqual([])
}

/** The agent runs, is ready and uses the config that is there. */
export async function expectReady(box: FaultyBox): Promise<void> {
  const text = box.text()
  const { port } = JSON.parse(text).gateway
  const rawHash = createHash('sha256').update(text).digest('hex')
  await vi.waitFor(
    async () =>
      expect(await (await fetch(`http://127.0.0.1:${port}/readyz`)).json()).toMatchObject({ ready: true, rawHash }),
    { timeout: 30_000, interval: 100 },
  )
}
