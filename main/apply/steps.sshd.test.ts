import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, describe, expect, test, vi } from 'vitest'
import type { ApplyId, CarriedFile, SettingChange } from '../../shared/contract/index.ts'
import { newId } from '../base/ids.ts'
import { sha256Of, sha256OfFile } from '../runtimes/runtimes.ts'
import { type ApplyBox, applyLab, shortTimes } from '../testing/apply-lab.ts'
import type { ApplyRequest } from './apply.ts'

const lab = applyLab()
afterAll(() => lab[Symbol.asyncDispose]())

type Console = ReturnType<typeof lab.openConsole>
type Wanted = Partial<Pick<ApplyRequest, 'changes' | 'files'>>

const never: SettingChange[] = [{ path: ['standIn', 'never'], set: true }]
/** The agent has little time to become ready, the machine has more than that to go back. */
const hopeless = { ...shortTimes, deadlineS: 60, settleMs: 1500 }

async function carry(console: Console, box: ApplyBox, wanted: Wanted) {
  const { applyId } = await console.startAgreed({
    applyId: newId<ApplyId>(),
    boxId: box.boxId,
    agentId: box.agentId,
    changes: [],
    baseSha256: sha256OfFile(box.configPath),
    ...wanted,
  })
  return lab.endOf(console, applyId)
}

const changesOf = (box: ApplyBox) => {
  const changes = path.join(box.home, '.wheelhouse', 'changes')
  return existsSync(changes) ? readdirSync(changes) : []
}

/** The machine forgets a change once its end is kept here. */
const nothingLeft = (box: ApplyBox) => vi.waitFor(() => expect(changesOf(box)).toEqual([]), { timeout: 10_000 })

describe('files of a patch', () => {
  const contents = new Map<string, Buffer>()
  const fileContent = (sha256: string) => contents.get(sha256) ?? null
  const file = (at: string, text: string | null, more: Partial<CarriedFile> = {}): CarriedFile => {
    const bytes = Buffer.from(text ?? '')
    if (text !== null) contents.set(sha256Of(bytes), bytes)
    return { path: at, sha256: text === null ? null : sha256Of(bytes), executable: false, mode: '0644', ...more }
  }

  test('are written with their mode, removed, and put back as they were; one that is to stay stays', async () => {
    const box = await lab.box()
    const workspace = path.join(box.home, '.openclaw', 'workspace')
    mkdirSync(path.join(workspace, 'skills', 'old'), { recursive: true })
    const at = (name: string) => path.join(workspace, name)
    writeFileSync(at('SOUL.md'), 'as it was', { mode: 0o600 })
    writeFileSync(at('skills/old/SKILL.md'), 'old skill', { mode: 0o640 })
    writeFileSync(at('TOOLS.md'), 'same words', { mode: 0o600 })
    const files = [
      file('SOUL.md', 'new soul'),
      file('skills/old/SKILL.md', null),
      file('TOOLS.md', 'same words'),
      file('scripts/prune.sh', 'echo', { mode: '0755' }),
      file('notes.md', 'for later', { back: 'keep' }),
      file('never-there.md', null),
    ]
    const state = () =>
      ['SOUL.md', 'skills/old/SKILL.md', 'TOOLS.md', 'scripts/prune.sh', 'notes.md'].map((name) =>
        existsSync(at(name))
          ? `${readFileSync(at(name), 'utf8')} ${(statSync(at(name)).mode & 0o777).toString(8)}`
          : null,
      )
    const old = ['as it was 600', 'old skill 640', 'same words 600', null, null]
    const made = ['new soul 644', null, 'same words 644', 'echo 755', 'for later 644']
    expect(state()).toEqual(old)
    const back = await carry(lab.openConsole({ fileContent, times: hopeless }), box, { changes: never, files })
    expect(back).toMatchObject({ outcome: 'reverted' })
    expect(state()).toEqual([...old.slice(0, 4), 'for later 644'])

    const job = await carry(lab.openConsole({ fileContent }), box, { files })
    expect(job).toMatchObject({ outcome: 'changed', files })
    expect(state()).toEqual(made)
    await nothingLeft(box)
    expect(readdirSync(workspace).filter((name) => name.startsWith('.'))).toEqual([])
    expect(await carry(lab.openConsole({ fileContent }), box, { files })).toMatchObject({ outcome: 'unchanged' })
  }, 60_000)

  test('never what lets somebody in', async () => {
    const box = await lab.box()
    mkdirSync(path.join(box.home, '.openclaw', 'workspace'))
    const job = await carry(lab.openConsole({ fileContent }), box, { files: [file('credentials/x.json', '{}')] })
    expect([job.outcome, job.words]).toEqual(['failed', expect.stringContaining('no files of a patch')])
  })
})

describe('what a machine still holds of a change whose end is known here', () => {
  /** The console dies when the end is in its row and the machine was not told yet. */
  const deaf = {
    change: async (...args: Parameters<typeof lab.onbox.change>) => {
      const program = await lab.onbox.change(...args)
      return { ...program, forget: () => Promise.reject(new Error('the console is gone')) }
    },
  }
  const limit: SettingChange[] = [{ path: ['channels', 'telegram', 'historyLimit'], set: 7 }]
  const observe = async (box: ApplyBox) => {
    const program = await lab.onbox.change(box.boxId, { deadlineMs: 30_000 })
    const told = await program.recover({ deadlineMs: 30_000 })
    program.close()
    return told
  }

  test.each([
    { state: 'committed', changes: limit, outcome: 'changed' },
    { state: 'reverted', changes: never, outcome: 'reverted' },
  ])('goes when it is seen there: $state', async ({ state, changes, outcome }) => {
    const box = await lab.box()
    expect(await carry(lab.openConsole({ onbox: deaf, times: hopeless }), box, { changes })).toMatchObject({ outcome })
    const told = await observe(box)
    expect(told).toMatchObject([{ state }])
    const next = lab.openConsole()
    next.observed(box.boxId, told)
    await nothingLeft(box)
    await next.close()
  })

  test('stays where it is of another console, but for the copy of the old config', async () => {
    const box = await lab.box()
    expect(await carry(lab.openConsole({ onbox: deaf }), box, { changes: limit })).toMatchObject({ outcome: 'changed' })
    // Another console does not know it, and its program was killed before it removed the copy.
    lab.store.write(() => lab.store.db.exec('delete from apply_job'))
    const [id = ''] = changesOf(box)
    const copy = path.join(path.dirname(box.configPath), `wheelhouse-${id}-before.json`)
    writeFileSync(copy, 'an old config with its secrets')
    const next = lab.openConsole()
    await next.ask(box.boxId)
    expect([changesOf(box), existsSync(copy)]).toEqual([[id], false])
    await next.close()
  })
})
