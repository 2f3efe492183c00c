/** The parts of the form in their order. `id` is the name of the section in a layer; `all` are the raw settings. */
export const sections: readonly { id: string; name: string; title: string; help: string }[] = [
  {
    id: 'channels',
    name: 'Channels',
    title: 'Who may talk to it',
    help: 'Each channel account and who is answered there. Fixed rules decide what can be chosen.',
  },
  {
    id: 'model',
    name: 'Model and cost',
    title: 'Model and cost',
    help: 'Which model answers, which step in, and what a day may cost.',
  },
  {
    id: 'tools',
    name: 'Tools',
    title: 'Tools and approvals',
    help: 'What the agent may do beside answering, and what waits for a person.',
  },
  {
    id: 'heartbeat',
    name: 'Hours',
    title: 'Heartbeat and hours',
    help: 'When the agent looks at its own list without being asked.',
  },
  {
    id: 'logging',
    name: 'Logging',
    title: 'Logging and message audit',
    help: 'What is written down on the machine, and for how long it is of use after an outage.',
  },
  {
    id: 'retention',
    name: 'Retention',
    title: 'Retention',
    help: 'How long conversations stay on the machine.',
  },
  {
    id: 'escalation',
    name: 'Escalation',
    title: 'When it does not know',
    help: 'Whom a person can call, and what the agent says instead of guessing.',
  },
  {
    id: 'flags',
    name: 'Flags',
    title: 'Flags',
    help: 'Capabilities that are off until somebody turns them on for a client.',
  },
  {
    id: 'files',
    name: 'Files',
    title: 'Files',
    help: 'Files of the agent’s workspace by their content: SOUL.md, AGENTS.md, TOOLS.md and files of skills. They are kept here and carried with a change.',
  },
  {
    id: 'updates',
    name: 'Updates',
    title: 'Updates',
    help: 'Which version a machine is to have, and whether the agent may change it by itself.',
  },
  {
    id: 'all',
    name: 'All settings',
    title: 'All settings',
    help: 'The runtime’s own settings by path. What a guided section says stands there; the rest is said here.',
  },
]

export const sectionOf = (id: string | undefined) => sections.find((each) => each.id === id) ?? sections[0]
