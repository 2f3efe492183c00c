import { readFileSync } from 'node:fs'
import path from 'node:path'
import type { AnsibleExport, BoxId, HandOverFile, PatchId } from '../../shared/contract/index.ts'
import type { Apply, Times } from '../apply/apply.ts'
import type { LockContext } from '../apply/locks.ts'
import type { Clock } from '../base/clock.ts'
import { FaultError } from '../base/fault-error.ts'
import { counted, dateWords } from '../base/words.ts'
import type { Inventory, StoredBox } from '../inventory/inventory.ts'
import { type Overlay, writeYaml } from '../overlay/overlay.ts'
import { lanePlanOf, type Rollouts, refuseGuarded } from '../rollout/rollout.ts'
import { maskText, plainSecretsIn } from '../runtimes/runtimes.ts'
import type { Ssh } from '../ssh/ssh.ts'
import type { HandedBox, HandedOrder } from './handed.ts'
import {
  aliasesOf,
  groupsOf,
  type Host,
  knownHostsOf,
  type Pinned,
  serialOf,
  sshArgsOf,
  whyNotReached,
} from './hosts.ts'
import { boxProgram, configOf, inventoryOf, playbookOf } from './playbook.ts'
import { readmeOf } from './readme.ts'

export interface HandOverParts {
  readonly inventory: Pick<Inventory, 'box' | 'agents' | 'client' | 'holdOf'>
  readonly rollouts: Pick<Rollouts, 'ready'>
  readonly overlay: Pick<Overlay, 'foundOf'>
  readonly apply: Pick<Apply, 'wayBack' | 'open' | 'lockContext'>
  readonly ssh: Pick<Ssh, 'trust'>
  readonly fileContent: (sha256: string) => Buffer | null
  readonly clock: Clock
  /** Folder of the built box programs. */
  readonly boxProgramsDir: string
  readonly times: Times
}

/** A patch for an engine other than this console. Nothing is asked of a machine, and nothing changed. */
export interface HandOver {
  /**
   * Inventory, known_hosts, plans, programs and a playbook for Ansible. Secrets are in none of it.
   * @throws FaultError `not-found`, `guarded`, `invalid-input` while a choice is left, for a patch that no play carries,
   *   or where nobody would go.
   */
  ansible(asked: { patchId: PatchId; boxIds?: readonly BoxId[] | undefined }): Promise<AnsibleExport>
}

/** All machines of a batch are changed before the first is confirmed. */
const armedForS = 600
const mostForks = 50

type Planned = Awaited<ReturnType<Rollouts['ready']>>
type Target = Planned['preview']['targets'][number]

const refuse = (detail: string): FaultError => new FaultError({ code: 'invalid-input', field: 'Patch', detail })

export function createHandOver(parts: HandOverParts): HandOver {
  const { inventory, rollouts, overlay, apply, ssh, clock } = parts
  const program = (name: string): string => readFileSync(path.join(parts.boxProgramsDir, `${name}.js`), 'latin1')

  const pinned = (box: StoredBox): Pinned | null => {
    const { pin, changedTo } = ssh.trust(box.boxId)
    return pin === null || changedTo !== null ? null : { box, pin }
  }

  /** Why Wheelhouse itself would not change this machine now, or another cannot; empty: neither. */
  function whyLeftOut(box: StoredBox, targets: readonly Target[]): string {
    const { clientId, boxId } = box
    const hold = clientId === null ? null : inventory.holdOf(clientId, clock.nowMs())
    if (hold) return `No changes until ${dateWords(hold.untilMs)}: ${hold.reason}`
    const { proven, words } = apply.wayBack(boxId)
    if (!proven) return `It never showed that a change goes back by itself. ${words}`
    if (apply.open(boxId).length > 0) return 'How an earlier change of it ended is not known yet.'
    if (targets.some(({ agentId }) => overlay.foundOf(agentId)?.platform === 'win32'))
      return 'It runs Windows, which Ansible reaches in another way.'
    const hops = box.hops.map((hop) => inventory.box(hop))
    const untrusted = [...hops, box].find((each) => pinned(each) === null)
    if (untrusted) return `The host key of ${untrusted.name} is not accepted, or it changed.`
    if (box.launcher === null || /\{[{%#]/.test(box.launcher)) return 'How it starts Node is not known. Enrol it again.'
    return whyNotReached({ box, hops })
  }

  /** The frozen plan of one agent, or why it is not written into a file. */
  function orderOf({ patch, plans }: Planned, target: Target): HandedOrder | string {
    const plan = plans.get(target.agentId)
    const agent = inventory.agents(target.boxId).find(({ agentId }) => agentId === target.agentId)
    if (plan === undefined || agent === undefined) return 'It is not here any more.'
    const { changes, files, baseSha256 } = lanePlanOf(patch.content, plan, [])
    if (baseSha256 === '') return 'Its config was never read. Sweep it first.'
    const secret = changes.find((change) => 'set' in change && holdsSecret(change.path, change.set))
    if (secret) return `${secret.path.join('.')} holds a secret, which is written into no file.`
    const contents = files.map((file) => ({
      file,
      bytes: file.sha256 === null ? null : parts.fileContent(file.sha256),
    }))
    const gone = contents.find(({ file, bytes }) => file.sha256 !== null && bytes === null)
    if (gone) return `The content of ${gone.file.path} is not here.`
    const told = contents.find(({ bytes }) => bytes !== null && tellsSecret(bytes))
    if (told) return `${told.file.path} holds a secret, which is written into no file.`
    return {
      name: target.name,
      stateDir: agent.stateDir,
      operations: changes,
      files: contents.map(({ file, bytes }) => ({ ...file, content: bytes?.toString('base64') ?? '' })),
      baseSha256,
      rules: sparing(apply.lockContext(target.boxId, target.agentId)),
    }
  }

  return {
    async ansible(asked) {
      const ready = await rollouts.ready(asked)
      const { patch, preview } = ready
      if (patch.content.parts.some(({ kind }) => kind !== 'overlay' && kind !== 'files'))
        throw refuse('A play carries settings and files, and no update, folder or command.')
      if (preview.choicesLeft > 0) throw refuse('A choice is left. Look at its preview first.')
      refuseGuarded(preview)
      const going = preview.targets.filter(({ goes }) => goes)
      const leftOut: AnsibleExport['leftOut'] = preview.targets
        .filter(({ goes, why }) => !goes && why !== 'nothing to do')
        .map(({ name, why }) => ({ name, why }))
      const waveOf = new Map(preview.waves.flatMap((wave) => wave.agentIds.map((agentId) => [agentId, wave] as const)))
      const groups = groupsOf(preview.waves)
      const handed: { host: Omit<Host, 'alias'>; wave: number; atOnce: number; plan: HandedBox }[] = []
      for (const [boxId, targets] of Map.groupBy(going, (target) => target.boxId)) {
        const box = inventory.box(boxId)
        const wave = waveOf.get(targets[0]?.agentId ?? ('' as Target['agentId']))
        const why = whyLeftOut(box, targets)
        const orders = why === '' ? targets.map((target) => orderOf(ready, target)) : []
        const odd = why || orders.find((order) => typeof order === 'string')
        const own = pinned(box)
        const hops = box.hops.flatMap((hop) => pinned(inventory.box(hop)) ?? [])
        if (odd || wave === undefined || own === null) {
          leftOut.push({ name: box.name, why: odd || 'It is in no wave.' })
          continue
        }
        handed.push({
          host: { ...own, hops, group: groups.get(wave.number) ?? '', soakS: wave.soakS },
          wave: wave.number,
          atOnce: wave.atOnce,
          plan: {
            boxName: box.name,
            times: { ...parts.times, deadlineS: armedForS * targets.length },
            orders: orders as HandedOrder[],
          },
        })
      }
      if (handed.length === 0)
        throw refuse(
          ['It would go to nobody.', ...leftOut.slice(0, 5).map(({ name, why }) => `${name}: ${why}`)].join(' '),
        )
      const aliases = aliasesOf(
        handed.map(({ host }) => host.box.name),
        [...groups.values()],
      )
      const hosts = handed.map(({ host }, at): Host => ({ ...host, alias: aliases[at] ?? '' }))
      const batches = [...Map.groupBy(handed, ({ wave }) => wave).values()].map((same) => ({
        hosts: same.length,
        atOnce: same[0]?.atOnce ?? 1,
      }))
      const serial = serialOf(batches)
      const name = `Patch ${preview.patch.name}, revision ${preview.patch.revision}`
      const order = [...new Set(hosts.map(({ group }) => group))]
      const text = (file: string, content: string): HandOverFile => ({
        path: file,
        base64: Buffer.from(content).toString('base64'),
      })
      const inventoryFile = inventoryOf(hosts, sshArgsOf, ({ box }) => box.launcher ?? 'node')
      const files = [
        text('README.md', readmeOf({ preview, patch, hosts, leftOut, order, armedForS })),
        text('ansible.cfg', configOf(Math.min(mostForks, Math.max(...serial)))),
        text('inventory.yml', writeYaml(inventoryFile)),
        text('known_hosts', knownHostsOf(hosts.flatMap(({ hops, ...host }) => [...hops, host]))),
        text('playbook.yml', playbookOf(name, order, serial)),
        text('programs/box.cjs.j2', boxProgram),
        ...['apply', 'carry', 'revert'].map((each) => text(`programs/${each}.js`, program(each))),
        ...handed.map(({ plan }, at) => text(`plans/${aliases[at]}.json`, `${JSON.stringify(plan, null, 1)}\n`)),
      ]
      return {
        patch: preview.patch,
        hash: preview.hash,
        hosts: hosts.map(({ alias, box, group }) => ({ alias, boxName: box.name, group })),
        leftOut,
        sentence: `${counted(hosts.length, 'machine')} in ${counted(serial.length, 'step')}${leftOut.length === 0 ? '' : `; ${leftOut.length} left out`}. Nothing was changed.`,
        files,
      }
    },
  }
}

/** A place whose name alone says that it is one counts too. */
const holdsSecret = (at: readonly string[], value: unknown): boolean => {
  const nested = at.reduceRight<unknown>((inner, name) => ({ [name]: inner }), value)
  return plainSecretsIn(nested).length > 0
}

const tellsSecret = (bytes: Buffer): boolean => {
  const text = bytes.toString('utf8')
  return !text.includes('\0') && maskText(text, [], () => '\uffff').includes('\uffff')
}

/** Of a client the rules look at its handles and at whether there is a human to fall back on; no more of it leaves. */
const sparing = ({ client, ...rest }: LockContext): LockContext => ({
  ...rest,
  client:
    client === null
      ? null
      : {
          ...client,
          name: '',
          niche: '',
          region: '',
          timeZone: '',
          hours: [],
          statedHolidays: [],
          contacts: [],
          goLiveOn: '',
          humanFallback: client.humanFallback === '' ? '' : 'there is one',
          handles: client.handles.map((handle) => ({ ...handle, label: '' })),
        },
})
