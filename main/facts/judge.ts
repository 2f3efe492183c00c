import type { Observed, ObservedAgent } from '../runtimes/observed.ts'
import { judgeAccess } from './judge-access.ts'
import { judgeAgent } from './judge-agent.ts'
import { judgeChanges } from './judge-changes.ts'
import { judgeChannels } from './judge-channels.ts'
import { judgeIntegrations } from './judge-integrations.ts'
import { judgeLogs } from './judge-logs.ts'
import { judgeModel } from './judge-model.ts'
import { judgePeople, judgeUnit } from './judge-people.ts'
import { judgePermissions } from './judge-permissions.ts'
import { judgeSystem } from './judge-system.ts'
import { judgeUpdate } from './judge-update.ts'
import { judgeVersions } from './judge-versions.ts'
import type { Context, Judged } from './judged.ts'

/** Facts about the machine of one answer. */
export const judgeMachine = (observed: Observed, context: Context): Judged[] => [
  ...judgeSystem(observed, context),
  ...judgePeople(observed),
  ...judgeChanges(observed),
]

/** Facts about one agent of it. */
export const judgeOneAgent = (agent: ObservedAgent, context: Context): Judged[] => [
  ...judgeVersions(agent, context),
  judgeUpdate(agent, context),
  ...judgeAgent(agent, context),
  judgeUnit(agent),
  judgeModel(agent, context),
  judgeLogs(agent, context),
  ...judgeChannels(agent),
  ...judgePermissions(agent, context),
  ...judgeAccess(agent, context),
  ...judgeIntegrations(agent, context),
]
