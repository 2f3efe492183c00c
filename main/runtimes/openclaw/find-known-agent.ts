import { homedir, platform } from 'node:os'
import { homeOf, Unreadable } from '../reading.ts'
import { findAgents } from './find-agents.ts'
import { findInstall } from './find-install.ts'
import { readInstall } from './read-install.ts'
import { findService, nodeOf } from './read-service.ts'

/**
 * Runs on a box. The agent of a state folder that the console knows, with its install and what starts it.
 * @param of.entries entry points found at enrolment.
 * @throws Unreadable when there is no such agent any more.
 */
export async function findKnownAgent(of: { readonly stateDir: string; readonly entries: readonly string[] }) {
  const home = homeOf(process.env, homedir)
  const agent = findAgents(home, process.env, [of.stateDir]).find((known) => known.stateDir === of.stateDir)
  if (agent === undefined) throw new Unreadable('There is no such agent on this machine any more.')
  const service = findService(platform(), home, of.stateDir, agent.profile)
  const install = findInstall(home, process.env, service?.command ?? [], of.entries)
  const { version } = await readInstall(install, '', null)
  return { home, agent, install, version, node: nodeOf(service) }
}
