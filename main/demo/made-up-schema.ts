/** A setting as the made-up runtime describes it: its type, or the values it may have; what it is for. */
type Leaf = readonly [type: string | readonly string[], title: string, description?: string]

const access: Record<string, Leaf> = {
  enabled: ['boolean', 'Enabled'],
  dmPolicy: [['pairing', 'allowlist', 'open', 'disabled'], 'DM Policy', 'Who is answered by direct message.'],
  allowFrom: ['strings', 'Allow From', 'People who may write, by their handles on this channel.'],
  groupPolicy: [['open', 'allowlist', 'disabled'], 'Group Policy', 'In which groups it answers.'],
  groupAllowFrom: ['strings', 'Group Allow From', 'People who may write in groups.'],
  configWrites: ['boolean', 'Config Writes', 'Chat commands may change the config.'],
}
const inEveryChannel = ['telegram', 'imessage', 'whatsapp', 'slack', 'signal'].flatMap((channel) =>
  Object.entries(access).flatMap(([name, leaf]): [string, Leaf][] => [
    [`channels.${channel}.${name}`, leaf],
    [`channels.${channel}.accounts.*.${name}`, leaf],
  ]),
)

/** The settings that an operator meets, with the words of the real one made short. Of both eras. */
const ofBoth: readonly (readonly [string, Leaf])[] = [
  ...inEveryChannel,
  ['agents.defaults.model.primary', ['string', 'Primary Model', 'Primary model (provider/model).']],
  ['agents.defaults.model.fallbacks', ['strings', 'Fallback Models', 'In order, when the primary model fails.']],
  ['agents.defaults.workspace', ['string', 'Workspace']],
  ['agents.defaults.heartbeat.every', ['string', 'Heartbeat Interval', 'Such as 30m; 0m never.']],
  ['agents.defaults.heartbeat.target', ['string', 'Heartbeat Target', 'To whom it writes by itself.']],
  ['agents.defaults.heartbeat.activeHours.start', ['string', 'Active Hours Start']],
  ['agents.defaults.heartbeat.activeHours.end', ['string', 'Active Hours End']],
  ['agents.defaults.heartbeat.activeHours.timezone', ['string', 'Active Hours Time Zone']],
  ['commands.ownerAllowFrom', ['strings', 'Command Owners', 'Who may give commands that only an owner may give.']],
  ['commands.restart', ['boolean', 'Allow Restart', 'Allow /restart and /update by chat.']],
  ['cron.enabled', ['boolean', 'Cron Enabled']],
  ['cron.sessionRetention', ['string', 'Cron Session Retention', 'How long completed runs are kept, such as 30d.']],
  ['gateway.port', ['integer', 'Gateway Port']],
  ['gateway.bind', [['auto', 'lan', 'loopback', 'custom', 'tailnet'], 'Gateway Bind', 'Which network it listens on.']],
  ['gateway.auth.mode', [['none', 'token', 'password', 'trusted-proxy'], 'Gateway Auth Mode']],
  ['gateway.reload.mode', [['off', 'restart', 'hot', 'hybrid'], 'Config Reload Mode']],
  ['logging.level', [['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace'], 'Log Level']],
  ['logging.file', ['string', 'Log File Path']],
  ['logging.maxFileBytes', ['integer', 'Largest Log File']],
  ['mcp.servers.*.enabled', ['boolean', 'Server Enabled']],
  ['plugins.allow', ['strings', 'Plugin Allowlist']],
  ['plugins.entries.*.enabled', ['boolean', 'Plugin Enabled']],
  [
    'session.dmScope',
    [
      ['main', 'per-peer', 'per-channel-peer', 'per-account-channel-peer'],
      'DM Session Scope',
      'Whether people share one conversation.',
    ],
  ],
  ['session.maintenance.mode', [['enforce', 'warn'], 'Maintenance Mode']],
  ['session.maintenance.pruneAfter', ['string', 'Prune After', 'Conversations that rest longer are put away.']],
  ['session.maintenance.resetArchiveRetention', ['string', 'Archive Retention']],
  ['skills.entries.*.enabled', ['boolean', 'Skill Enabled']],
  ['tools.deny', ['strings', 'Tool Denylist', 'Tools that are refused.']],
  ['tools.elevated.enabled', ['boolean', 'Elevated Tools', 'Commands with more rights than the agent’s own.']],
  [
    'tools.exec.mode',
    [['deny', 'allowlist', 'ask', 'auto', 'full'], 'Exec Mode', 'How commands of the machine are allowed.'],
  ],
  ['tools.fs.workspaceOnly', ['boolean', 'Workspace Only']],
  ['tools.sessions.visibility', [['self', 'tree', 'agent', 'all'], 'Session Visibility']],
  ['update.auto.enabled', ['boolean', 'Auto Update']],
  ['update.checkOnStart', ['boolean', 'Check On Start']],
]
const ofNewer: readonly (readonly [string, Leaf])[] = [
  ['logging.audit.enabled', ['boolean', 'Audit', 'Runs and tools are written down, without content.']],
  [
    'logging.audit.messages',
    [['off', 'direct', 'all'], 'Message Audit', 'Messages are written down, without content.'],
  ],
]
/** Here every name is known; elsewhere the made-up runtime takes more than it lists. */
const closed = new Set(['logging', 'logging.audit', 'update'])

interface Schema {
  [name: string]: unknown
  properties?: Record<string, Schema>
  additionalProperties?: Schema | boolean
}

/** What `openclaw config schema` prints on a made-up machine: JSON Schema of the settings that matter here. */
export function madeUpSchema(version: string): string {
  const root: Schema = { type: 'object' }
  const isOlder = /^2026\.[1-7]\./.test(version)
  for (const [path, leaf] of isOlder ? ofBoth : [...ofBoth, ...ofNewer]) put(root, path.split('.'), leaf, '')
  return JSON.stringify(root)
}

function put(at: Schema, [name = '', ...rest]: readonly string[], leaf: Leaf, above: string): void {
  const path = above === '' ? name : `${above}.${name}`
  const node = childOf(at, name)
  if (rest.length === 0) {
    describe(node, leaf)
    return
  }
  node.type = 'object'
  if (closed.has(path)) node.additionalProperties = false
  put(node, rest, leaf, path)
}

function describe(node: Schema, [type, title, description = '']: Leaf): void {
  if (typeof type !== 'string') Object.assign(node, { type: 'string', enum: type })
  else if (type === 'strings') Object.assign(node, { type: 'array', items: { type: ['string', 'number'] } })
  else node.type = type
  Object.assign(node, { title, description })
}

function childOf(at: Schema, name: string): Schema {
  if (name === '*') {
    const found = typeof at.additionalProperties === 'object' ? at.additionalProperties : {}
    at.additionalProperties = found
    return found
  }
  at.properties ??= {}
  at.properties[name] ??= {}
  return at.properties[name]
}
