import { spawn } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { SshdFleet } from '../main/testing/sshd-box.ts'
import type { Timed } from './peers.ts'

const forks = 64

/** One line, checked by the runtime's own command before it is put in place and asked after by its other. */
const playbook = (level: string): string => `- hosts: all
  gather_facts: false
  tasks:
    - ansible.builtin.lineinfile:
        path: ~/.openclaw/openclaw.json
        regexp: '"level":'
        line: '    "level": "${level}"'
        backup: true
        validate: env OPENCLAW_CONFIG_PATH=%s openclaw config validate --json
    - ansible.builtin.command: openclaw channels status --json
      register: channels
      changed_when: false
      failed_when: channels.rc != 0 or '"running":true' not in channels.stdout
`

/** Ansible as it is told to be quick: 64 forks, pipelining, shared connections, no facts. Connections are new at each push. */
export function createAnsible(fleet: SshdFleet): (level: string) => Promise<Timed> {
  const file = (name: string, text: string): string => {
    const full = path.join(fleet.dir, name)
    writeFileSync(full, text)
    return full
  }
  const port = fleet.boxes[0]?.port ?? 22
  const known = file(
    'push_known_hosts',
    fleet.boxes.map(({ host }) => `[${host}]:${port} ssh-ed25519 ${fleet.hostKey}\n`).join(''),
  )
  const config = file(
    'push_ssh_config',
    `Host *\nUser ${fleet.user}\nPort ${port}\nIdentityFile ${fleet.keyPath}\nIdentitiesOnly yes\nBatchMode yes\nLogLevel ERROR\n` +
      `UserKnownHostsFile ${known}\nGlobalKnownHostsFile /dev/null\nStrictHostKeyChecking yes\n`,
  )
  const inventory = file(
    'push.ini',
    `[all]\n${fleet.boxes.map(({ host }) => `${host} ansible_port=${port} ansible_user=${fleet.user}`).join('\n')}\n`,
  )
  return (level) => {
    const args = ['-i', inventory, '-f', String(forks), file(`push-${level}.yml`, playbook(level))]
    const env = {
      ...process.env,
      ANSIBLE_PIPELINING: 'True',
      ANSIBLE_SSH_ARGS: `-F ${config} -o ControlMaster=auto -o ControlPersist=60s`,
      ANSIBLE_SSH_CONTROL_PATH_DIR: mkdtempSync(path.join(fleet.dir, 'a')),
      ANSIBLE_LOCAL_TEMP: path.join(fleet.dir, 'ansible'),
      ANSIBLE_PYTHON_INTERPRETER: '/usr/bin/python3',
      ANSIBLE_NOCOLOR: '1',
    }
    return new Promise((resolve, reject) => {
      const from = performance.now()
      const child = spawn('ansible-playbook', args, { stdio: ['ignore', 'pipe', 'ignore'], env })
      let out = ''
      child.stdout.on('data', (chunk: Buffer) => {
        out += chunk.toString('latin1')
      })
      child.once('error', reject)
      child.once('close', () => {
        const good = out.match(/: ok=2\s+changed=1\s+unreachable=0\s+failed=0/g)?.length ?? 0
        resolve({ ms: performance.now() - from, failures: fleet.boxes.length - good })
      })
    })
  }
}
