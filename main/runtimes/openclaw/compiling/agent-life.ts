import { spelledAsFound } from '../durations.ts'
import { isSettings, textAt, valueAt } from '../settings.ts'
import { isSqliteEra } from '../versions.ts'
import { removeOwn, setForAll } from './agents.ts'
import { type Draft, runtimeName, sectionPath } from './draft.ts'

/** The model that answers, and those that step in for it. */
export function compileModel(draft: Draft): void {
  const { primary, fallbacks, mostPerDay } = draft.sections.model ?? {}
  const from = (name: string) => sectionPath('model', name)
  const path = ['agents', 'defaults', 'model']
  const found = valueAt(draft.found, ...path)
  // It may stand there as a text alone, which is the primary one.
  const first = primary ?? (typeof found === 'string' ? found : textAt(found, 'primary'))
  if (fallbacks !== undefined && !isSettings(found)) {
    if (first === '') draft.cannot(from('fallbacks'), 'inventory', 'No first model is set, so none can step in for it.')
    else
      draft.set(
        path,
        { primary: first, fallbacks: [...fallbacks] },
        from(primary === undefined ? 'fallbacks' : 'primary'),
      )
  } else if (primary !== undefined && !isSettings(found)) draft.set(path, primary, from('primary'))
  else {
    if (primary !== undefined) draft.set([...path, 'primary'], primary, from('primary'))
    if (fallbacks !== undefined) draft.set([...path, 'fallbacks'], [...fallbacks], from('fallbacks'))
  }
  if (primary !== undefined || fallbacks !== undefined)
    removeOwn(draft, [['model']], from(primary === undefined ? 'fallbacks' : 'primary'))
  if (mostPerDay !== undefined)
    draft.cannot(
      from('mostPerDay'),
      'runtime',
      `${runtimeName(draft.version)} has no cap on what its model costs; it has to be set at the provider.`,
    )
}

/** When the agent looks at its own list unasked. */
export function compileHeartbeat(draft: Draft, isPublic: boolean): void {
  const { everyMinutes, from: start, to: end, mayWrite } = draft.sections.heartbeat ?? {}
  const from = (name: string) => sectionPath('heartbeat', name)
  const set = (names: readonly string[], value: string, why: string) =>
    setForAll(draft, ['agents', 'defaults', 'heartbeat', ...names], ['heartbeat', ...names], value, why)
  const every = valueAt(draft.found, 'agents', 'defaults', 'heartbeat', 'every')
  if (everyMinutes !== undefined) set(['every'], spelledAsFound(every, `${everyMinutes}m`), from('everyMinutes'))
  if (start !== undefined) set(['activeHours', 'start'], start, from('from'))
  if (end !== undefined) set(['activeHours', 'end'], end, from('to'))
  if (start !== undefined || end !== undefined) {
    const zone = draft.client?.timeZone ?? ''
    if (zone !== '') set(['activeHours', 'timezone'], zone, from(start === undefined ? 'to' : 'from'))
  }
  if (mayWrite === false) set(['target'], 'none', from('mayWrite'))
  if (mayWrite !== true) return
  if (isSqliteEra(draft.version)) set(['target'], 'owner', from('mayWrite'))
  else if (isPublic)
    draft.cannot(
      from('mayWrite'),
      'version',
      `${runtimeName(draft.version)} can only write to whoever wrote last, which may be anybody on a public channel.`,
    )
  else set(['target'], 'last', from('mayWrite'))
}
