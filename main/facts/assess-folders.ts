import type { AgentId } from '../../shared/contract/index.ts'
import { counted } from '../base/words.ts'
import type { Assessment } from '../findings/findings.ts'
import { type Evidence, fine, trouble } from './assess-rules.ts'
import type { SeenFolder } from './judge-folders.ts'
import type { Judged } from './judged.ts'

const shown = ['code.behind', 'code.edited', 'code.unpushed', 'code.commit', 'code.fetched'] as const
const called = (instance: string) => `“${instance}”`

/**
 * Findings about the operator's own code at one subject: of all its tracked folders together, because one finding is
 * open per cause. Without a folder nothing is the matter any more.
 */
export function assessFolders(
  folders: readonly SeenFolder[],
  agentId: AgentId | null,
  evidence: Evidence,
): Assessment[] {
  if (folders.length === 0)
    return (['code-behind', 'code-edited', 'code-unreadable'] as const).map((cause) =>
      fine(cause, agentId, 'No folder there is tracked any more.'),
    )
  return [...assessBehind(agentId, evidence), ...assessEdited(agentId, evidence), ...assessUnread(folders, agentId)]
}

const wrong = (facts: readonly Judged[]) => facts.filter(({ verdict }) => verdict === 'warn' || verdict === 'bad')

function assessBehind(agentId: AgentId | null, evidence: Evidence): Assessment[] {
  const all = evidence.all('code.behind')
  const late = wrong(all)
  if (late.length === 0)
    return all.every(({ verdict }) => verdict === 'ok')
      ? [fine('code-behind', agentId, 'Its own code is up to date.')]
      : []
  const words = late.map(({ instance, text, value }) =>
    typeof value === 'number'
      ? `${text.split(',')[0]} behind in its own code ${called(instance)}`
      : `behind in its own code ${called(instance)}, nobody knows how far`,
  )
  return [
    trouble('code-behind', agentId, {
      severity: late.some(({ verdict }) => verdict === 'bad') ? 'red' : 'attention',
      state: 'Behind',
      sentence: `is ${words.join(' and ')}`,
      detail: late.map(({ text }) => text).join(' · '),
      evidence: evidence.show(...shown),
      nextStep: 'Bring the newest commit there, and try once what it changes.',
    }),
  ]
}

function assessEdited(agentId: AgentId | null, evidence: Evidence): Assessment[] {
  const [edited, unpushed] = [evidence.all('code.edited'), evidence.all('code.unpushed')]
  const words = [
    ...wrong(edited).map(
      ({ instance, text }) => `${text.split(':')[0]} nobody committed in its own code ${called(instance)}`,
    ),
    ...wrong(unpushed).map(
      ({ instance, value }) =>
        `${counted(Number(value), 'commit')} that ${value === 1 ? 'exists' : 'exist'} only there in its own code ${called(instance)}`,
    ),
  ]
  if (words.length === 0)
    return edited.every(({ verdict }) => verdict === 'ok')
      ? [fine('code-edited', agentId, 'Nothing of its own code exists only there any more.')]
      : []
  return [
    trouble('code-edited', agentId, {
      severity: 'attention',
      state: 'Changed',
      sentence: `has ${words.join(' and ')}`,
      detail: wrong(edited)[0]?.text ?? 'a broken disk would take them along',
      evidence: evidence.show('code.edited', 'code.unpushed', 'code.commit', 'code.behind', 'code.fetched'),
      nextStep: 'Commit and push what is worth keeping, put the rest back.',
    }),
  ]
}

function assessUnread(folders: readonly SeenFolder[], agentId: AgentId | null): Assessment[] {
  const unread = folders
    .flatMap(({ folder, git }) => (git.read ? [] : [{ name: folder.name, why: git.why }]))
    .toSorted((a, b) => a.name.localeCompare(b.name))
  const [first] = unread
  if (!first) return [fine('code-unreadable', agentId, 'All of its own code can be read.')]
  return [
    trouble('code-unreadable', agentId, {
      severity: 'attention',
      state: 'Not seen',
      sentence: `keeps its own code ${unread.map(({ name }) => called(name)).join(', ')} where nobody can read it: ${first.why.replace(/\.$/, '')}`,
      detail: first.why,
      evidence: unread.map(({ name, why }) => ({ name, value: why, takenAtMs: null })),
      nextStep: 'Correct its path on the machine’s edit page, or stop tracking it.',
    }),
  ]
}
