import type { ApplyId, BoxId, SettingChange } from '../../shared/contract/index.ts'
import type { Times } from '../apply/carry-out.ts'
import type { FaultStep } from './faulty-apply.ts'
import { moduleUrl, type Script, spawnScript } from './spawn-script.ts'

/** The change ended otherwise: a machine too slow for its times does not come to every step. */
export class NeverStood extends Error {}

/** A console in a process of its own that stands still at a step of its change. */
export interface StandingConsole {
  readonly process: Script['process']
  readonly ended: Script['ended']
  /** Where another console finds its store. */
  readonly dataDir: string
  readonly boxId: BoxId
  readonly applyId: ApplyId
}

interface Order {
  readonly box: { readonly sshd: object; readonly configPath: string; readonly stateDir: string }
  readonly step: FaultStep
  /** Before the step is sent, or when the machine has answered it. */
  readonly moment: 'before' | 'answered'
  readonly changes: readonly SettingChange[]
  readonly times: Times
  /** A process that hangs while the change is verified, so that it goes back. */
  readonly hangs?: number
}

const scriptOf = ({ box: { sshd, configPath, stateDir }, step, moment, changes, times, hangs }: Order) => `
  import { applyConsole, endOf, requestFor } from '${moduleUrl('main/testing/apply-lab.ts')}'
  import { atStep } from '${moduleUrl('main/testing/faulty-apply.ts')}'
  const box = ${JSON.stringify({ sshd, configPath, stateDir })}
  const lab = applyConsole()
  const known = await lab.know(box.sshd, box.stateDir)
  const stand = () => {
    const { applyId } = apply.recent(known.boxId, 1)[0]
    console.log('at it ' + JSON.stringify({ dataDir: lab.dataDir, boxId: known.boxId, applyId }) + '.')
    // Without a connection nothing else would keep the process.
    return new Promise(() => setInterval(() => {}, 60_000))
  }
  const hung = ${hangs ?? 'null'}
  const machines = hung === null ? lab.onbox : atStep(lab.onbox, 'verify', { before: () => process.kill(hung, 'SIGSTOP') })
  const onbox = atStep(machines, '${step}', { ${moment}: stand })
  const apply = lab.openConsole({ onbox, times: ${JSON.stringify(times)} })
  const { applyId } = await apply.start(requestFor({ ...box, ...known }, ${JSON.stringify(changes)}))
  console.log('over ' + JSON.stringify(await endOf(apply, applyId)) + '.')
`

/**
 * Begins a change, and answers once its console stands at the step.
 *
 * @throws NeverStood with how the change ended.
 */
export async function standAtStep(order: Order): Promise<StandingConsole> {
  const script = spawnScript(scriptOf(order))
  const words = await script.says('}.')
  const [, said] = /at it (\{.*?\})\./.exec(words) ?? []
  if (said === undefined) {
    script.process.kill('SIGKILL')
    await script.ended
    throw new NeverStood(`The console never stood at ${order.step}: ${words.trim()}`)
  }
  return { process: script.process, ended: script.ended, ...JSON.parse(said) }
}
