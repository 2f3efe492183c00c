import { isEqual } from '../../operations.ts'
import { spelledAsFound } from '../durations.ts'
import { valueAt } from '../settings.ts'
import { isSqliteEra } from '../versions.ts'
import { type Draft, runtimeName, sectionPath } from './draft.ts'

export function compileLogging(draft: Draft): void {
  const { level, file, mostMegabytes, audit, messageAudit } = draft.sections.logging ?? {}
  const from = (name: string) => sectionPath('logging', name)
  if (level !== undefined) draft.set(['logging', 'level'], level, from('level'))
  if (file !== undefined) {
    const isWindows = draft.platform === 'win32'
    if (isWindows === /^[A-Za-z]:\\/.test(file)) draft.set(['logging', 'file'], file, from('file'))
    else draft.cannot(from('file'), 'conflict', `${file} is no path on ${isWindows ? 'Windows' : 'this machine'}.`)
  }
  if (mostMegabytes !== undefined)
    draft.set(['logging', 'maxFileBytes'], mostMegabytes * 1_000_000, from('mostMegabytes'))
  const kept = { enabled: ['audit', audit], messages: ['messageAudit', messageAudit] } as const
  for (const [key, [name, value]] of Object.entries(kept)) {
    if (value === undefined) continue
    // Before 2026.8 one such key makes every command of the runtime fail (openclaw.md §3).
    if (isSqliteEra(draft.version)) draft.set(['logging', 'audit', key], value, from(name))
    else if (value !== false && value !== 'off')
      draft.cannot(
        from(name),
        'version',
        `${runtimeName(draft.version)} does not write down ${name === 'audit' ? 'runs and tools' : 'which messages were answered'}; that came later.`,
      )
  }
}

export function compileRetention(draft: Draft): void {
  const { conversationDays, archiveDays, automationDays } = draft.sections.retention ?? {}
  const from = (name: string) => sectionPath('retention', name)
  const kept = ['session', 'maintenance']
  const setDays = (path: readonly string[], days: number, why: string) =>
    draft.set(path, spelledAsFound(valueAt(draft.found, ...path), `${days}d`), why)
  if (conversationDays !== undefined) {
    draft.set([...kept, 'mode'], 'enforce', from('conversationDays'))
    setDays([...kept, 'pruneAfter'], conversationDays, from('conversationDays'))
    // An older name of the same.
    draft.remove([...kept, 'pruneDays'], from('conversationDays'))
  }
  if (archiveDays !== undefined) setDays([...kept, 'resetArchiveRetention'], archiveDays, from('archiveDays'))
  if (automationDays !== undefined) setDays(['cron', 'sessionRetention'], automationDays, from('automationDays'))
}

export function compileUpdates(draft: Draft): void {
  const { automatic, checkAtStart, version } = draft.sections.updates ?? {}
  if (automatic !== undefined) draft.set(['update', 'auto', 'enabled'], automatic, sectionPath('updates', 'automatic'))
  if (checkAtStart !== undefined)
    draft.set(['update', 'checkOnStart'], checkAtStart, sectionPath('updates', 'checkAtStart'))
  if (version !== undefined && version !== draft.version)
    draft.cannot(
      sectionPath('updates', 'version'),
      'version',
      `It has ${runtimeName(draft.version)} and should have ${version}: an update is a change of its own, no setting.`,
    )
}

/** A flag switches the skill of its name; one that is declared and not on is off. */
export function compileFlags(draft: Draft): void {
  for (const [name, { on, firstApprovals }] of Object.entries(draft.sections.flags ?? {})) {
    const path = ['skills', 'entries', name, 'enabled']
    const judged = draft.drafted.find(({ operation }) => isEqual(operation.path, path))
    if (judged === undefined) draft.set(path, on === true, sectionPath('flags', name, 'on'))
    else if (on === true)
      draft.cannot(sectionPath('flags', name, 'on'), 'conflict', `${name} is off because it needs a person each time.`)
    if (on === true && firstApprovals !== undefined && firstApprovals > 0)
      draft.cannot(
        sectionPath('flags', name, 'firstApprovals'),
        'runtime',
        `${runtimeName(draft.version)} does not count how often ${name} was used, and asks nobody before the first uses.`,
      )
  }
}

export function compileEscalation(draft: Draft): void {
  const { humanNumber, humanName, fallbackSentence } = draft.sections.escalation ?? {}
  const name = runtimeName(draft.version)
  const text = 'it has to stand in the agent’s own text (SOUL.md), and in its replies.'
  if (humanNumber !== undefined || humanName !== undefined)
    draft.cannot(
      sectionPath('escalation', 'humanNumber'),
      'runtime',
      `${name} has no setting for a human number: ${text}`,
    )
  if (fallbackSentence !== undefined)
    draft.cannot(
      sectionPath('escalation', 'fallbackSentence'),
      'runtime',
      `${name} has no setting for a fallback sentence: ${text}`,
    )
}
