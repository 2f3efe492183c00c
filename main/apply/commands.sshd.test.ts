import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, expect, test, vi } from 'vitest'
import type { ApplyId, ApplyJob, CarriedCommand, SettingChange } from '../../shared/contract/index.ts'
import { newId } from '../base/ids.ts'
import { type ApplyBox, applyConsole, applyLab, endOf } from '../testing/apply-lab.ts'
import { processesOf } from '../testing/box-processes.ts'
import { expectDocsPart } from '../testing/docs-part.ts'
import { changesOf, restartBox, startFaultyBox } from '../testing/faulty-apply.ts'
import { mountSmallDisk } from '../testing/small-disk.ts'
import { moduleUrl, spawnScript } from '../testing/spawn-script.ts'
import { expectNothingLeft, expectReady } from '../testing/whole-box.ts'
import type { Apply } from './apply.ts'

vi.setConfig({ testTimeout: 200_000, hookTimeout: 60_000 })

const lab = applyLab()
afterAll(() => lab[Symbol.asyncDispose]())
const apply = lab.openConsole()

const setLimit: SettingChange[] = [{ path: ['channels', 'telegram', 'historyLimit'], set: 7 }]
const command = (run: string, undo: string | null, change: Partial<CarriedCommand> = {}): CarriedCommand => ({
  run,
  undo,
  deadlineS: 60,
  when: 'after',
  ...change,
})
/** What was seen, for the table in docs. */
const cells = new Map<string, string>()
const saw = (what: string, { outcome }: ApplyJob, back: string) =>
  void cells.set(what, `| ${what} | ${outcome === 'changed' ? 'new' : 'old'}, ${outcome} | ${back} |`)

/** Writes a word and what the config says then into `~/log`, one line each. */
const note = (word: string) => `echo "${word} $(grep -c historyLimit .openclaw/openclaw.json)" >> log`
const noted = ({ home }: { home: string }): string[] => {
  const file = path.join(home, 'log')
  return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : []
}

async function made(
  console: Apply,
  { boxId, agentId, configPath }: Pick<ApplyBox, 'boxId' | 'agentId' | 'configPath'>,
  commands: CarriedCommand[],
  changes: SettingChange[] = setLimit,
): Promise<ApplyJob> {
  const { baseSha256 } = lab.requestFor({ boxId, agentId, configPath }, changes)
  const applyId = newId<ApplyId>()
  await console.startAgreed({ applyId, boxId, agentId, changes, baseSha256, commands })
  const job = await endOf(console, applyId)
  await console.idle(boxId)
  return job
}

test('commands run in order around the moment at which the rest is put in place, as the login and for its agent', async () => {
  const box = await lab.box()
  writeFileSync(path.join(box.home, 'told'), 'password=hunter-twenty-two\n')
  const job = await made(apply, box, [
    command(note('first'), null, { when: 'before' }),
    command(note('second'), 'false', { when: 'before' }),
    command(`${note('third')}; echo done with $OPENCLAW_STATE_DIR; pwd`, 'false'),
    command('cat ./told; grep -o "[a-z-]*of-this-gateway" .openclaw/openclaw.json', 'false'),
  ])
  expect(job).toMatchObject({ outcome: 'changed', step: 'commit' })
  expect(noted(box)).toEqual(['first 0', 'second 0', 'third 1'])
  expect(job.words).toContain(`done with ${path.dirname(box.configPath)} / ${box.home}.`)
  expect(job.words).toContain(
    'It ran “echo "first $(grep -c historyLimit .openclaw/openclaw.json)" >> log”, which cannot be undone.',
  )
  expect(job.words).toContain('openclaw.json”: (a secret) / (a secret).')
  expect(job.words).not.toMatch(/hunter-twenty-two|a-secret-token-of-this-gateway/)
  expect(apply.get(job.applyId).commands).toHaveLength(4)
  expect(changesOf(box)).toEqual([])

  const before = box.text()
  const alone = await made(apply, box, [command('echo on its own', null)], [])
  expect([alone.outcome, alone.words, box.text()]).toEqual([
    'changed',
    'It ran “echo on its own”, which cannot be undone: on its own. The agent runs as before.',
    before,
  ])
})

test('one that fails, or does not end, takes all back: what was run by its inverse, the last first', async () => {
  const box = await lab.box()
  const before = box.text()
  const failing = await made(apply, box, [
    command(note('first'), note('not first'), { when: 'before' }),
    command(note('second'), note('not second')),
    command(`${note('third')}; echo no such thing >&2; exit 3`, `${note('not third')}; echo what now; exit 4`),
    command(note('never'), note('not never')),
  ])
  expect(failing.outcome).toBe('reverted')
  // The config goes back before any inverse runs.
  expect(noted(box)).toEqual(['first 0', 'second 1', 'third 1', 'not third 0', 'not second 0', 'not first 0'])
  expect(failing.words).toContain('exit 3” ended with 3: no such thing.')
  expect(failing.words).toContain('The old config is back.')
  expect(failing.words).toMatch(/third.*” was run and is NOT undone, because “.*exit 4” failed: what now\./)
  expect(failing.words).toMatch(/second.*” was undone by “/)
  expect(failing.nextStep).toContain('Look at what the commands left on the machine.')
  saw('It fails, and its inverse too', failing, 'not, and said; the others are')
  expect(box.text()).toBe(before)

  // Its children go with it.
  const hanging = await made(apply, box, [
    command('echo for good > final', null, { when: 'before' }),
    command('sleep 600 & sleep 601', 'touch undone', { deadlineS: 1 }),
  ])
  expect(hanging.outcome).toBe('reverted')
  expect(hanging.words).toContain('The command “sleep 600 & sleep 601” did not end within 1 second.')
  expect(hanging.words).toContain('“echo for good > final” was run and cannot be undone.')
  expect([box.text(), existsSync(path.join(box.home, 'undone'))]).toEqual([before, true])
  expect(processesOf(box, 'sleep')).toEqual([])
  saw('It does not end in its time', hanging, 'by its inverse; one that cannot be undone is said')
  expect(changesOf(box)).toEqual([])
})

test('what a command writes into the config is judged, kept and taken back with the rest', async () => {
  const box = await lab.box()
  const before = box.text()
  const edit = (script: string) =>
    `node -e "${`const fs=require('fs'),f=process.env.OPENCLAW_CONFIG_PATH,c=JSON.parse(fs.readFileSync(f));${script};fs.writeFileSync(f+'.t',JSON.stringify(c));fs.renameSync(f+'.t',f)`}"`
  const open = edit("c.channels.telegram.dmPolicy='open';c.channels.telegram.allowFrom=['*']")
  const opened = await made(apply, box, [command(open, null)])
  expect(opened).toMatchObject({ outcome: 'reverted', step: 'revert' })
  expect(opened.words).toContain('telegram/default: everyone')
  saw('It opens who is answered', opened, 'what it wrote into the config is')
  expect(box.text()).toBe(before)

  const invalid = await made(apply, box, [command(edit('c.standIn={wrong:true}'), null)], [])
  expect([invalid.outcome, box.text()]).toEqual(['reverted', before])
  expect(invalid.words).toContain(
    'A command left a config that the machine’s own OpenClaw refuses: standIn: standIn.wrong: Unrecognized key. The old config is back.',
  )

  const early = await made(apply, box, [command(edit("c.logging={level:'debug'}"), null, { when: 'before' })])
  expect([early.outcome, box.text()]).toEqual(['reverted', before])
  expect(early.words).toContain('A command changed the config that the patch changes too.')

  // An inverse that writes the config too does not keep the old one from coming back, to the byte.
  const both = await made(apply, box, [
    command(edit("c.logging={level:'debug'}"), edit('c.logging={}')),
    command('exit 5', null),
  ])
  expect([both.outcome, box.text()]).toEqual(['reverted', before])

  const kept = await made(apply, box, [command(edit("c.logging={level:'debug'}"), edit('delete c.logging'))])
  expect(kept.outcome).toBe('changed')
  expect(kept.words).toContain('A command rewrote settings under logging.')
  expect(JSON.parse(box.text())).toMatchObject({
    logging: { level: 'debug' },
    channels: { telegram: { historyLimit: 7 } },
  })
  expect(lab.store.db.prepare('select hash_after from apply_job where apply_id = ?').pluck().get(kept.applyId)).toBe(
    kept.hashAfter,
  )
  expect(changesOf(box)).toEqual([])
})

/** A command that says in `~/log` that it began, and then stands. */
const stands = command('echo began >> log; echo half > half; sleep 600', 'rm -f half; echo undone >> log', {
  deadlineS: 5,
})

test('a console that is killed while a command runs leaves the timer to take it back with its inverse', async () => {
  const box = await startFaultyBox(null)
  try {
    const times = {
      deadlineS: 3,
      settleMs: 5000,
      connectMs: 30_000,
      stepMs: 30_000,
      update: { downloadMs: 1, deadlineS: 1, settleMs: 1 },
    }
    const script = spawnScript(`
      import { applyConsole, requestFor } from '${moduleUrl('main/testing/apply-lab.ts')}'
      const lab = applyConsole()
      const known = await lab.know(${JSON.stringify(box.sshd)}, ${JSON.stringify(box.stateDir)})
      const apply = lab.openConsole({ times: ${JSON.stringify(times)} })
      const changes = ${JSON.stringify(setLimit)}
      const { baseSha256 } = requestFor({ configPath: ${JSON.stringify(box.configPath)}, ...known }, changes)
      const applyId = 'a'.repeat(16)
      await apply.startAgreed({ ...known, applyId, changes, baseSha256, commands: [${JSON.stringify({ ...stands, deadlineS: 12 })}] })
      console.log('at it ' + JSON.stringify({ dataDir: lab.dataDir, ...known, applyId }) + '.')
    `)
    const [, said = ''] = /at it (\{.*?\})\./.exec(await script.says('}.')) ?? []
    const { dataDir, boxId, applyId } = JSON.parse(said)
    await vi.waitFor(() => expect(noted(box)).toEqual(['began']), { timeout: 60_000, interval: 50 })
    expect(box.text()).not.toBe(box.before)
    script.process.kill('SIGKILL')
    await script.ended
    await vi.waitFor(() => expect(noted(box)).toEqual(['began', 'undone']), { timeout: 100_000, interval: 100 })
    await vi.waitFor(
      () => expect(changesOf(box).map((folder) => existsSync(path.join(folder, 'reverted')))).toEqual([true]),
      { timeout: 100_000, interval: 100 },
    )
    expect([box.text(), existsSync(path.join(box.home, 'half')), processesOf(box, 'sleep')]).toEqual([
      box.before,
      false,
      [],
    ])
    const next = applyConsole(dataDir)
    try {
      const console = next.openConsole()
      await console.ask(boxId)
      const told = console.get(applyId)
      expect(told).toMatchObject({ state: 'interrupted', step: 'run-after', outcome: 'reverted' })
      expect(told.words).toContain('was undone by “rm -f half; echo undone >> log”.')
      saw('Console killed in the midst of it', told, 'by its inverse, by the timer')
      await console.close()
    } finally {
      next.close()
    }
    await expectNothingLeft(box)
    await expectReady(box)
  } finally {
    await box.end()
  }
})

test('a command that fills the disk goes back with what it wrote', async ({ skip }) => {
  const disk = mountSmallDisk()
  if (disk === null) {
    if (process.getuid?.() === 0) throw new Error('a disk that can be filled is mounted by root')
    return skip('a disk that can be filled is mounted by root on Linux only')
  }
  const box = await startFaultyBox(disk)
  const other = applyConsole()
  try {
    const known = await other.know(box.sshd, box.stateDir)
    const console = other.openConsole()
    const fills = command('cat /dev/zero > filler', 'rm filler')
    const job = await made(console, { ...box, ...known }, [fills])
    expect(job.outcome).toBe('reverted')
    expect(job.words).toContain('was undone by “rm filler”')
    expect([box.text(), existsSync(path.join(box.home, 'filler'))]).toEqual([box.before, false])
    saw('It fills the disk of the machine', job, 'by its inverse')
    await expectNothingLeft(box)
    await expectReady(box)
    await console.close()
  } finally {
    other.close()
    await box.end()
    disk.stop()
  }
})

test('a machine that restarts while a command runs takes it back at the next connection, whatever it wrote', async () => {
  const box = await startFaultyBox(null)
  const other = applyConsole()
  try {
    const known = await other.know(box.sshd, box.stateDir)
    const console = other.openConsole()
    const opens = command(
      `sed 's/allowlist/open/' .openclaw/openclaw.json > new && mv new .openclaw/openclaw.json; ${stands.run}`,
      stands.undo,
      { deadlineS: 100 },
    )
    const ended = made(console, { ...box, ...known }, [opens])
    await vi.waitFor(() => expect(noted(box)).toEqual(['began']), { timeout: 60_000, interval: 50 })
    expect(box.text()).toContain('open')
    await restartBox(box, false)
    const job = await ended
    if (job.outcome === 'inconclusive') await console.ask(known.boxId)
    const told = console.get(job.applyId)
    expect(told).toMatchObject({ outcome: 'reverted' })
    expect(told.words).toContain('was undone by')
    saw('Machine restarts in the midst of it, no job at its start', told, 'by its inverse, at the next connection')
    expect([box.text(), noted(box), existsSync(path.join(box.home, 'half'))]).toEqual([
      box.before,
      ['began', 'undone'],
      false,
    ])
    await expectNothingLeft(box)
    await expectReady(box)
    await console.close()
  } finally {
    other.close()
    await box.end()
  }
})

test('an inverse that was cut off runs once more, and one that ended does not', async () => {
  const box = await startFaultyBox(null)
  const other = applyConsole()
  try {
    const known = await other.know(box.sshd, box.stateDir)
    const console = other.openConsole()
    writeFileSync(path.join(box.home, 'hold'), '')
    const ended = made(console, { ...box, ...known }, [
      command(note('first'), `echo undoing >> log; while [ -e hold ]; do sleep 0.05; done; ${note('not first')}`),
      command(note('second'), note('not second')),
      command('exit 3', null),
    ])
    await vi.waitFor(() => expect(noted(box).at(-1)).toBe('undoing'), { timeout: 60_000, interval: 50 })
    await restartBox(box, false)
    rmSync(path.join(box.home, 'hold'))
    const job = await ended
    if (job.outcome === 'inconclusive') await console.ask(known.boxId)
    expect(console.get(job.applyId)).toMatchObject({ outcome: 'reverted' })
    expect(noted(box)).toEqual(['first 1', 'second 1', 'not second 0', 'undoing', 'undoing', 'not first 0'])
    saw(
      'Machine restarts in the midst of an inverse',
      console.get(job.applyId),
      'by its inverse, once more; no other runs again',
    )
    expect(box.text()).toBe(box.before)
    await expectNothingLeft(box)
    await console.close()
  } finally {
    other.close()
    await box.end()
  }
})

test('the table in docs says what was seen', () => {
  const rows = [...cells.values()].toSorted()
  const table = ['| What happens to a command | Config, outcome | It is taken back |', '| --- | --- | --- |', ...rows]
  const text = [...table, '', `${rows.length} cells were run.`].join('\n')
  expectDocsPart('rollout-faults.md', 'main/apply/commands.sshd.test.ts', text, cells.size === 7)
})
