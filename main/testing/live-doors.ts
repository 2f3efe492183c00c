import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Tree } from './any-doors.ts'
import { type FakeProvider, fakeSettings, startFakeProvider, tokenOf } from './fake-provider.ts'
import { type LiveCase, type Role, roles } from './live-cases.ts'
import { letIn } from './live-pairing.ts'
import {
  installOpenclaw,
  makeOpenclawHome,
  type OpenclawVersion,
  type RunningGateway,
  startGateway,
} from './openclaw.ts'

/** What one person got for one message. */
export type Got = 'reply' | 'pairing code' | 'nothing'

/** Only who wrote. */
export type LiveAnswers = Readonly<Partial<Record<Role, Got>>>

/** What an account did with the messages that were sent to it. */
export interface LiveAccount {
  readonly account: string
  /** Does the gateway fetch its messages at all? */
  readonly fetches: boolean
  readonly direct: LiveAnswers
  /** In the group that is `room` where the config has one, and in a group that no config names. */
  readonly room: LiveAnswers
  readonly elsewhere: LiveAnswers
}

/** A case that was put under the gateway. */
export interface LiveRun {
  readonly people: Readonly<Record<Role, string>>
  /** What its accounts did up to now. */
  seen(): LiveAccount[]
}

/** A real gateway between a fake Telegram and a fake model, whose config changes while it runs. */
export interface LiveDoors {
  readonly configPath: string
  /**
   * Puts a case under the gateway, waits until that is in use, lets people write to it, and waits until the gateway is
   * done with each message: the stranger everywhere, the others where the stranger had no answer.
   *
   * @param isOn asked once the config is written: is this account expected to fetch messages?
   * @throws Error where this version refuses the config.
   */
  run(each: LiveCase, isOn: (account: string) => boolean): Promise<LiveRun>
  stop(): Promise<void>
}

const patientMs = 180_000
/** For a gateway to fetch messages of a bot, before it is started again. */
const restartMs = 60_000
const places = ['direct', 'room', 'elsewhere'] as const
type Place = (typeof places)[number]

/** The numbers of one case: nothing that an earlier one left behind knows them. */
class Numbers {
  readonly #at: number
  constructor(at: number) {
    this.#at = at
  }
  person(role: Role): number {
    return 500_000_000 + this.#at * 10 + roles.indexOf(role)
  }
  bot(place: number): number {
    return 70_000 + this.#at * 10 + place
  }
  /** Each writes in a group of their own: an answer there is an answer to them. */
  group(place: Exclude<Place, 'direct'>, role: Role): number {
    return (place === 'room' ? -300_000_000 : -400_000_000) - this.#at * 10 - roles.indexOf(role)
  }
}

const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null && !Array.isArray(value)
const isRole = (name: string): name is Role => (roles as readonly string[]).includes(name)

/** The same settings with numbers for people and groups. */
function numbered(value: unknown, numbers: Numbers): unknown {
  if (typeof value === 'string') {
    const [, prefix = '', role = ''] = /^(tg:|telegram:)?(\w+)$/.exec(value) ?? []
    return isRole(role) ? `${prefix}${numbers.person(role)}` : value
  }
  if (Array.isArray(value)) return value.map((each) => numbered(each, numbers))
  if (!isTree(value)) return value
  const entries = Object.entries(value).flatMap(([name, inner]): [string, unknown][] => {
    const made = numbered(inner, numbers)
    if (name === 'room') return roles.map((role) => [String(numbers.group('room', role)), made])
    return [[isRole(name) ? String(numbers.person(name)) : name, made]]
  })
  return Object.fromEntries(entries)
}

/** A login for each account that the settings have. @returns them with the bot of each account. */
function loggedIn(telegram: Tree, numbers: Numbers): { telegram: Tree; bots: Map<string, number> } {
  const accounts = (telegram.accounts ?? {}) as Record<string, Tree>
  const names = Object.keys(accounts)
  const bots = new Map<string, number>()
  const own = names.length === 0 || telegram.botToken !== undefined ? { botToken: tokenOf(numbers.bot(0)) } : {}
  if ('botToken' in own) bots.set('default', numbers.bot(0))
  const named = names.map((name, at) => {
    bots.set(name, numbers.bot(at + 1))
    return [name, { ...accounts[name], botToken: tokenOf(numbers.bot(at + 1)) }]
  })
  return { telegram: { ...telegram, ...own, ...(names.length > 0 && { accounts: Object.fromEntries(named) }) }, bots }
}

/** Starts one gateway; its cases follow each other without a restart. */
export async function startLiveDoors(version: OpenclawVersion, home: string): Promise<LiveDoors> {
  const [install, provider] = await Promise.all([installOpenclaw(version), startFakeProvider()])
  const settings = fakeSettings(provider.url, [])
  const port = await makeOpenclawHome(home, {
    ...settings,
    // The older version answers one message a conversation and start, so each person has their own.
    session: { dmScope: 'per-account-channel-peer' },
    tools: { profile: 'minimal' },
    plugins: { allow: ['telegram'] },
    skills: { allowBundled: [] },
    agents: { defaults: { model: { primary: 'fake/m1' }, skipBootstrap: true, heartbeat: { every: '0m' } } },
  })
  const stateDir = path.join(home, '.openclaw')
  const configPath = path.join(stateDir, 'openclaw.json')
  const base = JSON.parse(readFileSync(configPath, 'utf8')) as Tree
  let gateway = await startGateway(install, home, port)
  let at = 0

  const write = (file: string, value: unknown) => {
    writeFileSync(`${file}.new`, JSON.stringify(value), { mode: 0o600 })
    renameSync(`${file}.new`, file)
  }

  const run: LiveDoors['run'] = async (each, isOn) => {
    const numbers = new Numbers(++at)
    const made = numbered(each.telegram, numbers) as Tree
    const { telegram, bots } = loggedIn(made, numbers)
    // While this process still reads that database nothing else in it may write there.
    await patiently(() => letIn(version, stateDir, [...bots.keys()], numbers.person('paired')))
    const more = numbered(each.more ?? {}, numbers) as Tree
    const channels = {
      ...(more.channels as Tree | undefined),
      telegram: { enabled: true, apiRoot: provider.url, ...telegram },
    }
    const config = { ...base, ...more, channels }
    const from = gateway.output().length
    const included = `case-${at}.json5`
    if (each.included)
      write(path.join(stateDir, included), { channels: { telegram: numbered(each.included, numbers) } })
    const whole = each.included ? { $include: `./${included}`, ...config } : config
    write(configPath, whole)
    const taken = await isTaken(gateway, from, () => write(configPath, whole))
    if (!taken) throw new Error(`${each.name}: the gateway refuses the config`)

    const on = [...bots].filter(([account]) => isOn(account))
    const fetches = () => {
      const waits = on.filter(([, bot]) => provider.polls(bot) === 0).map(([account]) => account)
      if (waits.length > 0) throw new Error(`${each.name}: the gateway fetches no messages of ${waits.join(', ')}`)
    }
    try {
      await patiently(fetches, restartMs)
    } catch {
      // A reload that meets its start half-way can leave a channel off for good: seen of 2026.6.11 on a busy machine.
      await gateway.stop()
      gateway = await startGateway(install, home, port)
      await patiently(fetches)
    }
    const asked = new Map([...bots].map(([account, bot]) => [account, new Asked(provider, bot, numbers)]))
    const done = async () => {
      for (const [, bot] of on) await isDone(each.name, { provider, gateway, stateDir, bot, from })
    }
    for (const one of asked.values()) {
      for (const place of places) one.ask(place, 'stranger')
      one.ask('direct', 'paired')
    }
    await done()
    for (const one of asked.values())
      for (const place of places)
        if (one.got(place, 'stranger') !== 'reply' || telegram.direct !== undefined)
          for (const role of roles) one.ask(place, role)
    await done()
    return {
      people: Object.fromEntries(roles.map((role) => [role, String(numbers.person(role))])) as Record<Role, string>,
      seen: () =>
        [...asked].map(([account, one]) => ({ account, fetches: provider.polls(one.bot) > 0, ...one.answers() })),
    }
  }
  return {
    configPath,
    run,
    async stop() {
      await gateway.kill()
      await provider.stop()
    },
  }
}

/** Messages to one bot, and what came back. */
class Asked {
  readonly bot: number
  readonly #provider: FakeProvider
  readonly #numbers: Numbers
  readonly #asked: Record<Place, Role[]> = { direct: [], room: [], elsewhere: [] }

  constructor(provider: FakeProvider, bot: number, numbers: Numbers) {
    this.#provider = provider
    this.bot = bot
    this.#numbers = numbers
  }

  #chat(place: Place, role: Role): number {
    return place === 'direct' ? this.#numbers.person(role) : this.#numbers.group(place, role)
  }

  /** Once each. */
  ask(place: Place, role: Role): void {
    if (this.#asked[place].includes(role)) return
    this.#asked[place].push(role)
    const message = { bot: this.bot, from: this.#numbers.person(role), text: 'are you there' }
    this.#provider.deliver(place === 'direct' ? message : { ...message, group: this.#chat(place, role) })
  }

  got(place: Place, role: Role): Got {
    const chat = String(this.#chat(place, role))
    const texts = this.#provider.sent.flatMap((each) =>
      each.bot === this.bot && each.chat === chat ? [each.text] : [],
    )
    if (texts.length === 0) return 'nothing'
    return texts.some((text) => text.includes('access not configured')) ? 'pairing code' : 'reply'
  }

  answers(): Record<Place, LiveAnswers> {
    const by = (place: Place) => Object.fromEntries(this.#asked[place].map((role) => [role, this.got(place, role)]))
    return { direct: by('direct'), room: by('room'), elsewhere: by('elsewhere') }
  }
}

/**
 * Waits for the gateway's own word on the changed config. A change right behind another one can escape its watch, so the
 * file is written again now and then. @returns whether it uses it.
 */
async function isTaken(gateway: RunningGateway, from: number, again: () => void): Promise<boolean> {
  let writtenAt = performance.now()
  return patiently(() => {
    const said = gateway.output().slice(from)
    if (/config reload skipped \(invalid config\)/.test(said)) return false
    if (/config hot reload applied|\[gateway\] ready/.test(said)) return true
    if (!/config change detected/.test(said) && performance.now() - writtenAt > 5000) {
      again()
      writtenAt = performance.now()
    }
    throw new Error(`the gateway said nothing of its config: ${said.slice(-400)}`)
  })
}

/** Asks until it answers. @throws its last error. */
async function patiently<T>(ask: () => T, forMs = patientMs): Promise<T> {
  const deadline = performance.now() + forMs
  for (;;) {
    try {
      return ask()
    } catch (error) {
      if (performance.now() > deadline) throw error
    }
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

interface Waited {
  readonly provider: FakeProvider
  readonly gateway: RunningGateway
  readonly stateDir: string
  readonly bot: number
  readonly from: number
}

/**
 * Waits until every message of a bot was fetched, none is left in the gateway's own queue, and each that its log calls
 * inbound is answered. What it drops is in neither.
 */
async function isDone(name: string, { provider, gateway, stateDir, bot, from }: Waited): Promise<void> {
  await patiently(() => {
    if (!provider.hasTaken(bot)) throw new Error(`${name}: not every message was fetched`)
    const left = queued(stateDir)
    if (left > 0) throw new Error(`${name}: ${left} messages are still in the gateway's queue`)
    const inbound = gateway
      .output()
      .slice(from)
      .matchAll(/Inbound message telegram:(?:group:)?(-?\d+) -> @test_(\d+)_bot/g)
    const answered = new Set(provider.sent.filter((each) => each.bot === bot).map(({ chat }) => chat))
    const waits = [...inbound].flatMap(([, chat = '', to]) => (to === String(bot) && !answered.has(chat) ? [chat] : []))
    if (waits.length > 0) throw new Error(`${name}: no answer yet in ${waits.join(', ')}`)
  })
}

function queued(stateDir: string): number {
  const database = new DatabaseSync(path.join(stateDir, 'state', 'openclaw.sqlite'), { readOnly: true, timeout: 5000 })
  try {
    const ends = "('completed', 'failed')"
    const row = database
      .prepare(`select count(*) as left from channel_ingress_events where status not in ${ends}`)
      .get()
    return Number(row?.left)
  } finally {
    database.close()
  }
}
