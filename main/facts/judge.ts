import type { Observed, ObservedAgent } from '../runtimes/observed.ts'
import { judgeAccess } from './judge-access.ts'
import { judgeAgent } from './judge-agent.ts'
import { judgeChannels } from './judge-channels.ts'
import { judgeSystem } from './judge-system.ts'
import { judgeVersions } from './judge-versions.ts'
import type { Context, Judged } from './judged.ts'

/** Facts about the machine of one answer. */
export const judgeMachine = (observed: Observed, context: Context): Judged[] => judgeSystem(observed, context)

/** Facts about one agent of it. */
export const judgeOneAgent = (agent: ObservedAgent, context: Context): Judged[] => [
  ...judgeVersions(agent, context),
  ...judgeAgent(agent, context),
  ...judgeChannels(agent),
  ...judgeAccess(agent, context),
]
