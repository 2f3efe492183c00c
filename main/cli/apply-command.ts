import { FaultError } from '../base/fault-error.ts'
import { byName, type Session } from './session.ts'
import { exit } from './shapes.ts'

export interface ApplyOptions {
  readonly box: string
  /** Hash that `plan` printed. */
  readonly plan: string
}

/** Makes exactly a plan that was looked at. Exit 1 when the machine is on the old config, 4 when nobody knows yet. */
export async function apply({ client: engine, print }: Session, options: ApplyOptions): Promise<number> {
  const { boxId, name } = byName(await engine.inventory.boxes(), options.box, 'machine')
  const { agents } = await engine.plan.of({ boxIds: [boxId] })
  const plan = agents.find(({ hash }) => hash === options.plan)
  if (plan === undefined || plan.hash === '')
    throw new FaultError({ code: 'plan-stale', boxName: name, why: 'no agent there has a plan with this hash now' })
  const { agentId, operations, files, baseSha256, hash } = plan
  const { applyId } = await engine.apply.start({ boxId, agentId, changes: operations, files, baseSha256, hash })
  let job = await engine.apply.get({ applyId })
  for await (const next of await engine.apply.watch({ applyId })) {
    if (next.step !== job.step) print.say(next.step)
    job = next
  }
  print.answer('apply', job, [`${name}: ${job.outcome ?? job.state}. ${job.words}`, job.nextStep].filter(Boolean))
  if (job.outcome === 'changed' || job.outcome === 'unchanged') return exit.ok
  return job.outcome === 'inconclusive' ? exit.someNotReached : exit.failed
}
