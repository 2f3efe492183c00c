import { spawn } from 'node:child_process'
import { rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { tempDir } from './temp-store.ts'

/** How a play went. */
export interface Played {
  readonly code: number | null
  readonly out: string
  /** Of its recap, by name in the inventory; who was not called is not in it. */
  readonly hosts: Readonly<Record<string, { ok: number; changed: number; unreachable: number; failed: number }>>
}

const deadlineMs = 600_000

/** Lets the system's Ansible play what lies in a folder, as an operator would there; the boxes have no Python for it. */
export function playIn(folder: string, ...words: string[]): Promise<Played> {
  const home = tempDir()
  const env = { PATH: process.env.PATH, HOME: home, LC_ALL: 'C.UTF-8', ANSIBLE_NOCOLOR: '1' }
  const nowhere = path.join(home, 'no-python.yml')
  writeFileSync(nowhere, 'all: { vars: { ansible_python_interpreter: /nowhere/python3 } }\n')
  const args = ['-i', 'inventory.yml', '-i', nowhere, ...words, 'playbook.yml']
  const child = spawn('ansible-playbook', args, {
    cwd: folder,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: deadlineMs,
  })
  let out = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      out += chunk.toString()
    })
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => {
      rmSync(home, { recursive: true, force: true })
      resolve({ code, out, hosts: recapOf(out) })
    })
  })
}

const recapOf = (out: string): Played['hosts'] =>
  Object.fromEntries(
    [...out.matchAll(/^(\S+)\s+: ok=(\d+)\s+changed=(\d+)\s+unreachable=(\d+)\s+failed=(\d+)/gm)].map(
      ([, name = '', ok, changed, unreachable, failed]) => [
        name,
        { ok: Number(ok), changed: Number(changed), unreachable: Number(unreachable), failed: Number(failed) },
      ],
    ),
  )

export const planFile = (folder: string, alias: string): string => path.join(folder, 'plans', `${alias}.json`)
