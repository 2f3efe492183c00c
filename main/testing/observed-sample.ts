import type {
  Observed,
  ObservedActivity,
  ObservedAgent,
  ObservedDoor,
  ObservedGit,
  ObservedKey,
  ObservedMachine,
  ObservedPeople,
} from '../runtimes/observed.ts'

/** A reading that came off. */
export const got = <T>(value: T, source = 'the sample') => ({ read: true as const, value, source })
/** A reading that did not. */
export const notRead = (why: string, source = 'the sample') => ({ read: false as const, why, source })

const hourMs = 3_600_000

export const sampleMachine = (nowMs: number, change: Partial<ObservedMachine> = {}): ObservedMachine => ({
  hostName: 'peak-mini',
  platform: 'darwin',
  osName: 'macOS',
  osRelease: '26.1',
  arch: 'arm64',
  nodeVersion: '24.16.0',
  nodePath: '/opt/homebrew/bin/node',
  user: 'dana',
  uid: 501,
  home: '/Users/dana',
  nowMs,
  bootedAtMs: got(nowMs - 20 * 24 * hourMs),
  session: got({ present: true, user: 'dana' }),
  disk: got({ freeBytes: 200e9, totalBytes: 494e9 }),
  encryption: got({ on: true, detail: 'FileVault is On' }),
  sleep: got({ sleeps: false, detail: '' }),
  pendingRestart: got({ pending: false, byItself: false, sinceMs: null, detail: 'no update waits' }),
  ...change,
})

export const sampleDoor = (change: Partial<ObservedDoor> = {}): ObservedDoor => ({
  channel: 'imessage',
  account: 'default',
  enabled: true,
  direct: 'listed',
  listed: ['+13105550101'],
  listedTotal: 1,
  groups: 'nobody',
  chatMayChangeConfig: false,
  because: ['channels.imessage.dmPolicy: allowlist'],
  ...change,
})

export const sampleActivity = (nowMs: number, change: Partial<ObservedActivity> = {}): ObservedActivity => ({
  source: 'openclaw.sqlite v18',
  lastInboundAtMs: nowMs - 2 * hourMs,
  lastReplyAtMs: nowMs - 2 * hourMs + 6000,
  unanswered: 0,
  unansweredSinceMs: null,
  failures: 0,
  lastFailureAtMs: null,
  lastFailure: '',
  droppedStrangers: 0,
  days: [{ day: new Date(nowMs).toISOString().slice(0, 10), inbound: 4, replies: 4, replyMs: 6_000 }],
  queue: { waiting: 0, waitingSinceMs: null, givenUp: 0, givenUpAtMs: null },
  blindSpots: [],
  ...change,
})

export const sampleGit = (nowMs: number, change: Partial<ObservedGit> = {}): ObservedGit => ({
  commit: 'e2785589aa00bb11cc22dd33ee44ff5566778899',
  branch: 'main',
  upstream: 'origin/main',
  remote: 'https://git.example.org/openclaw.git',
  upstreamCommit: 'f00dfeed'.repeat(5),
  baseCommit: 'e2785589aa00bb11cc22dd33ee44ff5566778899',
  shallow: false,
  ahead: 0,
  behind: 366,
  dirtyFiles: 0,
  newFiles: null,
  changedNames: [],
  committedAtMs: nowMs - 24 * 24 * hourMs,
  baseCommittedAtMs: change.committedAtMs === undefined ? nowMs - 24 * 24 * hourMs : change.committedAtMs,
  upstreamCommittedAtMs: nowMs - 24 * hourMs,
  fetchedAtMs: nowMs - hourMs,
  ...change,
})

type InstallValue = Extract<ObservedAgent['install'], { read: true }>['value']
export const sampleInstall = (change: Partial<InstallValue> = {}): InstallValue => ({
  kind: 'package',
  root: '/opt/homebrew/lib/node_modules/openclaw',
  version: '2026.9.6',
  packageManager: 'npm',
  needsNode: '>=24.16.0 <25 || >=26.1.0',
  installedAtMs: null,
  channel: 'stable',
  builtCommit: 'eb377ac59e6c9fd6c7705028034812becf00271b',
  git: null,
  ...change,
})

type ConfigValue = Extract<ObservedAgent['config'], { read: true }>['value']
export const sampleConfig = (nowMs: number, change: Partial<ConfigValue> = {}): ConfigValue => ({
  parses: true,
  problem: '',
  schemaValid: true,
  schemaProblem: '',
  sizeBytes: 900,
  modifiedAtMs: nowMs - 9 * 24 * hourMs,
  sha256: 'a'.repeat(64),
  fingerprint: 'b'.repeat(64),
  writtenByVersion: '2026.9.6',
  redacted: '{}',
  ...change,
})

/** A healthy agent: everything read, nothing wrong. */
export const sampleAgent = (nowMs: number, change: Partial<ObservedAgent> = {}): ObservedAgent => ({
  runtime: 'openclaw',
  profile: 'default',
  stateDir: '/Users/dana/.openclaw',
  configPath: '/Users/dana/.openclaw/openclaw.json',
  install: got(sampleInstall()),
  config: got(sampleConfig(nowMs)),
  doors: got([sampleDoor()]),
  service: got({
    kind: 'launchd',
    running: true,
    pid: 71,
    startedAtMs: nowMs - 9 * 24 * hourMs,
    port: 18789,
    detail: '',
  }),
  ready: got({ ready: true, failing: [], suppressed: [], uptimeMs: 9 * 24 * hourMs }),
  runningVersion: got('2026.9.6'),
  applied: got(true),
  channels: got([{ channel: 'imessage', account: 'default', connected: true, detail: '' }]),
  boots: got([{ startedAtMs: nowMs - 9 * 24 * hourMs, endedAtMs: null, clean: null, reason: '' }]),
  configWrites: got([]),
  activity: got(sampleActivity(nowMs)),
  update: got({ keepsRuns: true, run: null, leftSinceMs: null }),
  permissions: got([
    { channel: 'imessage', account: 'default', refusedAtMs: null, what: 'Full Disk Access and Automation', detail: '' },
  ]),
  integrations: got([]),
  ownLog: got({ daily: false, full: false, oldestAtMs: nowMs - 9 * 24 * hourMs, files: 1 }),
  lastBackup: got({ atMs: nowMs - 7 * hourMs, ok: true }),
  unit: got({
    file: '/Users/dana/Library/LaunchAgents/ai.openclaw.gateway.plist',
    modifiedAtMs: nowMs - 9 * 24 * hourMs,
    ownerUid: 501,
    text: '<plist/>',
  }),
  ownFiles: got({ files: [], total: 0, digest: '', modifiedAtMs: null }),
  patchedFiles: got({ by: 'hashes' as const, files: [] }),
  ownCode: [],
  ...change,
})

/** One person, one key that may log in, nothing else. */
export const samplePeople = (nowMs: number, change: Partial<ObservedPeople> = {}): ObservedPeople => ({
  users: got({
    list: [{ name: 'dana', uid: 501, home: '/Users/dana', isAdmin: true }],
    modifiedAtMs: nowMs - 90 * 24 * hourMs,
  }),
  authorizedKeys: [
    {
      file: '/Users/dana/.ssh/authorized_keys',
      user: 'dana',
      keys: got({
        list: [sampleKey('operator')],
        total: 1,
        digest: 'operator',
        modifiedAtMs: nowMs - 90 * 24 * hourMs,
        ownerUid: 501,
      }),
    },
  ],
  loginKeys: got([]),
  logins: got([]),
  remoteTools: got({ tools: [], sawProcesses: true }),
  ...change,
})

export const sampleKey = (comment: string): ObservedKey => ({
  type: 'ssh-ed25519',
  fingerprint: `SHA256:${comment.padEnd(43, '0').slice(0, 43)}`,
  comment,
  options: '',
})

/** A healthy machine with one healthy agent. */
export const sampleObserved = (nowMs: number, change: Partial<Observed> = {}): Observed => ({
  programVersion: 1,
  machine: sampleMachine(nowMs),
  people: samplePeople(nowMs),
  agents: [sampleAgent(nowMs)],
  changes: { read: true, value: [], source: '~/.wheelhouse/changes' },
  folders: [],
  tookMs: {},
  ...change,
})
