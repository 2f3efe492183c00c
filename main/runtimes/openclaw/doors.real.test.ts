import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { afterAll, describe, expect, test } from 'vitest'
import { anyDoors, type Tree } from '../../testing/any-doors.ts'
import { installOpenclaw, openclawEnv } from '../../testing/openclaw.ts'
import { findDoors } from './doors.ts'
import { loadConfig } from './read-config.ts'
import { mergeSettings, settingsAt } from './settings.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'wh-real-doors-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const [own, other, stranger] = ['111222333', '444555666', '777888999']
const seeds = Array.from({ length: 120 }, (_, at) => at + 1)

/**
 * Runs in a process of its own, with OpenClaw's own code: what its loader makes of each config, what its Telegram takes
 * for the settings of each account, and whether its group check lets people in. The functions are found by name, because
 * the files of a build are not.
 */
const program = `
const { readdirSync, readFileSync, writeFileSync } = await import('node:fs')
const [dist, files, answers] = process.argv.slice(-3)
const sources = readdirSync(dist).filter((name) => /\\.m?js$/.test(name)).map((name) => [name, readFileSync(dist + '/' + name, 'utf8')])
async function find(name) {
  for (const [file, text] of sources) {
    const [found, as] = new RegExp('^export \\\\{[^}]*\\\\b' + name + '(?: as (\\\\w+))?[ ,}]', 'm').exec(text) ?? []
    const isHere = text.includes('function ' + name + '(') || text.includes('const ' + name + ' = ')
    if (found && isHere) return (await import(dist + '/' + file))[as ?? name]
  }
  throw new Error('There is no ' + name + ' in ' + dist)
}
const createConfigIO = await find('createConfigIO')
const accountIds = await find('listTelegramAccountIds')
const merged = await find('mergeTelegramAccountConfig')
const groupPolicy = await find('resolveChannelGroupPolicy')
const mayGroup = await find('evaluateTelegramGroupPolicyAccess')
const defaultAccount = await find('resolveDefaultTelegramAccountId')
const accountOf = (cfg, accountId, people) => {
  const telegramCfg = merged(cfg, accountId)
  const list = (telegramCfg.groupAllowFrom ?? telegramCfg.allowFrom ?? []).map((entry) => String(entry).trim()).filter(Boolean)
  const entries = list.filter((entry) => entry !== '*')
  const effectiveGroupAllow = { entries, hasWildcard: list.includes('*'), hasEntries: list.length > 0, invalidEntries: [] }
  const resolveGroupPolicy = (groupId) => groupPolicy({ cfg, channel: 'telegram', accountId, groupId: String(groupId) })
  // Its dispatch drops groups of any other account that no binding names.
  const groups = people.filter((senderId) => accountId === defaultAccount(cfg) &&
    mayGroup({
      isGroup: true, chatId: -100, cfg, telegramCfg, effectiveGroupAllow, senderId, senderUsername: '', resolveGroupPolicy,
      enforcePolicy: true, useTopicAndGroupOverrides: true, enforceAllowlistAuthorization: true,
      allowEmptyAllowlistEntries: false, requireSenderForAllowlistAuthorization: true, checkChatAllowlist: true,
    }).allowed)
  const { dmPolicy, allowFrom = [], enabled } = telegramCfg
  return { enabled: cfg.channels.telegram.enabled !== false && enabled !== false, dmPolicy, allowFrom, groups }
}
const result = {}
for (const { seed, file, people } of JSON.parse(readFileSync(files, 'utf8'))) {
  try {
    const cfg = createConfigIO({ configPath: file }).loadConfig()
    result[seed] = Object.fromEntries(accountIds(cfg).map((id) => [id, accountOf(cfg, id, people)]))
  } catch (error) {
    if (!/Invalid config/.test(String(error))) throw error
  }
}
writeFileSync(answers, JSON.stringify(result))
process.exit(0)
`

interface Account {
  readonly enabled: boolean
  readonly dmPolicy: string
  readonly allowFrom: readonly unknown[]
  readonly groups: readonly string[]
}

/** The config of a seed on disk, with a login for each account; null: there is no Telegram in it. */
function writeCase(home: string, seed: number): string | null {
  const { config, included } = anyDoors(seed, { own, other, channels: ['telegram'] })
  const found = settingsAt([...included, config].reduce<unknown>(mergeSettings, {}), 'channels', 'telegram')
  if (Object.keys(found).length === 0) return null
  const named = Object.keys(settingsAt(found, 'accounts'))
  const login = (at: number) => ({ botToken: `${1000 + at}:AAFakeTokenForTestsOnly_0123456789abcdef` })
  const telegram: Tree =
    named.length === 0
      ? login(0)
      : {
          ...(found.botToken === undefined ? {} : login(0)),
          accounts: Object.fromEntries(named.map((name, at) => [name, login(at + 1)])),
        }
  const names = included.map((part, at) => {
    writeFileSync(path.join(home, `${seed}-${at}.json5`), JSON.stringify(part), { mode: 0o600 })
    return `./${seed}-${at}.json5`
  })
  const made = mergeSettings(config, { gateway: { mode: 'local' }, channels: { telegram } }) as Tree
  const file = path.join(home, `${seed}.json`)
  writeFileSync(file, JSON.stringify(names.length > 0 ? { $include: names, ...made } : made), { mode: 0o600 })
  return file
}

/** Who gets what, by the table of live messages in openclaw.md §4. */
function directOf({ enabled, dmPolicy, allowFrom }: Account): string {
  const list = allowFrom.map((entry) => String(entry).trim()).filter((entry) => entry !== '')
  if (!enabled || dmPolicy === 'disabled') return 'nobody'
  if (list.includes('*')) return 'everyone'
  if (dmPolicy === 'pairing') return 'pairing-code'
  return list.length > 0 ? 'listed' : 'nobody'
}

const groupsOf = ({ enabled, groups }: Account): string => {
  if (!enabled || groups.length === 0) return 'nobody'
  return groups.includes(stranger) ? 'everyone' : 'listed'
}

describe.each(['2026.9.6', '2026.6.11'] as const)('the code of OpenClaw %s itself', (version) => {
  test('takes random configs as the doors do', async () => {
    const { root } = await installOpenclaw(version)
    const home = path.join(folder, version)
    mkdirSync(home)
    const cases = seeds.flatMap((seed) => {
      const file = writeCase(home, seed)
      return file === null ? [] : [{ seed, file, people: [own, other, stranger] }]
    })
    const [files, answers] = [path.join(home, 'cases'), path.join(home, 'answers')]
    writeFileSync(files, JSON.stringify(cases))
    const args = ['--input-type=module', '-e', program, '--', path.join(root, 'dist'), files, answers]
    await promisify(execFile)(process.execPath, args, { cwd: home, env: openclawEnv(home), maxBuffer: 20_000_000 })
    const taken = loadConfig(answers).parsed.settings as unknown as Record<string, Record<string, Account>>
    let compared = 0
    for (const { seed, file } of cases) {
      // What that version refuses as a whole answers nobody: its gateway does not start with it.
      const accounts = taken[seed]
      if (accounts === undefined) continue
      const { settings } = loadConfig(file).parsed
      const doors = findDoors(settings, version, { entries: [], unread: '' })
      const said = Object.fromEntries(doors.map(({ account, direct, groups }) => [account, { direct, groups }]))
      const meant = Object.entries(accounts).map(([id, one]) => [id, { direct: directOf(one), groups: groupsOf(one) }])
      expect(said, `seed ${seed}: ${JSON.stringify(settings.channels)}`).toEqual(Object.fromEntries(meant))
      compared += 1
    }
    expect(compared).toBeGreaterThanOrEqual(40)
  }, 300_000)
})
