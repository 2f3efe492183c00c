import { usualLevel } from '../../shared/usual-level.ts'
import { dateWords } from '../base/words.ts'
import { table } from './print.ts'
import { byName, idsOf, type Session } from './session.ts'
import { exit } from './shapes.ts'

export interface PatternsOptions {
  readonly box?: readonly string[]
  /** Only what came since the last update of its agent, or in the last seven days. */
  readonly new: boolean
  /** Muted ones too. */
  readonly muted: boolean
}

/** Kinds of log lines of the last 14 days, loud and new ones first. */
export async function patterns({ client: engine, print }: Session, options: PatternsOptions): Promise<number> {
  const all = await engine.inventory.boxes()
  const boxes = options.box?.map((name) => byName(all, name, 'machine')) ?? all
  const names = new Map(boxes.map(({ boxId, name }) => [boxId, name]))
  const page = boxes.length === 0 ? null : await engine.patterns.list({ boxIds: idsOf(boxes) })
  const found = (page?.patterns ?? [])
    .filter(({ muted }) => options.muted || muted === null)
    .filter(({ newThisWeek, newSinceUpdate }) => !options.new || newThisWeek || newSinceUpdate)
    .map((pattern) => ({ boxName: names.get(pattern.boxId) ?? '', ...pattern }))
  const louderOf = ({ levels }: (typeof found)[number]) => {
    const { louder } = usualLevel(levels)
    return louder ? `${louder.lines} ${louder.level}` : ''
  }
  const rows = found.map((pattern) => [
    pattern.boxName,
    pattern.level ?? '-',
    String(pattern.lines),
    louderOf(pattern),
    pattern.newSinceUpdate ? 'since update' : pattern.newThisWeek ? 'this week' : '',
    dateWords(pattern.firstAtMs),
    dateWords(pattern.lastAtMs),
    pattern.text,
  ])
  const none = options.new ? 'Nothing new.' : 'No log lines of the last 14 days.'
  print.answer(
    'patterns',
    found,
    found.length === 0
      ? [none]
      : table(['MACHINE', 'LEVEL', 'LINES', 'LOUDER', 'NEW', 'FIRST SEEN', 'LAST SEEN', 'KIND OF LINE'], rows),
  )
  const kinds = new Set(page?.patterns.map(({ text }) => text)).size
  if (page && page.total > kinds)
    print.say(`${page.total - kinds} more kinds are not listed; name machines with --box.`)
  return exit.ok
}
