import type { SweepBox, SweepProgress } from '../../shared/contract/index.ts'
import { faultText } from '../../shared/fault-text.ts'
import { commandWords, handOver } from './notifier.ts'
import { chosenBoxes, idsOf, type Session } from './session.ts'
import { exit } from './shapes.ts'

export interface SweepOptions {
  readonly box?: string
  readonly light?: boolean
  /** The operator's own command, which takes each new red finding once. */
  readonly onFinding?: string
}

/** Sweeps one machine or all and waits for the end. Ctrl-C lets go of those under way; what arrived stays. */
export async function sweep(session: Session, options: SweepOptions): Promise<number> {
  const notifier = options.onFinding === undefined ? null : commandWords(options.onFinding)
  const code = await sweepOnly(session, options)
  if (notifier === null) return code
  const handed = await handNew(session, notifier)
  return handed ? code : exit.notifierFailed
}

/** Each red finding that this command has not had yet; one it fails at is tried again after the next sweep. False: it failed. */
async function handNew(
  { client: engine, print }: Session,
  notifier: ReturnType<typeof commandWords>,
): Promise<boolean> {
  let handed = true
  for (const finding of await engine.findings.untold()) {
    const failure = await handOver(notifier, finding)
    if (failure === null) await engine.findings.markTold({ findingIds: [finding.findingId] })
    else {
      handed = false
      print.say(
        `Not handed over: ${finding.subject} ${finding.sentence}. ${failure}. It is tried again after the next sweep.`,
      )
    }
  }
  return handed
}

async function sweepOnly(session: Session, options: SweepOptions): Promise<number> {
  const { client: engine, print, onInterrupt } = session
  const boxes = await chosenBoxes(engine, options.box)
  if (boxes.every((box) => box.jumpOnly)) {
    print.answer('sweep', { sweep: null, boxes: [] }, ['No machines to sweep yet.'])
    return exit.ok
  }
  const { sweepId } = await engine.sweep.start({
    ...(options.box === undefined ? {} : { boxIds: idsOf(boxes) }),
    light: options.light ?? false,
    unattended: options.onFinding !== undefined,
  })
  const cancel = () => void engine.sweep.cancel({ sweepId }).catch(() => {})
  onInterrupt(cancel)
  const told = new Set<string>()
  let last: SweepProgress | null = null
  for await (const progress of await engine.sweep.watch({ sweepId })) {
    last = progress
    for (const box of progress.boxes) {
      if (box.state !== 'done' || told.has(box.boxId)) continue
      told.add(box.boxId)
      print.say(`${told.size} of ${progress.total}  ${box.boxName}: ${outcomeWords(box)}`)
    }
  }
  if (!last) {
    print.answer('sweep', { sweep: null, boxes: [] }, ['The sweep ended before it said anything.'])
    return exit.failed
  }
  const { boxes: swept, ...summary } = last
  print.answer('sweep', { sweep: summary, boxes: swept }, [`${summary.swept} of ${summary.total} machines were swept.`])
  const all = swept.every((box) => box.outcome === 'swept' || box.outcome === 'not-expected')
  return all ? exit.ok : exit.someNotReached
}

function outcomeWords({ outcome, fault }: SweepBox): string {
  if (fault) return faultText(fault).sentence
  return outcome === 'not-expected' ? 'not expected to be on' : (outcome ?? 'no outcome')
}
