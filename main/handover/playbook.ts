import { toldMark } from './handed.ts'
import type { Host } from './hosts.ts'

/** Of Ansible's inventory: who, how it is reached, in which wave. Pure. */
export function inventoryOf(hosts: readonly Host[], argsOf: (host: Host) => string, nodeOf: (host: Host) => string) {
  const one = (host: Host) => ({
    ansible_host: host.box.host,
    ansible_port: host.box.port,
    ansible_user: host.box.user,
    ...(host.box.auth.kind === 'key' ? { ansible_ssh_private_key_file: host.box.auth.path } : {}),
    ansible_ssh_common_args: argsOf(host),
    // Through a pipe of the shell: neither sftp nor scp has to be there.
    ansible_ssh_transfer_method: 'piped',
    wheelhouse_node: nodeOf(host),
    wheelhouse_soak_s: host.soakS,
  })
  const groups = [...new Set(hosts.map(({ group }) => group))]
  const children = Object.fromEntries(
    groups.map((group) => [
      group,
      {
        hosts: Object.fromEntries(hosts.filter((host) => host.group === group).map((host) => [host.alias, one(host)])),
      },
    ]),
  )
  return { all: { children } }
}

/** Ansible's own defaults would ask nobody at once and five at a time. Pure. */
export const configOf = (forks: number): string =>
  ['[defaults]', 'inventory = inventory.yml', `forks = ${forks}`, 'host_key_checking = True', ''].join('\n')

/** Put together on the computer that plays, then run by the machine's own Node: nothing else has to be there. */
export const boxProgram = [
  "'use strict'",
  "const handed = {{ lookup('ansible.builtin.file', playbook_dir ~ '/plans/' ~ inventory_hostname ~ '.json') }}",
  'const programs = {',
  "  apply: {{ lookup('ansible.builtin.file', playbook_dir ~ '/programs/apply.js') | to_json }},",
  "  revert: {{ lookup('ansible.builtin.file', playbook_dir ~ '/programs/revert.js') | to_json }},",
  '}',
  "{{ lookup('ansible.builtin.file', playbook_dir ~ '/programs/carry.js') }}",
  '',
].join('\n')

/** What the box's one line says; what is not there counts as nothing said. */
const said = (register: string): string =>
  `{{ (${register}.stdout | default('') | regex_search('${toldMark} ([{].*[}])', '\\\\1') | default(['{}'], true) | first | from_json) }}`

/** The playbook. @param order of the groups, as they go. Pure. */
export function playbookOf(name: string, order: readonly string[], serial: readonly number[]): string {
  const script = (act: string): string[] => [
    '      ansible.builtin.script:',
    `        cmd: "{{ wheelhouse_program.path | quote }} ${act}"`,
    '        executable: "{{ wheelhouse_node }}"',
  ]
  return [
    '---',
    '# Written by Wheelhouse. README.md says what it does and what it refuses.',
    `- name: ${JSON.stringify(name)}`,
    `  hosts: ${JSON.stringify(order.join(':'))}`,
    '  order: inventory',
    `  serial: [${serial.join(', ')}]`,
    '  max_fail_percentage: 0',
    '  gather_facts: false',
    '  vars:',
    `    wheelhouse_told: "${said('wheelhouse_made')}"`,
    `    wheelhouse_final: "${said('wheelhouse_confirmed')}"`,
    `    wheelhouse_seen: "${said('wheelhouse_looked')}"`,
    '    wheelhouse_agents: "{{ wheelhouse_told.agents | default([]) }}"',
    "    wheelhouse_ids: \"{{ wheelhouse_agents | map(attribute='id') | select('match', '^[a-z0-9]{16}$') | list }}\"",
    '    wheelhouse_ran: "{{ wheelhouse_agents | map(attribute=\'ran\') | list }}"',
    '    wheelhouse_nobody_tells: Nobody can tell how it ended; what is not confirmed goes back by itself.',
    '  tasks:',
    '    - name: Is it there',
    '      ansible.builtin.raw: exit 0',
    '      changed_when: false',
    '    - name: A file of this computer for what is sent',
    '      ansible.builtin.tempfile:',
    '        prefix: wheelhouse-',
    '        suffix: .cjs',
    '      delegate_to: localhost',
    '      check_mode: false',
    '      changed_when: false',
    '      register: wheelhouse_program',
    '    - name: Put plan and programs together',
    '      ansible.builtin.template:',
    '        src: programs/box.cjs.j2',
    '        dest: "{{ wheelhouse_program.path }}"',
    '        mode: "0600"',
    '      delegate_to: localhost',
    '      check_mode: false',
    '      changed_when: false',
    '    - name: Change it, and see whether its agents use the new config, are ready and keep the rules',
    ...script("{{ 'try' if ansible_check_mode else 'make' }}"),
    '      check_mode: false',
    '      ignore_unreachable: true',
    '      failed_when: false',
    "      changed_when: wheelhouse_agents | selectattr('outcome', 'in', ['held', 'would-change']) | list | length > 0",
    '      register: wheelhouse_made',
    '    - name: Let go of the connection',
    '      ansible.builtin.meta: reset_connection',
    '    - name: Confirm, over a new connection; what nobody confirms goes back by itself',
    ...script("confirm {{ wheelhouse_ids | join(' ') }}"),
    '      when: wheelhouse_ids | length > 0',
    '      ignore_unreachable: true',
    '      failed_when: false',
    '      changed_when: false',
    '      register: wheelhouse_confirmed',
    '    - name: Remember how it went',
    '      ansible.builtin.set_fact:',
    '        wheelhouse_good: "{{ (wheelhouse_told.good | default(false) | bool) and (wheelhouse_ids | length == 0 or (wheelhouse_final.good | default(false) | bool)) }}"',
    '        wheelhouse_changed: "{{ wheelhouse_ids | length > 0 }}"',
    '    - name: Let it work for a while',
    '      ansible.builtin.pause:',
    '        seconds: "{{ wheelhouse_soak_s | int }}"',
    '      when:',
    '        - wheelhouse_soak_s | int > 0',
    "        - ansible_play_batch | map('extract', hostvars, 'wheelhouse_good') | map('bool') | min",
    "        - ansible_play_batch | map('extract', hostvars, 'wheelhouse_changed') | map('bool') | max",
    '    - name: Look whether its agents still run and are ready',
    ...script("look {% for ran in wheelhouse_ran %}{{ loop.index0 ~ ' ' if ran else '' }}{% endfor %}"),
    '      when: wheelhouse_good | bool and wheelhouse_changed | bool',
    '      ignore_unreachable: true',
    '      failed_when: false',
    '      changed_when: false',
    '      register: wheelhouse_looked',
    '    - name: Remove the file of this computer',
    '      ansible.builtin.file:',
    '        path: "{{ wheelhouse_program.path }}"',
    '        state: absent',
    '      delegate_to: localhost',
    '      check_mode: false',
    '      changed_when: false',
    '    - name: Go on only where all is well',
    '      ansible.builtin.fail:',
    "        msg: \"{{ [wheelhouse_told.words | default(wheelhouse_nobody_tells), wheelhouse_final.words | default(''), wheelhouse_seen.words | default('')] | join(' ') | trim | regex_replace('[{}]', '') }}\"",
    '      when: not (wheelhouse_good | bool) or (wheelhouse_changed | bool and not (wheelhouse_seen.good | default(false) | bool))',
    '',
  ].join('\n')
}
