import { faultText } from '../../shared/fault-text.ts'
import { createChanges } from '../base/changes.ts'
import { systemClock } from '../base/clock.ts'
import { FaultError } from '../base/fault-error.ts'
import { silentLog } from '../base/log.ts'
import { createInventory, type StoredBox } from '../inventory/inventory.ts'
import { createSsh, type Ssh, type SshOptions } from '../ssh/ssh.ts'
import { noVault } from '../ssh/vault.ts'
import { tempStore } from './temp-store.ts'

/** Our side of an SSH test: a real store, inventory and pool over the system's clock. `at`: a data folder that is there. */
export function sshLab({ at, ...options }: Partial<SshOptions> & { at?: string } = {}) {
  const temp = tempStore(systemClock, at)
  const { store, ledger, dataDir } = temp
  const changes = createChanges()
  const inventory = createInventory({ store, ledger, changes, clock: systemClock, homeDir: dataDir })
  const ssh: Ssh = createSsh({
    store,
    ledger,
    inventory,
    clock: systemClock,
    log: silentLog,
    vault: noVault('tests have none'),
    changes,
    homeDir: dataDir,
    agentSocket: () => undefined,
    ...options,
  })
  let count = 0
  const add = (fields: Partial<StoredBox> & { host: string }): StoredBox => {
    count += 1
    return inventory.addBox({ name: `Box ${count}`, ...fields }).box
  }
  return {
    ...temp,
    changes,
    inventory,
    ssh,
    /** Adds a box without trusting it. */
    add,
    /** Adds a box and accepts the host key it shows. */
    async enrol(
      at: { host: string; port: number; user: string; keyPath: string },
      fields: Partial<StoredBox> = {},
    ): Promise<StoredBox> {
      const { host, port, user, keyPath } = at
      const box = add({ host, port, user, auth: { kind: 'key', path: keyPath }, ...fields })
      ssh.accept(box.boxId, await ssh.offeredKey(box.boxId, { deadlineMs: 20_000 }), 'a test')
      return box
    },
    /** Runs a command to its end. */
    async run(box: StoredBox, command: string, deadlineMs = 20_000) {
      const connection = await ssh.open(box.boxId, { deadlineMs })
      try {
        const channel = await connection.start(command, { deadlineMs })
        channel.endInput()
        const chunks: Buffer[] = []
        for await (const chunk of channel.output) chunks.push(chunk)
        const { exitCode, signal } = await channel.ended
        return { exitCode, signal, stdout: Buffer.concat(chunks).toString(), stderr: channel.errorTail() }
      } finally {
        connection.release()
      }
    },
    [Symbol.dispose]() {
      ssh.close()
      temp[Symbol.dispose]()
    },
  }
}

/** The sentence an operator reads about what failed. */
export const said = (failing: Promise<unknown>): Promise<string> =>
  failing.then(
    () => 'nothing failed',
    (error: unknown) => (error instanceof FaultError ? faultText(error.fault).sentence : String(error)),
  )
