import { afterAll, beforeAll, expect, test } from 'vitest'
import { type StandInBox, standInBox } from '../testing/apply-lab.ts'
import { cliLab } from '../testing/cli-lab.ts'
import { tempDir } from '../testing/temp-store.ts'
import { Failure } from './shapes.ts'

const at = cliLab()
let box: StandInBox
beforeAll(async () => {
  box = await standInBox(tempDir())
})
afterAll(() => box.stop())

const levelOf = (): unknown => JSON.parse(box.text()).logging?.level

test('a patch is carried to a machine, told of, and taken back, by commands alone', { timeout: 300_000 }, async () => {
  const { json, run } = at
  const { host, port, user, keyPath } = box.sshd
  const words = ['--name', 'peak-mini', '--host', host, '--port', String(port), '--user', user, '--key', keyPath]
  const { offeredKey } = await json('box add', 3, ...words)
  await json('box add', 0, ...words, '--accept-host-key', offeredKey.fingerprint)
  await json('box drill', 0, '--box', 'peak-mini')
  const before = box.text()
  await json(
    'patch new',
    0,
    'more-words',
    '--why',
    'look closer',
    '--class',
    'security',
    '--set',
    'sections.logging.level=debug',
  )
  await run('patch', 'confirm', 'more-words')
  let preview = await json('rollout preview', 3, '--patch', 'more-words').catch(() => null)
  for (const { key, exits } of preview?.questions ?? []) {
    const exit = exits.includes('accept') ? 'accept' : 'exclude'
    const choose = ['--patch', 'more-words', '--question', key, '--exit', exit, '--because', 'a test']
    preview = await json('rollout choose', 0, ...choose)
  }
  preview ??= await json('rollout preview', 0, '--patch', 'more-words')
  expect(preview.waves).toMatchObject([{ kind: 'canary', soakS: 60 }])

  const stale = await run('rollout', 'start', '--patch', 'more-words', '--apply', '0'.repeat(64))
  expect([stale.code, stale.err]).toEqual([1, expect.stringContaining('no longer holds')])
  const begun = at.start('rollout', 'start', '--patch', 'more-words', '--apply', preview.hash, '--json')
  // While the changed canary is at work, Ctrl-C pauses: what is under way ended, and a person goes on.
  let said = ''
  begun.child.stderr?.on('data', (chunk: Buffer) => {
    const isTold = /peak-mini: changed/.test(said)
    said += chunk
    if (!isTold && /peak-mini: changed/.test(said)) begun.child.kill('SIGINT')
  })
  expect((await begun.ended).code).toBe(3)
  const [listed] = await json('rollout list', 0, '--patch', 'more-words')
  expect(listed).toMatchObject({ state: 'paused', done: 0, total: 1 })
  const id = listed?.rolloutId ?? ''
  expect(await json('rollout status', 3, id)).toMatchObject({ lanes: [{ outcome: 'changed', state: 'soaking' }] })
  expect(levelOf()).toBe('debug')
  expect(await json('rollout stop', 0, id)).toMatchObject({ state: 'ended', words: 'Changed 1 of 1.' })
  expect((await json('rollout report', 0, id)).markdown).toContain('# Patch more-words, revision 2')
  expect((await run('rollout', 'retry', id)).code).toBe(1)

  const back = await json('rollout revert', 0, id)
  expect(back).toMatchObject({ revertOf: id, state: 'ended', words: 'Took back 1 of 1.' })
  expect(box.text()).toBe(before)
  expect((await run('rollout', 'status', 'nobody')).code).toBe(1)

  // The same as a change of behaviour: it waits for whoever asked, or for a day.
  await run('sweep')
  const tone = ['--why', 'a test', '--class', 'behavioural', '--set', 'sections.logging.level=warn']
  await json('patch new', 0, 'other-tone', ...tone)
  await run('patch', 'confirm', 'other-tone')
  let guarded = await json('rollout preview', 3, '--patch', 'other-tone')
  expect(guarded.guard).toMatchObject({ state: 'open', answer: null })
  for (const { key, exits } of guarded.questions) {
    const exit = exits.includes('accept') ? 'accept' : 'exclude'
    const choose = ['--patch', 'other-tone', '--question', key, '--exit', exit, '--because', 'a test']
    guarded = await json('rollout choose', 0, ...choose)
  }
  const start = (...more: string[]) =>
    run('rollout', 'start', '--patch', 'other-tone', '--apply', guarded.hash, ...more, '--json')
  const codeOf = ({ out }: { out: string }) => Failure.parse(JSON.parse(out)).fault.code
  const unsaid = await start()
  expect([unsaid.code, codeOf(unsaid)]).toEqual([3, 'guarded'])
  const reason = ['--reason', 'It reads as a form letter.', '--benefits', 'all callers']
  expect((await start('--asked-by', 'Dana: please', ...reason)).code).toBe(1)
  expect((await start('--reason', 'why not', '--benefits', 'all callers')).code).toBe(1)
  for (const again of [reason, [], reason]) {
    const cooling = await start(...again)
    expect([cooling.code, codeOf(cooling)]).toEqual([3, 'guarded'])
  }
  expect((await json('rollout preview', 3, '--patch', 'other-tone')).guard).toMatchObject({ state: 'cooling' })
  expect(box.text()).toBe(before)
})
