import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { PatchPart, RolloutRun } from '../../shared/contract/index.ts'
import { cloneAt, gitIn, makeRemote } from '../testing/git-repos.ts'
import { type RunBox, runLab } from '../testing/run-lab.ts'

vi.setConfig({ testTimeout: 300_000, hookTimeout: 60_000 })

let lab: ReturnType<typeof runLab>
beforeEach(() => {
  lab = runLab()
})
afterEach(() => lab[Symbol.asyncDispose]())

const debug: PatchPart = {
  kind: 'overlay',
  layer: { kind: 'fleet', key: '' } as Extract<PatchPart, { kind: 'overlay' }>['layer'],
  set: { 'sections.logging.level': 'debug' },
  reset: [],
}
const command = (run: string, undo: string | null): PatchPart => ({
  kind: 'command',
  run,
  undo: undo === null ? { kind: 'none', typed: 'cannot be undone' } : { kind: 'run', run: undo },
  deadlineS: 60,
})
/** Writes a word and what the config says of the level into `~/log`. */
const note = (word: string) => `echo "${word} $(grep -c debug .openclaw/openclaw.json)" >> log`
const noted = ({ home }: RunBox): string[] => {
  const file = path.join(home, 'log')
  return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : []
}
const outcomes = ({ lanes }: RolloutRun) => Object.fromEntries(lanes.map(({ name, outcome }) => [name, outcome]))

test('a run carries commands around its settings, tells them everywhere, and takes them back in reverse', async () => {
  const boxes = [await lab.add('canary', 'canary'), await lab.add('rest-1', 'rest')]
  const before = boxes.map((box) => box.text())
  const parts = [
    command(note('first'), note('not first')),
    debug,
    command(`${note('second')}; echo all is well`, note('not second')),
    command(note('third'), null),
  ]
  const patchId = await lab.patch({}, { parts, class: 'fix' })
  const preview = await lab.agree(patchId)
  expect(preview.sentence).toContain('runs 3 commands (1 cannot be undone) on 2 agents')
  const started = await lab.start(patchId)
  const ended = await lab.settled(started)
  expect(ended).toMatchObject({ state: 'ended', words: 'Changed 2 of 2.', layers: 'saved' })
  expect(boxes.map(noted)).toEqual(Array(2).fill(['first 0', 'second 1', 'third 1']))
  expect(ended.lanes[0]?.words).toMatch(/It ran “.*echo all is well”: all is well\./)
  const { markdown } = lab.house.runs.report(ended)
  expect(markdown).toContain('which cannot be undone')
  expect(markdown).toContain('Step run-before')
  const said = lab.house.ledger.entries({ limit: 200 }).map(({ sentence }) => sentence)
  expect(said.join('\n')).toContain('is carried to 2 agents; it runs 3 commands (1 cannot be undone). Because:')

  const back = await lab.settled(await lab.house.runs.revert(ended))
  expect(back).toMatchObject({ state: 'ended', words: 'Took back 2 of 2.' })
  // The other way round: what ran after the settings is taken back before they go.
  expect(boxes.map((box) => noted(box).slice(3))).toEqual(Array(2).fill(['not second 1', 'not first 0']))
  expect(boxes.map((box) => box.text())).toEqual(before)
  expect(back.lanes[0]?.words).toContain('“echo "third')
  expect(back.lanes[0]?.words).toContain('was run and cannot be undone.')
})

test('a command that opens access goes back on the canary, and no other machine is touched', async () => {
  const boxes = [await lab.add('canary', 'canary'), await lab.add('rest-1', 'rest'), await lab.add('rest-2', 'rest')]
  const before = boxes.map((box) => box.text())
  const opens = `sed -i 's/"allowlist"/"open"/; s/"111222333"/"*"/' "$OPENCLAW_CONFIG_PATH"; ${note('opened')}`
  const patchId = await lab.patch({}, { parts: [debug, command(opens, note('closed'))], class: 'fix' })
  const asks = await lab.settled(await lab.start(patchId))
  expect(asks).toMatchObject({ state: 'paused', question: { kind: 'failed' }, layers: 'not-saved' })
  expect(outcomes(asks)).toEqual({ canary: 'reverted', 'rest-1': null, 'rest-2': null })
  const [canary] = asks.lanes
  expect(canary?.words).toContain('telegram/default: everyone')
  expect(canary?.words).toContain('The old config is back.')
  expect(asks.question?.evidence.join()).toContain('telegram/default: everyone')
  expect(boxes.map((box) => box.text())).toEqual(before)
  expect(boxes.map(noted)).toEqual([['opened 1', 'closed 0'], [], []])
  await lab.house.runs.stop(asks)
})

test('a command between two other parts is refused at the preview', async () => {
  await lab.add('canary', 'canary')
  const files: PatchPart = {
    kind: 'files',
    files: [{ path: 'notes.json', sha256: null, bytes: 0, mode: '0600', back: 'restore' }],
  }
  const patchId = await lab.patch({}, { parts: [debug, command('true', null), files], class: 'fix' })
  const { hash, questions } = await lab.agree(patchId)
  expect([hash, questions.filter(({ key }) => key === 'manifest/order')]).toEqual([
    '',
    [
      expect.objectContaining({
        state: 'blocked',
        words: expect.stringContaining('The command “true” stands between other parts'),
      }),
    ],
  ])
})

/** A checkout of own code on a machine, tracked as `orders`, whose remote has a newer commit tagged v2. */
function ordersOn(box: RunBox) {
  const clone = path.join(box.home, 'orders')
  const remote = makeRemote(path.join(box.home, 'code'), Date.now() - 60_000)
  cloneAt(remote.path, clone, Date.now())
  const first = remote.tip()
  const second = remote.advance(1, Date.now())
  gitIn(remote.path)('tag', 'v2', second)
  lab.house.inventory.saveFolder({
    boxId: box.boxId,
    agentId: null,
    name: 'orders',
    path: '~/orders',
    remote: '',
    branch: '',
  })
  const here = gitIn(clone)
  return { clone, first, second, at: () => `${here('rev-parse', 'HEAD')} ${here('branch', '--show-current')}`.trim() }
}

test('a run brings a tracked folder to a tag, leaves out who has none or local patches, and takes it back', async () => {
  const boxes = [
    await lab.add('canary', 'canary'),
    await lab.add('rest-1', 'rest'),
    await lab.add('dirty', 'rest'),
    await lab.add('without', 'rest'),
  ]
  const folders = boxes.slice(0, 3).map(ordersOn)
  writeFileSync(path.join(folders[2]?.clone ?? '', 'by-hand'), 'x')
  for (const { boxId } of boxes) await lab.lookAt(boxId)
  const parts: PatchPart[] = [
    { kind: 'folder', folder: 'orders', to: 'refs/tags/v2' },
    command('git -C orders log -1 --format=%h', 'true'),
  ]
  const patchId = await lab.patch({}, { parts, class: 'fix' })
  const preview = await lab.agree(patchId)
  expect(preview.sentence).toMatch(/^Brings folder orders to v2, runs 1 command on 2 agents of 2 clients; 2 left out/)
  expect(preview.questions.map(({ key }) => key)).toEqual(
    expect.arrayContaining(['needs/folder orders', 'machine/code.edited orders']),
  )
  const ended = await lab.settled(await lab.start(patchId))
  expect(ended).toMatchObject({ state: 'ended', words: 'Changed 2 of 2.' })
  expect(folders.map(({ at }) => at())).toEqual([folders[0]?.second, folders[1]?.second, `${folders[2]?.first} main`])
  expect(ended.lanes[0]?.words).toMatch(
    /^Folder orders is at v2 \([0-9a-f]{8}\); before it was at [0-9a-f]{8} on main\. It ran/,
  )

  const back = await lab.settled(await lab.house.runs.revert(ended))
  expect(back).toMatchObject({ state: 'ended', words: 'Took back 2 of 2.' })
  expect(folders.map(({ at }) => at())).toEqual(folders.map(({ first }) => `${first} main`))
})
