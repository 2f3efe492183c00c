import { doorName, kindWords } from '../../shared/channels.ts'
import { factNames, type Probe } from '../../shared/contract/index.ts'
import { dateWords } from '../base/words.ts'
import { table } from './print.ts'
import { chosenBoxes, type Session } from './session.ts'
import { exit } from './shapes.ts'

/** Facts as they stand in the store; nothing is asked of a machine. */
export async function facts({ client: engine, print }: Session, options: { box?: string }): Promise<number> {
  const boxes = await chosenBoxes(engine, options.box)
  const pages = await Promise.all(boxes.map((box) => engine.pages.machine({ boxId: box.boxId })))
  const found = pages.flatMap(({ box, agents, facts: all }) =>
    all.map((fact) => ({
      boxName: box.name,
      profile: agents.find((agent) => agent.agentId === fact.agentId)?.profile ?? null,
      name: factNames[fact.key][1],
      fact,
    })),
  )
  const rows = found.map(({ boxName, profile, name, fact }) => [
    boxName,
    profile ?? '',
    [name, fact.instance].filter(Boolean).join(' '),
    fact.stale ? `${fact.verdict} (old)` : fact.verdict,
    fact.text,
  ])
  print.answer(
    'facts',
    found,
    found.length === 0 ? ['No facts yet. Sweep first.'] : table(['MACHINE', 'AGENT', 'FACT', 'VERDICT', 'VALUE'], rows),
  )
  return exit.ok
}

/** Channel accounts as sweeps found them, with the kind somebody said. */
export async function channels({ client: engine, print }: Session, options: { box?: string }): Promise<number> {
  const boxes = await chosenBoxes(engine, options.box)
  const [all, agents, clients] = await Promise.all([
    engine.inventory.channels({}),
    engine.inventory.agents({}),
    engine.inventory.clients(),
  ])
  const found = all.flatMap((channel) => {
    const box = boxes.find(({ boxId }) => boxId === channel.boxId)
    if (!box) return []
    return {
      ...channel,
      boxName: box.name,
      clientName: clients.find(({ clientId }) => clientId === box.clientId)?.name ?? null,
      profile: agents.find(({ agentId }) => agentId === channel.agentId)?.profile ?? null,
    }
  })
  const rows = found.map((channel) => [
    channel.boxName,
    channel.clientName ?? '',
    channel.profile ?? '',
    doorName(channel),
    kindWords(channel.kind),
    channel.seenNow ? 'yes' : 'no longer',
  ])
  const header = ['MACHINE', 'CLIENT', 'AGENT', 'CHANNEL', 'KIND', 'SEEN']
  print.answer('channels', found, found.length === 0 ? ['No channels yet. Sweep first.'] : table(header, rows))
  return exit.ok
}

export async function findings({ client: engine, print }: Session): Promise<number> {
  const open = await engine.findings.open()
  const lines = open.flatMap((finding) => [
    `${finding.severity === 'red' ? 'RED        ' : 'attention  '}${finding.subject} ${finding.sentence}`,
    ...(finding.snoozed
      ? [`           snoozed until ${dateWords(finding.snoozed.untilMs)}: ${finding.snoozed.reason}`]
      : []),
    ...(finding.nextStep === '' ? [] : [`           ${finding.nextStep}`]),
  ])
  print.answer('findings', open, open.length === 0 ? ['Nothing is open.'] : lines)
  return exit.ok
}

const answerWords: Record<Probe['answer'], string> = { yes: 'yes', no: 'NO', 'cannot-tell': 'can’t tell' }

/** The likely cause, then every question in order; a "no" and what nobody knows carry what to do. */
export async function triage({ client: engine, print }: Session, options: { box: string }): Promise<number> {
  const [box] = await chosenBoxes(engine, options.box)
  if (!box) throw new Error('a named machine is found or refused')
  const found = await engine.triage.ofBox({ boxId: box.boxId })
  const rows = found.probes.map((probe) => [
    probe.key === found.leadKey ? '>' : '',
    answerWords[probe.answer],
    probe.question,
    probe.value,
  ])
  const steps = found.probes
    .filter(({ answer }) => answer !== 'yes')
    .flatMap(({ question, nextStep, sshCommand }) => [
      `${question} ${nextStep}`,
      ...(sshCommand === null ? [] : [`  ${sshCommand}`]),
    ])
  print.answer('triage', { ...found, boxName: box.name }, [
    found.lead,
    ...(found.nextStep === '' ? [] : [found.nextStep]),
    '',
    ...table(['', 'ANSWER', 'QUESTION', 'VALUE'], rows),
    ...(steps.length === 0 ? [] : ['', ...steps]),
  ])
  return exit.ok
}

export async function listLedger(
  { client: engine, print }: Session,
  options: { box?: string; limit: number },
): Promise<number> {
  const [box] = options.box === undefined ? [] : await chosenBoxes(engine, options.box)
  const entries = await engine.ledger.entries({ limit: options.limit, ...(box ? { boxId: box.boxId } : {}) })
  const rows = entries.map(({ atMs, actor, sentence }) => [dateWords(atMs), actor, sentence])
  print.answer(
    'ledger list',
    entries,
    entries.length === 0 ? ['The diary is empty.'] : table(['WHEN', 'WHO', 'WHAT'], rows),
  )
  return exit.ok
}

export async function verifyLedger({ client: engine, print }: Session): Promise<number> {
  const verdict = await engine.ledger.verify()
  const line = verdict.intact
    ? `The diary is intact: ${verdict.entries} entries.`
    : `The diary is not intact. ${verdict.problem}`
  print.answer('ledger verify', verdict, [line])
  return verdict.intact ? exit.ok : exit.ledgerBroken
}
