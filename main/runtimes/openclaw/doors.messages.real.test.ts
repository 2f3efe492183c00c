import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { afterAll, expect, test } from 'vitest'
import { type LiveCase, liveCases, type Role, roles } from '../../testing/live-cases.ts'
import { type Got, type LiveAccount, type LiveRun, startLiveDoors } from '../../testing/live-doors.ts'
import type { ObservedDoor } from '../observed.ts'
import { findDoors } from './doors.ts'
import { loadConfig } from './read-config.ts'
import { readPairing } from './read-state.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'wh-live-doors-'))
afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }))

/** What a door says that a person gets for a direct message. */
function saidOf(door: ObservedDoor, person: string): Got | 'unknown' {
  if (door.direct === 'unknown') return 'unknown'
  if (door.direct === 'nobody') return 'nothing'
  if (door.direct === 'everyone' || door.listed.some((handle) => handle.replace(/^(tg|telegram):/, '') === person))
    return 'reply'
  return door.direct === 'pairing-code' ? 'pairing code' : 'nothing'
}

/** Of the groups: whether a stranger is answered in any, or else anybody. */
function groupsSeen({ room, elsewhere }: LiveAccount): ObservedDoor['groups'] {
  const isAnswered = (role: Role) => [room[role], elsewhere[role]].some((got) => got !== undefined && got !== 'nothing')
  return isAnswered('stranger') ? 'everyone' : roles.some(isAnswered) ? 'listed' : 'nobody'
}

interface Compared {
  readonly each: LiveCase
  readonly doors: readonly ObservedDoor[]
  readonly run: LiveRun
}

test.concurrent.each(['2026.9.6', '2026.6.11'] as const)(
  'whom OpenClaw %s answers is whom its doors let in',
  async (version) => {
    const home = path.join(folder, version)
    mkdirSync(home)
    const live = await startLiveDoors(version, home)
    const compared: Compared[] = []
    try {
      for (const each of liveCases(version)) {
        let doors: ObservedDoor[] = []
        const run = await live.run(each, (account) => {
          const pairing = readPairing(path.join(home, '.openclaw'))
          doors = findDoors(loadConfig(live.configPath).parsed.settings, version, pairing)
          return doors.some((door) => door.account === account && door.enabled)
        })
        compared.push({ each, doors, run })
      }
    } finally {
      await live.stop()
    }
    // Only now: an answer that came late counts.
    const wrong = compared.flatMap(differences)
    expect(wrong, JSON.stringify(wrong, null, 1)).toEqual([])
    expect(compared.length).toBeGreaterThanOrEqual(20)
    const seen = compared.flatMap(({ run }) => run.seen())
    const got = seen.flatMap(({ direct }) => Object.values(direct))
    expect(new Set(got)).toEqual(new Set(['reply', 'pairing code', 'nothing']))
    expect(new Set(seen.map(groupsSeen))).toEqual(new Set(['nobody', 'listed', 'everyone']))
  },
  1_800_000,
)

/** Accounts of a case that do something else than their door says. */
function differences({ each, doors, run }: Compared): unknown[] {
  const seen = run.seen()
  if (seen.length !== doors.length) return [{ case: each.name, doors, seen }]
  return seen.flatMap((account) => {
    const door = doors.find((one) => one.account === account.account)
    const asked = roles.filter((role) => account.direct[role] !== undefined)
    const got = { fetches: account.fetches, direct: account.direct, groups: groupsSeen(account) }
    const said = door && {
      fetches: door.enabled,
      direct: Object.fromEntries(asked.map((role) => [role, saidOf(door, run.people[role])])),
      groups: door.groups,
    }
    const isRight = each.isSaidOpener ? said?.direct.stranger === 'reply' : isDeepStrictEqual(said, got)
    return isRight ? [] : [{ case: each.name, telegram: each.telegram, said, account }]
  })
}
