import { createHash } from 'node:crypto'
import { platform, tmpdir } from 'node:os'
import path from 'node:path'
import { filesIn, withRotated } from '../log-files.ts'
import type { LogCursor } from '../log-lines.ts'
import type { LogFamily } from '../read-log.ts'
import type { FoundAgent } from './find-agents.ts'
import { type Settings, textAt } from './settings.ts'

/** Where an agent's logs are looked for. */
export interface LogPlace {
  readonly platform: string
  readonly home: string
  /** The system's folder for what is thrown away. */
  readonly temp: string
  readonly uid: number
  /** The first agent of this login: what bears no profile's name is its. */
  readonly isFirst: boolean
}

/** Runs on a box. Where this login's logs are. */
export const logPlace = (home: string): Omit<LogPlace, 'isFirst'> => ({
  platform: platform(),
  home,
  temp: tmpdir(),
  uid: process.getuid?.() ?? 0,
})

/** Logs without a profile's name are the default agent's, else the first one's. */
export const isFirstLog = (agent: FoundAgent, agents: readonly FoundAgent[]): boolean =>
  agent === (agents.find(({ profile }) => profile === 'default') ?? agents[0])

const dated = /^openclaw(-[a-z0-9-]+?)?-(\d{4}-\d\d-\d\d)(\.\d{1,3})?\.log(\.gz)?$/

/** As the runtime writes a profile's name into that of its log. */
export function profileSegment(profile: string): string {
  if (profile === '' || profile.toLowerCase() === 'default') return ''
  let segment = ''
  for (const char of profile) {
    if (/^[a-z0-9]$/.test(char)) segment += char
    else if (char === '-') segment += '--'
    else if (char === '_') segment += '-0'
    else if (/^[A-Z]$/.test(char)) segment += `-1${char.toLowerCase()}`
    else segment += `-2${char.codePointAt(0)?.toString(16) ?? '0'}-`
  }
  return segment.length <= 220 ? segment : `-3${createHash('sha256').update(profile).digest('hex')}`
}

/** The file that `logging.file` names; empty: the runtime's own choice, a file a day in a folder of the system's. */
export function logFileOf(settings: Settings, home: string): string {
  const named = textAt(settings, 'logging', 'file').trim()
  return named === '' ? '' : path.resolve(home, named.replace(/^~(?=$|[\\/])/, home))
}

/** Does a name stand for a file a day? */
const isDaily = (file: string): boolean =>
  /^openclaw(-[a-z0-9-]+)?-(\d{4}-\d\d-\d\d|YYYY-MM-DD)\.log$/.test(path.basename(file))

/** Files of the runtime's own log, and whether it begins one each day and drops it a day later. */
export function runtimeLog(
  agent: FoundAgent,
  settings: Settings,
  place: LogPlace,
): { readonly daily: boolean; readonly files: string[] } {
  const named = logFileOf(settings, place.home)
  if (named !== '' && !isDaily(named)) return { daily: false, files: withRotated(named) }
  const folders =
    named !== ''
      ? [path.dirname(named)]
      : [
          ...(place.platform === 'win32' ? [] : ['/tmp/openclaw']),
          path.join(place.temp, `openclaw-${place.uid}`),
          path.join(place.temp, 'openclaw'),
        ]
  const segment = profileSegment(agent.profile)
  const isOwn = (name: string): boolean => {
    const [, profile = ''] = dated.exec(name) ?? []
    return dated.test(name) && (profile === (segment === '' ? '' : `-${segment}`) || (profile === '' && place.isFirst))
  }
  return { daily: true, files: [...new Set(folders)].flatMap((folder) => filesIn(folder, isOwn)) }
}

const dayOf = (file: string): string => dated.exec(path.basename(file))?.[2] ?? ''
const isRotated = (file: string): boolean => /\.\d{1,3}\.log(\.gz)?$|\.log(\.\d{1,3}|-\d{8}.*)|\.gz$/.test(file)

/** Runs on a box. Every log of an agent (openclaw.md §2), whether there is something in it or not. */
export function findLogs(
  agent: FoundAgent,
  settings: Settings,
  place: LogPlace,
  cursors: readonly LogCursor[],
): LogFamily[] {
  const { daily } = runtimeLog(agent, settings, place)
  // Of files a day only the last one known can have had more: the others were over when it began.
  const lastDay =
    cursors
      .map(({ file }) => dayOf(file))
      .sort()
      .at(-1) ?? ''
  const logs = path.join(agent.stateDir, 'logs')
  const suffix = agent.profile === 'default' ? '' : `-${agent.profile}`
  const printed = [
    ...(place.platform === 'darwin'
      ? [`gateway${suffix}.log`, `gateway${suffix}.err.log`].map((name) =>
          path.join(place.home, 'Library/Logs/openclaw', name),
        )
      : []),
    path.join(logs, 'gateway.log'),
    path.join(logs, 'gateway.err.log'),
  ]
  const written = (file: string): boolean => !isRotated(file)
  return [
    {
      source: 'runtime',
      files: () => runtimeLog(agent, settings, place).files,
      isActive: daily ? (file) => written(file) && dayOf(file) === lastDay : written,
      whole: false,
    },
    { source: 'service', files: () => printed.flatMap(withRotated), isActive: written, whole: false },
    {
      source: 'restart',
      files: () => withRotated(path.join(logs, 'gateway-restart.log')),
      isActive: written,
      whole: false,
    },
    {
      source: 'stability',
      files: () =>
        filesIn(path.join(logs, 'stability'), (name) => /^openclaw-stability-.*\.json$/.test(name)).slice(-20),
      isActive: () => false,
      whole: true,
    },
  ]
}
