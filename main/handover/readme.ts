import type { AnsibleExport, Patch, RolloutPreview } from '../../shared/contract/index.ts'
import { dateWords } from '../base/words.ts'
import type { Host } from './hosts.ts'

interface Told {
  readonly preview: RolloutPreview
  readonly patch: Patch
  readonly hosts: readonly Host[]
  readonly leftOut: AnsibleExport['leftOut']
  readonly order: readonly string[]
  readonly armedForS: number
}

/** Words of a person or a machine as one cell of a table. */
const cell = (text: string): string =>
  text.replace(/[\p{Cc}\p{Cf}]/gu, ' ').replace(/[|`<>[\]]/g, (sign) => `\\${sign}`)

/** What lies in the folder and what it refuses. Pure. */
export function readmeOf({ preview, patch, hosts, leftOut, order, armedForS }: Told): string {
  const own = patch.content.verify.filter(({ kind }) => !['ready', 'channels', 'rules'].includes(kind))
  return [
    `# Patch ${cell(preview.patch.name)}, revision ${preview.patch.revision}`,
    '',
    `Written by Wheelhouse on ${dateWords(preview.takenAtMs)}. ${cell(preview.sentence)}`,
    '',
    '```',
    'ansible-playbook --check playbook.yml   # says what it would do; changes nothing',
    'ansible-playbook playbook.yml',
    '```',
    '',
    'The machines need SSH and the Node their agents run on, and no Python. This computer needs Ansible 2.14 or newer, and the',
    'keys that `inventory.yml` names (or an ssh agent).',
    '',
    `- **Order.** ${order.map((group) => `\`${group}\``).join(', ')}, one batch after the other, as in the preview. One machine that fails stops all that follow`,
    '  (`max_fail_percentage: 0`). One that is not there when its turn comes is passed by; a canary that is not there stops the rest.',
    '- **Plans are frozen.** Each file in `plans/` was worked out for one machine from its config as it was read last. A machine whose',
    '  config changed since refuses it, and nothing is changed there: preview and export again. One that has it all is left as it is.',
    '- **Each machine** is carried by the same programs that Wheelhouse uses: the old and the new config lie side by side, the',
    "  machine's own OpenClaw checks the new one, the fixed rules judge it, a timer is armed, the config is put in place, and the agent",
    '  has to take it, be ready, run its channels as before and keep the rules. Otherwise the old config is back before the play goes on.',
    `- **Confirmed** is over a new connection. What nobody confirms within ${Math.round(armedForS / 60)} minutes goes back by itself, also when this computer dies.`,
    '- **Host keys** are those in `known_hosts`, on the way through jump hosts too; another key ends the connection.',
    '- **Secrets** are in none of these files. `plans/` holds settings and handles of the people who may be answered: keep it to yourself.',
    '',
    'Not done here: Wheelhouse does not see this play. At its next sweep the change counts as made by somebody else, and its layers do',
    'not say it until you save it there. To take the patch back later, use Wheelhouse. `--limit` mixes machines of several waves.',
    ...(own.length === 0
      ? []
      : ['', `The patch also asks for checks that no play makes: ${own.map(({ kind }) => kind).join(', ')}.`]),
    '',
    '| machine | here | wave |',
    '|---|---|---|',
    ...hosts.map(({ alias, box, group }) => `| ${cell(box.name)} | \`${alias}\` | \`${group}\` |`),
    '',
    ...(leftOut.length === 0
      ? []
      : ['Left out:', '', ...leftOut.map(({ name, why }) => `- ${cell(name)}: ${cell(why)}`), '']),
  ].join('\n')
}
