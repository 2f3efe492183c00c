import { spawn } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { SshdFleet } from '../main/testing/sshd-box.ts'

export interface Timed {
  readonly ms: number
  /** Boxes that gave no good answer. */
  readonly failures: number
}

export interface Peers {
  parallelSsh(script: string, options: { over: 'fresh' | 'warm' }): Promise<Timed>
  clush(script: string): Promise<Timed>
  ansibleFacts(): Promise<Timed>
  /** Opens a ControlPersist master to every box. */
  warmUp(): Promise<void>
  /** Closes them again. */
  coolDown(): Promise<void>
}

/** The tools beside us in the same run, each with 64 at once and no host key questions. */
export function createPeers(fleet: SshdFleet, atOnce: number): Peers {
  const file = (name: string, text: string) => {
    const full = path.join(fleet.dir, name)
    writeFileSync(full, text)
    return full
  }
  const sockets = path.join(fleet.dir, 'c')
  mkdirSync(sockets, { recursive: true })
  const port = fleet.boxes[0]?.port ?? 22
  const known = file(
    'known_hosts',
    fleet.boxes.map(({ host }) => `[${host}]:${port} ssh-ed25519 ${fleet.hostKey}\n`).join(''),
  )
  const common =
    `User ${fleet.user}\nPort ${port}\nIdentityFile ${fleet.keyPath}\nIdentitiesOnly yes\nBatchMode yes\nLogLevel ERROR\n` +
    `UserKnownHostsFile ${known}\nGlobalKnownHostsFile /dev/null\nStrictHostKeyChecking yes\n`
  const fresh = file('ssh_config', `Host *\n${common}`)
  const warm = file(
    'ssh_config_warm',
    `Host *\n${common}ControlMaster auto\nControlPath ${sockets}/%h\nControlPersist 600\n`,
  )
  const hosts = fleet.boxes.map(({ host }) => host)
  const hostFile = file('hosts', `${hosts.join('\n')}\n`)
  const inventory = file(
    'inventory.ini',
    `[all]\n${hosts.map((host) => `${host} ansible_port=${port} ansible_user=${fleet.user}`).join('\n')}\n`,
  )

  const parallelSsh = (command: string, input: string, config: string) =>
    run(
      'parallel-ssh',
      ['-h', hostFile, '-p', String(atOnce), '-t', '0', '-I', '-x', `-F ${config}`, command],
      input,
      (out) => hosts.length - count(out, /\[SUCCESS\]/g),
    )
  return {
    parallelSsh: (script, { over }) => parallelSsh('node -', script, over === 'warm' ? warm : fresh),
    clush: (script) =>
      run(
        'clush',
        ['-f', String(atOnce), '-S', '-q', '--hostfile', hostFile, '-o', `-F ${fresh}`, 'node -'],
        script,
        (out) => hosts.length - count(out, /^\S+: .*[{]/gm),
      ),
    ansibleFacts: () =>
      run(
        'ansible',
        ['all', '-i', inventory, '-f', String(atOnce), '-o', '-m', 'setup', '-a', 'gather_subset=!all,!min'],
        '',
        (out) => hosts.length - count(out, /\| SUCCESS/g),
        {
          ANSIBLE_PIPELINING: 'True',
          ANSIBLE_SSH_ARGS: `-F ${fresh} -o ControlMaster=auto -o ControlPersist=60s`,
          ANSIBLE_SSH_CONTROL_PATH_DIR: path.join(fleet.dir, 'a'),
          ANSIBLE_LOCAL_TEMP: path.join(fleet.dir, 'ansible'),
          ANSIBLE_PYTHON_INTERPRETER: '/usr/bin/python3',
          ANSIBLE_NOCOLOR: '1',
        },
      ),
    async warmUp() {
      await parallelSsh('true', '', warm)
    },
    async coolDown() {
      await Promise.all(hosts.map((host) => run('ssh', ['-F', warm, '-O', 'exit', host], '', () => 0)))
    },
  }
}

const count = (text: string, pattern: RegExp): number => text.match(pattern)?.length ?? 0

/** Runs a tool to its end and times it. @throws Error when the tool is not installed. */
function run(
  command: string,
  args: readonly string[],
  input: string,
  failuresIn: (out: string) => number,
  env: Record<string, string> = {},
): Promise<Timed> {
  return new Promise((resolve, reject) => {
    const from = performance.now()
    const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'ignore'], env: { ...process.env, ...env } })
    let out = ''
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk.toString('latin1')
    })
    child.stdin.on('error', () => {})
    child.stdin.end(input)
    child.once('error', reject)
    child.once('close', () => resolve({ ms: performance.now() - from, failures: failuresIn(out) }))
  })
}
