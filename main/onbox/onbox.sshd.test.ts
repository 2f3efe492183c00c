import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { systemClock } from '../base/clock.ts'
import { silentLog } from '../base/log.ts'
import type { StoredBox } from '../inventory/inventory.ts'
import type { ProbeRequest } from '../runtimes/observed.ts'
import { sshLab } from '../testing/ssh-lab.ts'
import { type SshdBox, startSshdBox } from '../testing/sshd-box.ts'
import { createOnbox, type Onbox } from './onbox.ts'

const request: ProbeRequest = {
  fingerprintKey: 'ab'.repeat(32),
  testHandles: [],
  validate: false,
  ownCommandMs: 20_000,
  stateDirs: [],
  entries: [],
  folders: [],
}

describe('a probe over a real SSH server', () => {
  const lab = sshLab()
  let sshd: SshdBox
  let box: StoredBox
  let onbox: Onbox
  beforeAll(async () => {
    sshd = await startSshdBox({ env: { PATH: `${path.dirname(process.execPath)}:/usr/bin:/bin` } })
    mkdirSync(path.join(sshd.home, '.openclaw'), { recursive: true })
    writeFileSync(path.join(sshd.home, '.openclaw/openclaw.json'), '{}')
    box = await lab.enrol(sshd)
    onbox = createOnbox({
      ssh: lab.ssh,
      inventory: lab.inventory,
      clock: systemClock,
      log: silentLog,
      boxProgramsDir: path.resolve('out/box'),
    })
  })
  afterAll(async () => {
    onbox.close()
    lab.ssh.close()
    await sshd.stop()
    lab[Symbol.dispose]()
  })
  const probe = () => onbox.probe(box.boxId, request, { deadlineMs: 20_000 })

  it('finds how the box starts its Node and remembers it', async () => {
    expect(await onbox.findLauncher(box.boxId, { deadlineMs: 20_000 })).toMatchObject({ launcher: 'node' })
    await probe()
    expect(lab.inventory.box(box.boxId).launcher).toBe('node')
  })

  it('sees the home of the box', async () => {
    const observed = await probe()
    expect(observed.machine.home).toBe(sshd.home)
    expect(observed.agents).toMatchObject([{ profile: 'default', stateDir: path.join(sshd.home, '.openclaw') }])
  })

  it('says by name what is there, and runs none of it', async () => {
    const install = path.join(sshd.home, 'own')
    const skill = path.join(sshd.home, '.openclaw/workspace/skills/orders')
    mkdirSync(path.join(skill, 'node_modules/sheets'), { recursive: true })
    mkdirSync(install)
    writeFileSync(path.join(install, 'package.json'), JSON.stringify({ name: 'openclaw', version: '2026.9.6' }))
    writeFileSync(path.join(install, 'openclaw.mjs'), '')
    writeFileSync(path.join(skill, 'node_modules/sheets/package.json'), '{}')
    writeFileSync(path.join(skill, 'node_modules/sheets/index.js'), 'process.exit(1)')
    const answer = await onbox.look(
      box.boxId,
      {
        stateDir: path.join(sshd.home, '.openclaw'),
        entries: [path.join(install, 'openclaw.mjs')],
        commands: ['ls', 'no-such-program'],
        modules: ['sheets', 'nothing'].map((name) => ({ name, folder: 'skills/orders', exports: [] })),
        files: ['skills/orders/run.mjs'],
      },
      { deadlineMs: 20_000 },
    )
    expect(answer).toMatchObject({
      read: true,
      value: {
        version: '2026.9.6',
        commands: [{ state: 'there' }, { state: 'missing' }],
        modules: [{ state: 'there' }, { state: 'missing' }],
        files: [{ state: 'missing' }],
      },
    })
  })

  it('tells the text of a file of the workspace, redacted there, and follows no link', async () => {
    const workspace = path.join(sshd.home, '.openclaw/workspace')
    mkdirSync(path.join(workspace, 'skills/orders'), { recursive: true })
    writeFileSync(path.join(workspace, 'SOUL.md'), 'Be kind.\napi_key: sk-abcdefghijklmnopqrstuvwxyz\n')
    writeFileSync(path.join(workspace, 'AGENTS.md'), Buffer.from([1, 0, 2]))
    writeFileSync(path.join(workspace, 'skills/orders/large.md'), 'x'.repeat(200_001))
    writeFileSync(path.join(sshd.home, 'private.md'), 'private')
    symlinkSync(path.join(sshd.home, 'private.md'), path.join(workspace, 'TOOLS.md'))
    symlinkSync(sshd.home, path.join(workspace, 'skills/home'))
    const stateDir = path.join(sshd.home, '.openclaw')
    const told = (name: string) =>
      onbox.fileText(
        box.boxId,
        { stateDir, path: name, fingerprintKey: request.fingerprintKey },
        { deadlineMs: 20_000 },
      )
    const soul = await told('SOUL.md')
    expect(soul).toMatchObject({ read: true, value: { kind: 'text', text: expect.stringContaining('Be kind.\n') } })
    expect(JSON.stringify(soul)).not.toContain('abcdefghijklmnop')
    expect(await told('AGENTS.md')).toMatchObject({ read: true, value: { kind: 'binary', size: 3, text: null } })
    expect(await told('skills/orders/large.md')).toMatchObject({ value: { kind: 'large', size: 200_001, text: null } })
    expect(await told('skills/orders/none.md')).toMatchObject({ value: { kind: 'none' } })
    for (const hidden of ['TOOLS.md', 'skills/home/private.md'])
      expect(await told(hidden), hidden).toMatchObject({ read: false, why: expect.stringContaining('link') })
    for (const outside of ['../openclaw.json', '/etc/passwd', 'skills/../../openclaw.json', 'openclaw.json'])
      expect(await told(outside), outside).toMatchObject({
        read: false,
        why: expect.stringContaining('carried'),
      })
  })

  it('sees a change of the next moment', async () => {
    writeFileSync(path.join(sshd.home, '.openclaw/openclaw.json'), '{ not JSON5')
    expect((await probe()).agents[0]?.config).toMatchObject({ read: true, value: { parses: false } })
  })

  it('comes back after the connection was cut', async () => {
    await probe()
    await sshd.dropConnections()
    expect((await probe()).agents).toHaveLength(1)
  })

  it('asks anew in the moment in which this console dropped its connections, as after a sleep', async () => {
    await probe()
    lab.ssh.drop()
    expect((await probe()).agents).toHaveLength(1)
  })
})
