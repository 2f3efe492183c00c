import type { Rule, RuleId } from '../../shared/contract/index.ts'

type Words = Omit<Rule, 'ruleId'>

const replied =
  'An iMessage list held “*”: the agent answered more than twenty people of the client, some in the middle of a deal.'

/** Every rule. There is no switch, flag or file that turns one off; what is not in here is not a rule. */
const words: Record<RuleId, Words> = {
  'own-people': {
    name: 'own people only',
    strength: 'lock',
    sentence: "On the client's own accounts only the client's own handles are answered; on a team's, the named people.",
    incident: replied,
    fix: "List the client's own numbers and nobody else; add another number of the client where one is missing.",
    sinceVersion: '',
    proof: '2026.9.6: with allowlist and one number, a stranger on Telegram and on iMessage got nothing.',
  },
  'no-wildcard': {
    name: 'no wildcard',
    strength: 'lock',
    sentence: 'Nobody is let in by a wildcard, however it is spelled.',
    incident: replied,
    fix: 'Take the wildcard off the list.',
    sinceVersion: '',
    proof: '2026.9.6: “*” opens allowlist, pairing and open alike, and its own check calls that valid.',
  },
  'no-references': {
    name: 'no references',
    strength: 'lock',
    sentence: 'Who is let in stands in the settings themselves, never behind a variable, a secret or an included file.',
    incident: 'A list filled in when the gateway starts can hold anything, and nobody can read it before.',
    fix: 'Write the handles out.',
    sinceVersion: '',
    proof: 'A reference in a list is judged as unknown here, and unknown is never green.',
  },
  'no-pairing': {
    name: 'no pairing codes',
    strength: 'lock',
    sentence: 'Strangers get no pairing code.',
    incident: 'Whoever wrote to the client got “access not configured” and a code from the client’s own number.',
    fix: 'Set the channel to its list only.',
    sinceVersion: '',
    proof: '2026.9.6: pairing, also where no policy is named, answered 3 of 3 contacts with a code.',
  },
  'no-groups': {
    name: 'groups off',
    strength: 'lock',
    sentence: "Groups are off on the client's own accounts and on public ones.",
    incident: 'Groups of a client were answered despite empty lists, and raw error texts went there.',
    fix: 'Turn groups off for that channel.',
    sinceVersion: '',
    proof: '2026.9.6: a group list that is missing falls back to the list of people; disabled answers in none.',
  },
  'no-config-by-chat': {
    name: 'no settings by chat',
    strength: 'lock',
    sentence: 'Nobody can change the settings by writing to the agent.',
    incident: 'It is on unless it is turned off: whoever is answered may rewrite who is answered.',
    fix: 'Turn off changes by chat for that channel.',
    sinceVersion: '',
    proof: '2026.9.6: configWrites is true where nothing is said.',
  },
  'no-reopening': {
    name: 'accounts stay closed',
    strength: 'lock',
    sentence: 'One account of a channel never opens what the channel keeps closed.',
    incident: 'A second account with settings of its own answered everyone while the channel looked closed.',
    fix: 'Take the opening setting out of that account.',
    sinceVersion: '',
    proof: '2026.9.6: settings of an account go before those of its channel.',
  },
  'public-safeguards': {
    name: 'public with its safeguards',
    strength: 'lock',
    sentence:
      'An account that answers whoever writes has a conversation per sender, no commands or files, groups off, a most per hour, a person for the first answers, a human number and a fallback sentence.',
    incident: 'A stranger’s messages landed in the owner’s own conversation, with the owner’s tools.',
    fix: 'Put back the safeguard that is missing, or make the account the client’s own.',
    sinceVersion: '',
    proof: '2026.9.6: without a conversation per sender a stranger wrote into agent:main:main.',
  },
  'owners-tools': {
    name: 'commands for owners only',
    strength: 'lock',
    sentence: 'Commands and elevated tools are for the client’s own handles alone.',
    incident: 'An agent that others can reach runs commands and writes files unless that is turned off.',
    fix: 'Deny commands where others can write, and list only the client’s own handles for elevated tools.',
    sinceVersion: '',
    proof: '2026.9.6: exec, process and write are on where nothing is said, and the sandbox is off.',
  },
  'closed-gateway': {
    name: 'gateway closed',
    strength: 'lock',
    sentence: 'The gateway cannot be reached from the network without a login.',
    incident: 'A gateway bound to the network without a login takes orders from whoever finds it.',
    fix: 'Bind the gateway to the machine itself, or turn its login on.',
    sinceVersion: '',
    proof: 'OpenClaw names this case gateway.bind_no_auth.',
  },
  'no-plain-secrets': {
    name: 'no plain secrets',
    strength: 'lock',
    sentence: 'No secret stands in the settings in plain text.',
    incident: 'Whoever reads a backup or a screen share has the key.',
    fix: 'Move it to an environment variable on the machine and name that.',
    sinceVersion: '',
    proof: 'A reference leaves the machine as it is; a secret only as a keyed fingerprint.',
  },
  'money-asks': {
    name: 'money asks a person',
    strength: 'lock',
    sentence: 'A tool that moves money waits for a person each time.',
    incident: 'A payment cannot be called back.',
    fix: 'Let that tool ask, or turn it off.',
    sinceVersion: '',
    proof: 'Tools nobody judged yet are listed, never taken for harmless.',
  },
  'backup-fresh': {
    name: 'fresh backup',
    strength: 'duty',
    sentence: 'The last backup is younger than 26 hours.',
    incident: 'A disk died and the newest copy was five weeks old.',
    fix: 'Make a backup there, and see why none was made.',
    sinceVersion: '2026.8.1',
    proof: 'The runtime writes down its backups.',
  },
  retention: {
    name: '90 days kept',
    strength: 'duty',
    sentence: 'Conversations are kept for 90 days.',
    incident: 'What was promised to a buyer could not be looked up after a month.',
    fix: 'Set the age at which conversations are put away to 90 days or more.',
    sinceVersion: '',
    proof: '2026.6.11 removes what rests for 30 days where nothing is said; 2026.9.6 puts it away and keeps it.',
  },
  'disk-encrypted': {
    name: 'encrypted disk',
    strength: 'duty',
    sentence: 'The disk is encrypted.',
    incident: 'Whoever takes the machine can read it.',
    fix: 'Turn on disk encryption there, and keep its recovery key.',
    sinceVersion: '',
    proof: 'The system says so itself.',
  },
  'message-audit': {
    name: 'message audit',
    strength: 'duty',
    sentence: 'That messages came in and were answered is written down, without their content.',
    incident: 'After an outage nobody could say which messages had been lost.',
    fix: 'Set the message audit to direct messages.',
    sinceVersion: '2026.7.1',
    proof: '2026.9.6: logging.audit.messages is off where nothing is said; 2026.6.11 refuses the key.',
  },
  'log-kept': {
    name: 'log kept',
    strength: 'duty',
    sentence: 'The log is kept longer than a day.',
    incident: 'The log had been dropped before somebody came to read it.',
    fix: 'Name a log file in its settings.',
    sinceVersion: '',
    proof: 'Dated log files are dropped after 24 hours.',
  },
  'no-auto-update': {
    name: 'no update by itself',
    strength: 'duty',
    sentence: 'It never updates by itself.',
    incident: 'An update at night removed settings, and the agent was down for 18 hours.',
    fix: 'Turn off automatic updates.',
    sinceVersion: '',
    proof: 'Only what is turned off is off.',
  },
  'human-fallback': {
    name: 'human number',
    strength: 'duty',
    sentence: 'There is a human number to give when the agent does not know.',
    incident: 'An agent that cannot help and cannot say who can is worse than none.',
    fix: 'Write down the client’s human number.',
    sinceVersion: '',
    proof: 'It stands in the inventory.',
  },
}

/** Locks first, in the order in which they are shown. */
export const catalogue: readonly Rule[] = Object.entries(words).map(([ruleId, rest]) => ({
  ruleId: ruleId as RuleId,
  ...rest,
}))

export const ruleOf = (ruleId: RuleId): Rule => ({ ruleId, ...words[ruleId] })

export const isLock = (ruleId: RuleId): boolean => words[ruleId].strength === 'lock'
