import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { BoxFields, Cause, Finding } from '../../shared/contract/index.ts'
import { crashGateway } from '../testing/crash-gateway.ts'
import { type FakeProvider, fakeSettings, startFakeProvider } from '../testing/fake-provider.ts'
import { installOpenclaw, makeEditedPackage, makeGitPair, openclawJson, startGateway } from '../testing/openclaw.ts'
import { type RealBox, startRealBox } from '../testing/real-box.ts'
import { makeKey } from '../testing/sshd-box.ts'
import { tempDir } from '../testing/temp-store.ts'
import { testEngine } from '../testing/test-engine.ts'
import type { Engine } from './engine.ts'

/**
 * Every trouble of a morning, made for real on real OpenClaw behind real sshd, and named by one sweep. What is expected
 * comes from the box itself: its command line, its gateway, its git, its files.
 */
describe.each(['2026.9.6', '2026.6.11'] as const)('what went wrong on a machine with OpenClaw %s', (version) => {
  const dataDir = tempDir()
  const homes = tempDir()
  const cleanups: (() => unknown)[] = []
  const behind = 366
  let engine: Engine
  let crashed: RealBox
  let refused: RealBox
  let waiting: RealBox
  let broken: RealBox
  let stale: RealBox
  let lab: RealBox
  let edited: RealBox
  let keyed: RealBox
  let editedFile = ''
  let newKey = ''

  const provider = async (): Promise<FakeProvider> => {
    const started = await startFakeProvider()
    cleanups.push(() => started.stop())
    return started
  }
  const addBox = async (
    name: string,
    install: { entry: string },
    settings: Record<string, unknown>,
    fields: Partial<BoxFields> = {},
  ): Promise<RealBox> => {
    const box = await startRealBox(engine, homes, { name, entry: install.entry, settings, fields })
    cleanups.push(() => box.stop())
    return box
  }
  const live = async (box: RealBox): Promise<void> => {
    const gateway = await startGateway(box, box.home, box.port)
    cleanups.push(() => gateway.kill())
  }
  const sweep = async (boxIds?: RealBox['boxId'][]): Promise<void> => {
    const { sweepId } = await engine.client.sweep.start(boxIds ? { boxIds } : {})
    for await (const { state } of await engine.client.sweep.watch({ sweepId })) if (state !== 'running') return
  }
  const openOf = async (box: RealBox): Promise<Finding[]> =>
    (await engine.client.findings.ofBox({ boxId: box.boxId })).filter(({ open }) => open)
  const redsOf = async (box: RealBox): Promise<Cause[]> =>
    (await openOf(box)).filter(({ severity }) => severity === 'red').map(({ cause }) => cause)
  const findingOf = async (box: RealBox, cause: Cause): Promise<Finding> => {
    const found = (await openOf(box)).find((finding) => finding.cause === cause)
    if (!found) throw new Error(`${box.name} has no ${cause} but ${(await openOf(box)).map((one) => one.cause)}`)
    return found
  }
  const configOf = (box: RealBox) => path.join(box.home, '.openclaw', 'openclaw.json')
  const readyz = async (box: RealBox) =>
    (await (await fetch(`http://127.0.0.1:${box.port}/readyz`)).json()) as { ready: boolean; suppressed?: string[] }

  /** What the client's message met, as the box's own transcript keeps it. */
  const failureKept = (box: RealBox): string => {
    const agent = path.join(box.home, '.openclaw/agents/main')
    const lines =
      version === '2026.9.6'
        ? rowsOf(path.join(agent, 'agent/openclaw-agent.sqlite'), 'select event_json as line from transcript_events')
        : sessionLines(path.join(agent, 'sessions'))
    return lines.flatMap((line) => /"errorMessage":"([^"]*)"/.exec(line)?.[1] ?? []).at(-1) ?? ''
  }

  beforeAll(async () => {
    engine = await testEngine(dataDir)
    await engine.client.app.setSettings({ boxDeadlineS: 120, sweepConcurrency: 2, askRegistry: false })
    const install = await installOpenclaw(version)
    const [answers, refuses, hangs] = [await provider(), await provider(), await provider()]
    const settings = fakeSettings(answers.url, ['111'])
    crashed = await addBox('crashed', install, settings)
    broken = await addBox('broken', install, settings)
    refused = await addBox('refused', install, fakeSettings(refuses.url, ['111']))
    waiting = await addBox('waiting', install, fakeSettings(hangs.url, ['111']))
    keyed = await addBox('keyed', install, settings)
    const pair = await makeGitPair(homes, install, behind)
    stale = await addBox('stale', pair.stale, settings)
    lab = await addBox('lab', pair.lab, settings, { ring: 'lab' })
    const patched = makeEditedPackage(path.join(homes, 'edited-package'), install)
    editedFile = patched.edited
    edited = await addBox('edited', patched, settings)

    mkdirSync(path.join(keyed.home, '.ssh'), { mode: 0o700 })
    const keyFile = path.join(homes, 'someone')
    await makeKey(keyFile, { comment: 'kevin@kevins-laptop' })
    newKey = readFileSync(`${keyFile}.pub`, 'utf8')
    await makeKey(path.join(homes, 'operator'), { comment: 'operator' })
    const keysFile = path.join(keyed.home, '.ssh/authorized_keys')
    writeFileSync(keysFile, readFileSync(path.join(homes, 'operator.pub')), { mode: 0o600 })
    await sweep([keyed.boxId])
    appendFileSync(keysFile, newKey)

    if (version === '2026.9.6') await crashGateway(crashed, crashed.home, 3)
    else for (let crash = 0; crash < 3; crash++) await (await startGateway(crashed, crashed.home, crashed.port)).kill()
    for (const box of [crashed, broken, refused, waiting]) await live(box)
    refuses.model = 'refuses'
    refuses.message(111, 'What is open today?')
    hangs.model = 'hangs'
    hangs.message(111, 'Are you there?', Date.now() - 3_600_000)
    const whole = readFileSync(configOf(broken), 'utf8')
    writeFileSync(configOf(broken), whole.slice(0, Math.floor(whole.length / 2)))
    await vi.waitFor(() => expect(failureKept(refused)).not.toBe(''), { timeout: 120_000, interval: 500 })
    await vi.waitFor(() => expect(hangs.asked).toBeGreaterThan(0), { timeout: 120_000, interval: 500 })
    await sweep()
  }, 1_200_000)

  afterAll(async () => {
    await engine.close()
    for (const clean of cleanups.reverse()) await clean()
    for (const folder of [dataDir, homes]) rmSync(folder, { recursive: true, force: true })
  }, 120_000)

  test('a crash loop that holds a channel back', async () => {
    const { suppressed } = await readyz(crashed)
    if (version === '2026.6.11') {
      // It neither holds channels back nor writes its starts down: nothing is blamed, and nothing is said to be fine.
      expect(suppressed).toBeUndefined()
      const { facts } = await engine.client.pages.machine({ boxId: crashed.boxId })
      expect(facts.find(({ key }) => key === 'agent.crashes')?.verdict).toBe('unknown')
      expect(await redsOf(crashed)).toEqual([])
      return
    }
    expect(suppressed).toEqual(['telegram'])
    expect((await findingOf(crashed, 'channel-suppressed')).sentence).toContain('Telegram')
    expect(await redsOf(crashed)).toEqual(['channel-suppressed'])
  })

  test('a model that refuses the key', async () => {
    expect(failureKept(refused)).toContain('401')
    expect(await readyz(refused)).toMatchObject({ ready: true })
    const finding = await findingOf(refused, 'model-refused')
    const told = `${finding.sentence}: ${finding.detail}`
    expect(told, told).toContain('401')
    expect(await redsOf(refused)).toEqual(['model-refused'])
  })

  test('a message that the agent took and never answered', async () => {
    expect(await readyz(waiting)).toMatchObject({ ready: true })
    if (version === '2026.6.11') {
      // It writes a message down when its turn ends: as long as the model says nothing, the box shows no trace of it.
      const kept = sessionLines(path.join(waiting.home, '.openclaw/agents/main/sessions'))
      expect(kept.filter((line) => line.includes('Are you there?'))).toEqual([])
      expect(await redsOf(waiting)).toEqual([])
      return
    }
    const finding = await findingOf(waiting, 'unanswered')
    expect(finding.sentence).toMatch(/1 message/)
    expect(await redsOf(waiting)).toEqual([])
  })

  test('a broken file under a running gateway', async () => {
    const own = await openclawJson<{ valid: boolean }>(broken, broken.home, ['config', 'validate', '--json'])
    expect(own.valid).toBe(false)
    expect(await readyz(broken)).toMatchObject({ ready: true })
    expect((await findingOf(broken, 'config-invalid')).sentence).toContain('under a running agent')
    expect(await redsOf(broken)).toEqual(['config-invalid'])
  }, 60_000)

  test('a checkout that last looked before the commits came, and a build that is not of what was pulled', async () => {
    const [staleRoot, labRoot] = [stale, lab].map(({ entry }) => path.dirname(entry)) as [string, string]
    const head = git(staleRoot, 'rev-parse', 'HEAD')
    const builtSha = builtOf(staleRoot)
    expect(git(staleRoot, 'rev-list', '--count', 'HEAD..@{upstream}')).toBe('0')
    const missing = git(labRoot, 'rev-list', '--count', `${head}..HEAD`)
    expect(missing).toBe(String(behind))
    expect((await findingOf(stale, 'behind')).sentence).toContain(`${missing} commits`)
    expect(builtSha).not.toBe(head)
    const built = await findingOf(stale, 'stale-build')
    expect(JSON.stringify([built.detail, built.evidence])).toContain(builtSha.slice(0, 7))
    expect(builtOf(labRoot)).toBe(git(labRoot, 'rev-parse', 'HEAD'))
    const causes = (await openOf(lab)).map(({ cause }) => cause)
    expect(causes).not.toContain('behind')
    expect(causes).not.toContain('stale-build')
    if (version === '2026.6.11') return
    // Its own words come last: asking for them fetches.
    const own = await openclawJson<{ update: { git: { sha: string; builtSha: string; behind: number } } }>(
      stale,
      stale.home,
      ['update', 'status', '--json'],
    )
    expect(own.update.git).toMatchObject({ sha: head, builtSha, behind })
  }, 60_000)

  test('a file of the package that somebody edited', async () => {
    const file = path.join(path.dirname(edited.entry), editedFile)
    const sha256 = createHash('sha256').update(readFileSync(file)).digest('hex')
    if (version === '2026.9.6') expect(shippedHash(path.dirname(edited.entry), editedFile)).not.toBe(sha256)
    const finding = await findingOf(edited, 'local-patches')
    expect(`${finding.sentence} ${finding.detail} ${JSON.stringify(finding.evidence)}`).toContain(editedFile)
  })

  test('a login key that somebody added', async () => {
    const finding = await findingOf(keyed, 'changed-outside')
    expect(finding.sentence).toContain('1 new login key')
  })
})

const rowsOf = (file: string, sql: string): string[] => {
  const db = new Database(file, { readonly: true })
  try {
    return db
      .prepare<[], { line: string | null }>(sql)
      .all()
      .flatMap(({ line }) => line ?? [])
  } catch {
    return []
  } finally {
    db.close()
  }
}

const sessionLines = (folder: string): string[] =>
  existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => name.endsWith('.jsonl') && !name.includes('trajectory'))
        .flatMap((name) => readFileSync(path.join(folder, name), 'utf8').split('\n'))
    : []

const git = (root: string, ...args: string[]): string =>
  execFileSync('git', ['-c', `safe.directory=${root}`, ...args], { cwd: root, encoding: 'utf8' }).trim()

const builtOf = (root: string): string =>
  (JSON.parse(readFileSync(path.join(root, 'dist/build-info.json'), 'utf8')) as { commit: string }).commit

/** What the package itself says that the file was when it was shipped. */
function shippedHash(root: string, name: string): string | undefined {
  const file = path.join(root, 'dist', 'postinstall-content-inventory.json')
  const list = JSON.parse(readFileSync(file, 'utf8')) as { path: string; sha256: string }[]
  return list.find((shipped) => shipped.path === name)?.sha256
}
