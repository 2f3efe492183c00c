import type { AgentId, DiffLine, OutsideChange } from '../../shared/contract/index.ts'
import { counted } from '../base/words.ts'
import type { Difference } from './difference.ts'
import type { Write } from './judge-who.ts'
import type { PartName } from './parts.ts'

/** One found difference of one agent, with what it was found in. */
export interface Found {
  readonly agentId: AgentId | null
  readonly name: PartName
  readonly difference: Difference
}

export interface UpdateContext {
  /** Config writes since the last reading. */
  readonly writes: readonly Write[]
  /** What its config said of automatic updates before; null: nothing. */
  readonly autoUpdate: boolean | null
}

/** Commands with which the runtime renews itself: the update, and the repairs it runs while doing so. */
const ownCommand = /^openclaw (update|doctor|migrate)\b/

const isVersion = ({ path }: DiffLine): boolean => path === 'version' || path === 'commit'

/**
 * Folds what the runtime's own update did into one difference: the version that moved, and the settings, service file
 * and files of the package it rewrote. A new version that no update wrote down is a change like any other, and so are
 * settings that somebody else also wrote meanwhile. Pure.
 */
export function foldUpdate(found: readonly Found[], { writes, autoUpdate }: UpdateContext): Found[] {
  const code = found.find(({ name }) => name === 'code')
  const moved = code?.difference.diff.find(isVersion)
  const own = writes.filter(({ by }) => ownCommand.test(by))
  if (!code || !moved || (own.length === 0 && autoUpdate !== true)) return [...found]
  const others = writes.length - own.length
  const isOwn = ({ name, difference }: Found): boolean =>
    name === 'config' ||
    name === 'access' ||
    name === 'service' ||
    (name === 'patches' && difference.diff.every(({ after }) => after === 'as shipped'))
  const parts = found.filter((each) => each === code || (others === 0 && isOwn(each)))
  const settings = parts.find(({ name }) => name === 'config')?.difference.diff.length ?? 0
  const isWider = parts.some(({ name, difference }) => name === 'access' && difference.weight === 'red')
  const from = moved.before === null ? '' : ` ${moved.before}`
  const besides = settings > 0 ? `, and changed ${counted(settings, 'setting')} while doing so` : ''
  const isUnwanted = autoUpdate === false
  const update: Difference = {
    part: 'update',
    weight: isWider ? 'red' : isUnwanted ? 'attention' : 'listed',
    sentence: [
      isUnwanted ? 'Updated' : 'Updated itself',
      `${from} → ${moved.after ?? 'none'}`,
      isUnwanted ? ' although automatic updates are off' : '',
      besides,
      isWider ? '; it answers more people now' : '',
    ].join(''),
    diff: parts.flatMap(({ name, difference }) =>
      difference.diff.map((line) => ({
        ...line,
        path: `${name === 'service' || name === 'access' ? ledBy[name] : ''}${line.path}`,
      })),
    ),
  }
  return [{ ...code, difference: update }, ...found.filter((each) => !parts.includes(each))]
}

/** Words before a line of another part, so that it is not taken for a setting. */
const ledBy = { service: 'service file, ', access: 'who it answers, ' } as const satisfies Partial<
  Record<PartName, string>
>

/** Whether a line of a folded change is a setting, and not what another part became by it. */
export const isSetting = ({ path }: DiffLine): boolean => Object.values(ledBy).every((lead) => !path.startsWith(lead))

/** A config that changed explains why it answers others: one change then, with the weight of the heavier. Pure. */
export function foldAccess(found: readonly Found[]): Found[] {
  const config = found.find(({ name }) => name === 'config')
  const access = found.find(({ name }) => name === 'access')
  if (!config || !access) return [...found]
  const heavier: OutsideChange['weight'] = access.difference.weight === 'red' ? 'red' : config.difference.weight
  const folded: Difference = {
    ...config.difference,
    weight: heavier,
    sentence:
      heavier === 'red' ? `${config.difference.sentence}; it answers more people now` : config.difference.sentence,
    diff: [
      ...config.difference.diff,
      ...access.difference.diff.map((line) => ({ ...line, path: `${ledBy.access}${line.path}` })),
    ],
  }
  return found.flatMap((each) =>
    each === access ? [] : each === config ? [{ ...config, difference: folded }] : [each],
  )
}
