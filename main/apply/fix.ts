import { doorInstance } from '../../shared/channels.ts'
import type { AgentId, FixScope, RuleFix, SettingChange } from '../../shared/contract/index.ts'
import { showHidden } from '../../shared/untrusted.ts'
import { planHash, shownValue } from '../overlay/overlay.ts'
import { type Fixable, permit, proposeFix } from '../rules/rules.ts'
import { dottedPath } from '../runtimes/operations.ts'
import { valueAt } from '../runtimes/runtimes.ts'
import type { ApplyParts } from './apply.ts'
import type { createJobs } from './jobs.ts'
import { answersOf } from './questions.ts'

/** An agent as it was read last. */
export type LastRead = Fixable & { readonly baseSha256: string; readonly readAtMs: number }

/** The change of one key that mends broken locks. */
export function createFixes(
  { inventory, lastRead }: Pick<ApplyParts, 'inventory' | 'lastRead'>,
  jobs: Pick<ReturnType<typeof createJobs>, 'agentOf'>,
) {
  function about(agentId: AgentId) {
    const { boxId, profile } = jobs.agentOf(null, agentId)
    const box = inventory.box(boxId)
    const clientName = box.clientId === null ? '' : inventory.client(box.clientId).name
    return { agentId, boxId, boxName: box.name, profile, clientName }
  }

  /** @throws FaultError `not-found`, `rule-broken`. */
  return function preview({ agentId, ruleId, door }: FixScope): RuleFix & { operations: SettingChange[] } {
    const agent = about(agentId)
    const read = lastRead(agentId)
    const nothing = { why: '', fixed: [], left: [], notes: [], changes: [], answers: [], baseSha256: '', hash: '' }
    if (typeof read === 'string') return { ...agent, ...nothing, why: read, readAtMs: null, operations: [] }
    const { baseSha256, readAtMs, found } = read
    const fix = proposeFix(read, { ruleId, door })
    permit({
      way: 'apply',
      layers: [],
      wholes: [],
      outcomes: [{ name: agent.boxName, before: fix.before, after: fix.after }],
    })
    const { operations, fixed, left, notes } = fix
    const isNothing = operations.length === 0
    return {
      ...agent,
      why: isNothing ? (left[0]?.words ?? 'No lock is broken there.') : '',
      fixed,
      left,
      notes,
      operations,
      changes: operations.map((operation) => {
        const before = shownValue(valueAt(found, ...operation.path))
        const after = 'set' in operation ? shownValue(operation.set) : null
        const kind = before === null ? 'add' : after === null ? 'remove' : 'change'
        return { path: showHidden(dottedPath(operation.path)), kind, before, after }
      }),
      answers: fix.doors.map((each) => `${answersOf(each)}${isOff(fix, each) ? ' It stays off.' : ''}`),
      baseSha256,
      hash: isNothing ? '' : planHash({ boxId: agent.boxId, agentId, baseSha256, operations }),
      readAtMs,
    }
  }
}

const isOff = ({ after }: ReturnType<typeof proposeFix>, door: { channel: string; account: string }): boolean =>
  after.doors?.some((each) => doorInstance(each) === doorInstance(door) && !each.enabled) === true
