import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { Sections } from '../../../shared/sections.ts'
import { type FakeProvider, fakeSettings, startFakeProvider } from '../../testing/fake-provider.ts'
import {
  installOpenclaw,
  makeOpenclawHome,
  type OpenclawInstall,
  openclawJson,
  type RunningGateway,
  startGateway,
} from '../../testing/openclaw.ts'
import { applyOperations } from '../operations.ts'
import { compileSections } from './compile.ts'
import type { Settings } from './settings.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'wh-public-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const long = { timeout: 500_000, interval: 200 }
const owner = 111222333

/** The bot of a property manager: any tenant may write. */
const sections = Sections.parse({
  channels: {
    'telegram/default': {
      enabled: true,
      kind: 'public',
      safeguards: { sessionPerSender: true, toolsDenied: true, groupsOff: true, mostPerHour: 60, firstApprovals: 100 },
    },
  },
  escalation: { humanNumber: '+13105550142', fallbackSentence: 'I will ask the office and come back to you.' },
})

describe.each(['2026.9.6', '2026.6.11'] as const)('a public bot on OpenClaw %s', (version) => {
  let install: OpenclawInstall
  let provider: FakeProvider
  let gateway: RunningGateway
  const home = path.join(folder, version)
  const ran = path.join(home, 'ran')

  beforeAll(async () => {
    ;[install, provider] = await Promise.all([installOpenclaw(version), startFakeProvider()])
    const port = await makeOpenclawHome(home, fakeSettings(provider.url, [String(owner)]))
    const file = path.join(home, '.openclaw', 'openclaw.json')
    const found = JSON.parse(readFileSync(file, 'utf8')) as Settings
    const client = {
      name: 'Harbor Property',
      timeZone: 'America/Los_Angeles',
      humanFallback: '',
      handles: [{ kind: 'telegram' as const, value: String(owner), label: '', trust: 'typed' as const }],
    }
    const request = { sections, raw: {}, client, version, platform: 'linux', found, schema: null, ownFiles: [] }
    const { operations } = compileSections(request)
    writeFileSync(file, JSON.stringify(applyOperations(found, operations)))
    gateway = await startGateway(install, home, port)
  }, 400_000)
  afterAll(async () => {
    await gateway.kill()
    await provider.stop()
  })

  const to = (chat: number) => provider.sent.filter((each) => each.chat === String(chat)).map(({ text }) => text)
  const answered = (chat: number) => vi.waitFor(() => expect(to(chat).join(' ')).toContain('Pong'), long)

  test('answers two tenants in a session each, and runs nothing for them', async () => {
    provider.command = `touch ${ran}`
    for (const tenant of [701, 702]) {
      provider.message(tenant, 'my sink leaks')
      await answered(tenant)
    }
    provider.command = ''
    const offered = new Set(provider.offered.flat())
    expect(offered.size).toBeGreaterThan(0)
    expect(notForStrangers.filter((name) => offered.has(name))).toEqual([])
    expect(existsSync(ran)).toBe(false)
    const { sessions } = await openclawJson<{ sessions: { key: string }[] }>(install, home, ['sessions', '--json'])
    const keys = sessions.map(({ key }) => key)
    for (const tenant of [701, 702]) expect(keys.filter((key) => key.endsWith(`:direct:${tenant}`))).toHaveLength(1)
    expect(keys).not.toContain('agent:main:main')
  }, 1_100_000)

  test('takes commands from its owner alone', async () => {
    provider.message(703, '/status')
    provider.message(owner, '/status')
    await vi.waitFor(() => expect(to(owner).join(' ')).toContain(`OpenClaw ${version}`), long)
    provider.message(704, 'is the office open')
    await answered(704)
    // 2026.9.6 tells them that there is no reply, 2026.6.11 nothing.
    expect(to(703).join(' ')).not.toContain(`OpenClaw ${version}`)
  }, 1_100_000)
})

/** Commands, files, other people's conversations, the machine: by the names of both versions. */
const notForStrangers =
  'exec process bash read write edit apply_patch ls file_fetch file_write dir_fetch dir_list pdf image view_image message cron gateway nodes browser canvas memory_get memory_search sessions_list sessions_history sessions_send sessions_spawn session_status subagents agents_list skill_workshop secrets terminal'.split(
    ' ',
  )
