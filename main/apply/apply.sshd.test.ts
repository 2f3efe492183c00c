import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, describe, expect, test, vi } from 'vitest'
import type { SettingChange } from '../../shared/contract/index.ts'
import type { RunningChange } from '../onbox/onbox.ts'
import { doorsOf, sha256Of, sha256OfFile } from '../runtimes/runtimes.ts'
import { type ApplyBox, applyLab, shortTimes } from '../testing/apply-lab.ts'
import type { LastRead } from './fix.ts'

const lab = applyLab()
afterAll(() => lab[Symbol.asyncDispose]())

const setLimit: SettingChange[] = [{ path: ['channels', 'telegram', 'historyLimit'], set: 7 }]
/** What lies beside the config that is not its own. */
const leftBeside = (box: ApplyBox) =>
  readdirSync(path.dirname(box.configPath)).filter((name) => name.includes('wheelhouse'))
const markers = (box: ApplyBox) => {
  try {
    return readdirSync(path.join(box.home, '.wheelhouse', 'changes'))
  } catch {
    return []
  }
}

/** The machine forgets a change once its end is kept here. */
const nothingLeft = (box: ApplyBox) =>
  vi.waitFor(() => expect([leftBeside(box), markers(box)]).toEqual([[], []]), { timeout: 10_000 })

describe('one change on one machine', () => {
  const apply = lab.openConsole()

  test('is made, taken by the agent, and leaves nothing behind; the same again is nothing to do', async () => {
    const box = await lab.box()
    const before = JSON.parse(box.text())
    const job = await lab.change(apply, box, setLimit)
    expect([job.outcome, job.words]).toEqual(['changed', 'The agent uses the new config.'])
    expect(job).toMatchObject({ state: 'ended', bootJob: '' })
    expect(JSON.parse(box.text())).toEqual({
      ...before,
      channels: { telegram: { ...before.channels.telegram, historyLimit: 7 } },
    })
    await nothingLeft(box)
    expect(await lab.change(apply, box, setLimit)).toMatchObject({ outcome: 'unchanged' })
    expect(lab.ledger.entries({ boxId: box.boxId, limit: 4 }).map(({ kind }) => kind)).toEqual([
      'apply.unchanged',
      'apply.began',
      'apply.changed',
      'apply.began',
    ])
  })

  test('that its own OpenClaw refuses is not made; one under which the agent is not ready goes back', async () => {
    const box = await lab.box()
    const before = box.text()
    const refused = await lab.change(apply, box, [{ path: ['standIn', 'wrong'], set: true }])
    expect(refused).toMatchObject({ outcome: 'failed', step: 'stage' })
    expect(refused.words).toContain('standIn.wrong')
    const hopeless = lab.openConsole({ times: { ...shortTimes, deadlineS: 60, settleMs: 1500 } })
    const back = await lab.change(hopeless, box, [{ path: ['standIn', 'never'], set: true }])
    expect(back).toMatchObject({ outcome: 'reverted' })
    expect(back.words).toContain('not ready: standIn')
    expect(box.text()).toBe(before)
    await nothingLeft(box)
  })

  test('of a file that somebody else changed meanwhile touches nothing, before it is put in place and after', async () => {
    const box = await lab.box()
    const edit = (name: string) => {
      const config = JSON.parse(box.text())
      writeFileSync(box.configPath, JSON.stringify({ ...config, edited: name }))
      return box.text()
    }
    const stale = lab.requestFor(box, setLimit)
    const early = edit('before')
    expect(await lab.endOf(apply, (await apply.start(stale)).applyId)).toMatchObject({ outcome: 'failed' })
    expect(box.text()).toBe(early)

    let kept = ''
    const armed = lab.openConsole({
      onbox: between('activate', () => {
        kept = edit('while armed')
      }),
    })
    expect(await lab.change(armed, box, setLimit)).toMatchObject({ outcome: 'failed' })
    expect(box.text()).toBe(kept)

    const active = lab.openConsole({
      onbox: between('settle', () => {
        kept = edit('after')
      }),
    })
    const left = await lab.change(active, box, setLimit)
    expect(left).toMatchObject({ outcome: 'inconclusive', state: 'ended' })
    expect(left.words).toContain(
      'Somebody else changed the config, a file or a folder meanwhile; what they wrote was not touched.',
    )
    expect(box.text()).toBe(kept)
    // The one from before lies beside it for whoever has to look.
    expect(leftBeside(box)).toHaveLength(1)
  })

  test('carries files into the workspace and takes them back with the settings', async () => {
    const box = await lab.box()
    const workspace = path.join(box.home, '.openclaw', 'workspace')
    mkdirSync(workspace)
    const soul = path.join(workspace, 'SOUL.md')
    const skill = path.join(workspace, 'skills', 'orders', 'run.sh')
    writeFileSync(soul, 'as it was', { mode: 0o640 })
    const contents = new Map(
      ['a new soul', 'echo hello'].map((text) => [sha256Of(Buffer.from(text)), Buffer.from(text)]),
    )
    const [first = '', second = ''] = contents.keys()
    const files = [
      { path: 'SOUL.md', sha256: first, executable: false },
      { path: 'skills/orders/run.sh', sha256: second, executable: true },
    ]
    const fileContent = (sha256: string) => contents.get(sha256) ?? null
    const made = async (
      changes: SettingChange[],
      carried = files,
      parts: Parameters<typeof lab.openConsole>[0] = {},
    ) => {
      const console = lab.openConsole({ fileContent, ...parts })
      return lab.endOf(console, (await console.start(lab.requestFor(box, changes, carried))).applyId)
    }
    const before = box.text()
    const short = { ...shortTimes, deadlineS: 60, settleMs: 1500 }
    const back = await made([{ path: ['standIn', 'never'], set: true }], files, { times: short })
    expect([back.outcome, back.words]).toEqual(['reverted', expect.stringContaining('not ready')])
    expect([box.text(), readFileSync(soul, 'utf8'), existsSync(path.dirname(skill))]).toEqual([
      before,
      'as it was',
      false,
    ])

    expect(await made([])).toMatchObject({ outcome: 'changed', files, changes: [] })
    expect([box.text(), readFileSync(soul, 'utf8'), readFileSync(skill, 'utf8')]).toEqual([
      before,
      'a new soul',
      'echo hello',
    ])
    expect([statSync(soul).mode & 0o777, statSync(skill).mode & 0o777]).toEqual([0o640, 0o700])
    await nothingLeft(box)
    expect(readdirSync(workspace).sort()).toEqual(['SOUL.md', 'skills'])
    expect(await made([])).toMatchObject({ outcome: 'unchanged' })

    // Somebody edits one while the agent takes it: that one is not touched, the others go back.
    rmSync(path.join(workspace, 'skills'), { recursive: true })
    const onbox = between('settle', () => writeFileSync(skill, 'by hand'))
    expect(await made(setLimit, files, { onbox })).toMatchObject({ outcome: 'inconclusive', state: 'ended' })
    expect([box.text(), readFileSync(skill, 'utf8')]).toEqual([before, 'by hand'])

    // The agent runs again all the same, under the config that went back.
    writeFileSync(soul, 'as it was')
    const died = { times: short, onbox: between('settle', () => writeFileSync(soul, 'by hand')) }
    expect(await made([{ path: ['standIn', 'dies'], set: true }], files.slice(0, 1), died)).toMatchObject({
      outcome: 'inconclusive',
      state: 'ended',
    })
    expect([box.text(), readFileSync(soul, 'utf8')]).toEqual([before, 'by hand'])
    const answer = await fetch(`http://127.0.0.1:${JSON.parse(before).gateway.port}/readyz`)
    expect(await answer.json()).toMatchObject({ ready: true, rawHash: sha256OfFile(box.configPath) })
    const lock = path.join(box.home, '.openclaw', 'tmp', 'openclaw', 'gateway.stand-in.lock')
    process.kill(JSON.parse(readFileSync(lock, 'utf8')).pid)
  }, 120_000)

  test('carries no file through a link, nor into a workspace that holds the config', async () => {
    const box = await lab.box()
    const state = path.join(box.home, '.openclaw')
    const workspace = path.join(state, 'workspace')
    mkdirSync(workspace)
    const outside = path.join(box.home, 'elsewhere')
    mkdirSync(outside)
    const bytes = Buffer.from('x')
    const carried = async (file: string) => {
      const apply = lab.openConsole({ fileContent: () => bytes })
      const files = [{ path: file, sha256: sha256Of(bytes), executable: false }]
      return lab.endOf(apply, (await apply.start(lab.requestFor(box, [], files))).applyId)
    }
    symlinkSync(outside, path.join(workspace, 'skills'))
    expect((await carried('skills/a/SKILL.md')).words).toContain('skills is a link or a file')
    symlinkSync(path.join(outside, 'soul'), path.join(workspace, 'SOUL.md'))
    expect((await carried('SOUL.md')).words).toContain('SOUL.md is a link or a folder there')
    expect((await carried('openclaw.json')).words).toContain('openclaw.json is not carried')
    const config = JSON.parse(box.text())
    writeFileSync(box.configPath, JSON.stringify({ ...config, agents: { defaults: { workspace: state } } }))
    expect((await carried('AGENTS.md')).words).toContain('holds its config and its state')
    expect(readdirSync(outside)).toEqual([])
    expect(existsSync(path.join(state, 'AGENTS.md'))).toBe(false)
  }, 120_000)

  test('of a client on hold, or of a machine that has shown no way back, is not begun', async () => {
    const box = await lab.box()
    const { client } = lab.inventory.addClient({ name: 'Peak Realty' })
    lab.inventory.editBox({ boxId: box.boxId, fields: { clientId: client.clientId } })
    const untilMs = Date.now() + 3_600_000
    const { span } = lab.inventory.holdClient({ clientId: client.clientId, untilMs, reason: 'Audit' })
    await expect(lab.change(apply, box, setLimit)).rejects.toMatchObject({ fault: { code: 'on-hold' } })
    lab.inventory.endClientSpan({ spanId: span.spanId })
    lab.store.write(() => lab.store.db.exec('update way_back set proven = 0'))
    await expect(lab.change(apply, box, setLimit)).rejects.toMatchObject({ fault: { code: 'no-way-back' } })
    expect(await apply.drill(box.boxId)).toMatchObject({ proven: true })
    expect(markers(box)).toEqual([])
    lab.store.write(() => lab.store.db.exec('update way_back set proven = 1'))
    expect(await lab.change(apply, box, setLimit)).toMatchObject({ outcome: 'changed' })
  })

  test('that a rule refuses, or whose plan is another one, is not made', async () => {
    const box = await lab.box()
    const before = box.text()
    const everyone: SettingChange[] = [{ path: ['channels', 'telegram', 'allowFrom'], set: ['111222333', ' * '] }]
    const job = await lab.change(apply, box, everyone)
    expect(job).toMatchObject({ outcome: 'failed', step: 'stage' })
    expect(job.words).toMatch(/^Nothing was changed\. .*channels\.telegram\.allowFrom/)
    const request = { ...lab.requestFor(box, setLimit), changes: [{ path: ['channels'], set: {} }] }
    await expect(apply.start(request)).rejects.toMatchObject({ fault: { code: 'plan-stale' } })
    expect(box.text()).toBe(before)
    await vi.waitFor(() => expect(leftBeside(box)).toEqual([]))
  })
})

describe('stopping a channel', () => {
  const apply = lab.openConsole({ confirm: async () => Promise.reject(new Error('it asked')) })
  const telegram = async (box: ApplyBox) => {
    const { gateway } = JSON.parse(box.text())
    const answer = await fetch(`http://127.0.0.1:${gateway.port}/channels`).catch(() => null)
    if (answer === null) return null
    return ((await answer.json()) as { channelAccounts: { telegram: { running: boolean }[] } }).channelAccounts.telegram
  }

  test('turns it off with its accounts, without a question or a proof, and one call brings it back as it was', async () => {
    const box = await lab.box()
    const config = JSON.parse(box.text())
    config.channels.telegram = {
      accounts: { second: { enabled: true }, third: {} },
      dmPolicy: 'allowlist',
      allowFrom: ['111222333'],
      groupPolicy: 'disabled',
      configWrites: false,
    }
    const { client } = lab.inventory.addClient({
      name: 'Harbor',
      handles: [{ kind: 'telegram', value: '111222333', label: '', trust: 'typed' }],
    })
    lab.inventory.editBox({ boxId: box.boxId, fields: { clientId: client.clientId } })
    writeFileSync(box.configPath, JSON.stringify(config))
    lab.store.write(() => lab.store.db.exec('update way_back set proven = 0'))
    const [stop] = await apply.stopChannel(box.boxId, 'telegram', null)
    expect(stop).toMatchObject({ stopped: true, staysOff: true, agentEnded: false })
    expect(JSON.parse(box.text()).channels.telegram).toEqual({
      enabled: false,
      accounts: { second: { enabled: false }, third: { enabled: false } },
      dmPolicy: 'allowlist',
      allowFrom: ['111222333'],
      groupPolicy: 'disabled',
      configWrites: false,
    })
    expect(await telegram(box)).toMatchObject([{ running: false }, { running: false }])
    expect(apply.stopped()).toMatchObject([{ agentId: box.agentId, channel: 'telegram' }])

    lab.store.write(() => lab.store.db.exec('update way_back set proven = 1'))
    const again = lab.openConsole()
    const where = { boxId: box.boxId, agentId: box.agentId, channel: 'telegram' }
    const { hash, answers } = await again.startPreview(box.boxId, box.agentId, 'telegram')
    expect(answers).toEqual([
      'Telegram (second) answers 111222333; no groups.',
      'Telegram (third) answers 111222333; no groups.',
    ])
    const job = await lab.endOf(again, (await again.startChannel({ ...where, hash })).applyId)
    expect([job.kind, job.outcome, job.words]).toEqual(['channel-on', 'changed', expect.anything()])
    expect(JSON.parse(box.text()).channels.telegram).toEqual(config.channels.telegram)
    expect(again.stopped()).toEqual([])
  })

  test('is not taken back where it would answer everyone, until the rules are fixed', async () => {
    const box = await lab.box()
    const { boxId, agentId } = box
    const { client } = lab.inventory.addClient({
      name: 'Lakeside',
      handles: [{ kind: 'telegram', value: '111222333', label: '', trust: 'typed' }],
    })
    lab.inventory.editBox({ boxId, fields: { clientId: client.clientId } })
    const open = JSON.parse(box.text())
    open.channels.telegram = { enabled: true, dmPolicy: 'open', allowFrom: ['*'] }
    writeFileSync(box.configPath, JSON.stringify(open))
    const lastRead = (): LastRead => {
      const found = JSON.parse(box.text())
      const pairing = { entries: [], unread: '' }
      const version = '2026.9.6'
      const subject = {
        settings: found,
        doors: doorsOf(found, version, pairing),
        version,
        kinds: {},
        client,
        declared: null,
        duties: null,
      }
      const baseSha256 = sha256OfFile(box.configPath)
      return { subject, found, pairing, platform: 'linux', schema: null, baseSha256, readAtMs: 0 }
    }
    // Nobody says yes to anything there: a fix asks for no yes.
    const here = lab.openConsole({ lastRead, confirm: async () => false })
    expect(await here.stopChannel(boxId, 'telegram', null)).toMatchObject([{ stopped: true }])
    const refused = await here.startPreview(boxId, agentId, 'telegram')
    expect(refused.answers).toEqual([expect.stringContaining('Telegram answers EVERYONE')])
    expect(refused.refusals.join()).toContain('telegram/default: everyone')
    const start = { boxId, agentId, channel: 'telegram' }
    await expect(here.startChannel({ ...start, hash: refused.hash })).rejects.toMatchObject({
      fault: { code: 'rule-broken' },
    })
    expect(JSON.parse(box.text()).channels.telegram.enabled).toBe(false)

    const door = { channel: 'telegram', account: 'default' }
    const fix = here.previewFix({ agentId, door })
    await expect(here.fix({ agentId, door, hash: '0'.repeat(64) })).rejects.toMatchObject({
      fault: { code: 'plan-stale' },
    })
    expect(fix.answers).toEqual(['Telegram answers 111222333; no groups. It stays off.'])
    const job = await lab.endOf(here, (await here.fix({ agentId, door, hash: fix.hash })).applyId)
    expect(job).toMatchObject({ outcome: 'changed' })
    expect(JSON.parse(box.text()).channels.telegram).toMatchObject({
      enabled: false,
      dmPolicy: 'allowlist',
      allowFrom: ['111222333'],
    })

    const again = lab.openConsole()
    const { hash, refusals } = await again.startPreview(boxId, agentId, 'telegram')
    expect(refusals).toEqual([])
    const on = await lab.endOf(again, (await again.startChannel({ ...start, hash })).applyId)
    expect(on.outcome).toBe('changed')
  })

  test('ends a gateway that does not answer, or that goes on all the same', async () => {
    const box = await lab.box()
    process.kill(box.gateway.pid!, 'SIGSTOP')
    const [stop] = await apply.stopChannel(box.boxId, 'telegram', null)
    expect(stop).toMatchObject({ stopped: true, staysOff: true, agentEnded: true })
    expect(stop?.tookMs).toBeLessThan(30_000)
    await vi.waitFor(() => expect(box.gateway.signalCode).toBe('SIGKILL'))
    expect(JSON.parse(box.text()).channels.telegram.enabled).toBe(false)
    const [idle] = await apply.stopChannel(box.boxId, 'telegram', null)
    expect(idle?.words).toBe(`Telegram on ${lab.inventory.box(box.boxId).name} is off: its agent does not run.`)
  })

  test('of a config that cannot be read ends the agent; of a machine that is not reached it is NOT STOPPED', async () => {
    const box = await lab.box()
    writeFileSync(box.configPath, '{ broken')
    const [stop] = await apply.stopChannel(box.boxId, 'telegram', null)
    expect(stop).toMatchObject({ stopped: true, staysOff: false, agentEnded: true })
    await box.sshd.stop()
    const [unreached] = await apply.stopChannel(box.boxId, 'telegram', null)
    expect(unreached).toMatchObject({ stopped: false, staysOff: false })
    expect(unreached?.words).toMatch(/^NOT STOPPED: Telegram on /)
  })
})

/** Does something just before an operation of the program is asked for. */
function between(op: keyof RunningChange, act: () => void) {
  return {
    change: async (...args: Parameters<typeof lab.onbox.change>) => {
      const program = await lab.onbox.change(...args)
      const original = program[op] as (...given: unknown[]) => unknown
      return {
        ...program,
        [op]: (...given: unknown[]) => {
          act()
          return original(...given)
        },
      }
    },
  }
}
