import { chmodSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { BoxId, KeyRun, KeyRunId } from '../../shared/contract/index.ts'
import { systemClock } from '../base/clock.ts'
import { silentLog } from '../base/log.ts'
import { createKeys, type KeyParts, type Keys } from '../keys/keys.ts'
import { createOnbox } from '../onbox/onbox.ts'
import { type Dial, dialTcp } from '../ssh/dial.ts'
import { sshLab } from './ssh-lab.ts'
import { makeKey, type SshdBox, startSshdBox } from './sshd-box.ts'
import { tempDir } from './temp-store.ts'

/** Lines of others, which have to stay as they are to the last byte: options, an odd end, no key at all, no end of line. */
const foreign = [
  '# keys of the agency\n',
  'from="10.0.0.0/8",command="echo \\"hi there\\"" ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ0Y6qWdfKc7u9m8pZ3o5uV2Yd4k1Jt7o0bX8rG5sTtA backup@other\r\n',
  '\n',
  '   ssh-rsa not-a-key caf\u00e9\n',
]

export interface KeysBox {
  readonly sshd: SshdBox
  readonly boxId: BoxId
  readonly name: string
  /** `~/.ssh/authorized_keys` of the login. */
  readonly file: string
  readonly bytes: () => string
  readonly mode: () => number
  /** As it was at first, with the old key's line. */
  reset(): void
  /** Whether a new connection lets this key in. */
  takes(keyPath: string): Promise<boolean>
}

/** Real sshd boxes whose server reads `~/.ssh/authorized_keys`, and a console that changes the operator's key on them. */
export async function keysLab() {
  const away = new Set<number>()
  const dial: Dial = (host, port, options) =>
    away.has(port)
      ? Promise.reject(Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }))
      : dialTcp(host, port, options)
  const lab = sshLab({ dial })
  const onbox = createOnbox({ ...lab, clock: systemClock, log: silentLog, boxProgramsDir: path.resolve('out/box') })
  const keyPath = path.join(tempDir(), 'new_ed25519')
  await makeKey(keyPath, { comment: 'operator-new' })
  const boxes: KeysBox[] = []
  return {
    ...lab,
    onbox,
    away,
    boxes,
    newKeyPath: keyPath,
    newKey: () => readFileSync(`${keyPath}.pub`, 'utf8').trim(),
    open: (parts: Partial<KeyParts> = {}): Keys =>
      createKeys({
        ...lab,
        onbox,
        clock: systemClock,
        log: silentLog,
        confirm: async () => true,
        stepMs: 60_000,
        ...parts,
      }),
    /** @param files what its server reads; `{own}` is `~/.ssh/authorized_keys`, `{else}` a file elsewhere that has the old key. */
    async box(name: string, ring: 'lab' | 'canary' | 'rest' = 'rest', files = '{own}'): Promise<KeysBox> {
      const home = tempDir()
      const file = path.join(home, '.ssh', 'authorized_keys')
      const elsewhere = path.join(home, 'elsewhere')
      const read = files.replace('{own}', file).replace('{else}', elsewhere)
      const sshd = await startSshdBox({
        home,
        env: { PATH: `${path.dirname(process.execPath)}:/usr/bin:/bin` },
        config: [`AuthorizedKeysFile ${read}`],
      })
      const old = readFileSync(`${sshd.keyPath}.pub`, 'utf8').trim()
      const first = [...foreign.slice(0, 2), `no-agent-forwarding ${old}\n`, ...foreign.slice(2), 'ssh-dss AAAA'].join(
        '',
      )
      mkdirSync(path.dirname(file), { mode: 0o700 })
      const reset = () => {
        writeFileSync(file, first, 'latin1')
        chmodSync(file, 0o640)
      }
      reset()
      writeFileSync(elsewhere, `${old}\n`)
      const { boxId } = await lab.enrol(sshd, { name, ring })
      const made: KeysBox = {
        sshd,
        boxId,
        name,
        file,
        bytes: () => readFileSync(file, 'latin1'),
        mode: () => statSync(file).mode & 0o7777,
        reset() {
          reset()
          lab.inventory.editBox({ boxId, fields: { auth: { kind: 'key', path: sshd.keyPath } } })
        },
        takes: (path) =>
          lab.ssh.proveLogin(boxId, { kind: 'key', path }, { deadlineMs: 60_000 }).then(
            () => true,
            () => false,
          ),
      }
      boxes.push(made)
      return made
    },
    async end(keys: Keys, runId: KeyRunId): Promise<KeyRun> {
      let last = keys.get(runId)
      for await (const run of keys.watch(runId)) last = run
      return last
    },
    async close() {
      onbox.close()
      lab[Symbol.dispose]()
      for (const { sshd } of boxes) await sshd.stop()
    },
  }
}
export type KeysLab = Awaited<ReturnType<typeof keysLab>>
