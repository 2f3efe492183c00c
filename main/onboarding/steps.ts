import type { BoxId, EnrolStep } from '../../shared/contract/index.ts'
import { FaultError } from '../base/fault-error.ts'
import type { StoredBox } from '../inventory/inventory.ts'
import { type Connection, type Credentials, passphraseName } from '../ssh/ssh.ts'
import type { OnboardingParts } from './onboarding.ts'

/** One enrolment under way. */
export interface EnrolWork {
  readonly boxId: BoxId
  readonly credentials: Credentials
  /** Keep the passphrase in the keychain. */
  readonly remember: boolean
  readonly wait: { readonly deadlineMs: number; readonly signal: AbortSignal }
  /** Held from login to the end, so that a password is asked for once. */
  connection: Connection | null
}

export interface Step {
  readonly step: EnrolStep['step']
  /** Does it and says what was found. @throws FaultError why it cannot be done. */
  readonly run: (work: EnrolWork, parts: OnboardingParts) => Promise<string>
}

/** The steps for this box, in order: the way only when there is one; Node, facts and the way back only where an agent is. */
export function enrolSteps(box: StoredBox, drills: boolean): Step[] {
  const way: Step[] = box.hops.length > 0 ? [{ step: 'hops', run: passHops }] : []
  const agent: Step[] = box.jumpOnly
    ? []
    : [
        { step: 'node', run: findNode },
        { step: 'probe', run: readFirst },
        ...(drills ? [{ step: 'way-back', run: showWayBack } as const] : []),
      ]
  return [
    ...way,
    { step: 'reach', run: reach },
    { step: 'host-key', run: checkKey },
    { step: 'login', run: logIn },
    ...agent,
  ]
}

async function passHops({ boxId, wait }: EnrolWork, { ssh }: OnboardingParts): Promise<string> {
  const names = await ssh.reachHops(boxId, wait)
  return `Through ${names.join(', then ')}.`
}

async function reach({ boxId, wait }: EnrolWork, { ssh, inventory }: OnboardingParts): Promise<string> {
  await ssh.offeredKey(boxId, wait)
  const { host, port } = inventory.box(boxId)
  return `${host} answers on port ${port}.`
}

async function checkKey({ boxId, wait }: EnrolWork, { ssh, inventory }: OnboardingParts): Promise<string> {
  const { pin, changedTo } = ssh.trust(boxId)
  const boxName = inventory.box(boxId).name
  if (pin === null) {
    const { fingerprint } = await ssh.offeredKey(boxId, wait)
    throw new FaultError({ code: 'key-not-trusted', boxName, offered: fingerprint })
  }
  if (changedTo !== null)
    throw new FaultError({ code: 'key-changed', boxName, pinned: pin.fingerprint, offered: changedTo.fingerprint })
  return `${pin.fingerprint}, accepted by ${pin.source}.`
}

async function logIn(work: EnrolWork, { ssh, inventory, vault }: OnboardingParts): Promise<string> {
  const { boxId, credentials, wait, remember } = work
  const { user, auth } = inventory.box(boxId)
  work.connection = await ssh.open(boxId, { ...wait, credentials })
  if (!remember || credentials.passphrase === undefined || auth.kind !== 'key') return `Logged in as ${user}.`
  if (!vault.available) return `Logged in as ${user}. The passphrase was not kept: ${vault.why}`
  await vault.set(passphraseName(auth.path), credentials.passphrase)
  return `Logged in as ${user}. The passphrase is kept in the keychain.`
}

async function findNode(
  { boxId, credentials, wait }: EnrolWork,
  { onbox, inventory }: OnboardingParts,
): Promise<string> {
  const { launcher, nodeVersion } = await onbox.findLauncher(boxId, { ...wait, credentials })
  inventory.setLauncher(boxId, launcher)
  return `Node ${nodeVersion.replace(/^v/, '')}, started as ${launcher}.`
}

async function readFirst({ boxId, wait }: EnrolWork, { sweepOne }: OnboardingParts): Promise<string> {
  await sweepOne(boxId, wait.signal)
  return 'It answered, and its facts are in the table.'
}

async function showWayBack(
  { boxId, wait, credentials }: EnrolWork,
  { drill, inventory }: OnboardingParts,
): Promise<string> {
  const shown = await drill?.(boxId, { signal: wait.signal, credentials })
  const words = shown?.words ?? 'Nothing is changed there.'
  if (shown?.proven !== true)
    throw new FaultError({ code: 'no-way-back', boxName: inventory.box(boxId).name, why: words })
  return words
}
