import * as z from 'zod'
import { AgentId, AtMs, BoxId } from './ids.ts'

/** `unknown` is never green: not read, not readable, or older than two sweeps. */
export const Verdict = z.enum(['ok', 'warn', 'bad', 'unknown'])
export type Verdict = z.infer<typeof Verdict>

/** Groups of the machine page, in order (ui.md §9.3). */
export const FactGroup = z.enum([
  'reach',
  'versions',
  'agent',
  'channels',
  'access',
  'integrations',
  'changes',
  'backups',
  'system',
])
export type FactGroup = z.infer<typeof FactGroup>

/** Every fact this version knows, with the group it stands in and the words of its name. */
export const factNames = {
  'reach.answers': ['reach', 'Reached'],
  'reach.login': ['reach', 'Login'],
  'system.os': ['system', 'System'],
  'system.node': ['system', 'Node'],
  'system.boot': ['system', 'Last start'],
  'system.session': ['system', 'Someone logged in'],
  'system.disk': ['system', 'Free disk'],
  'system.encryption': ['system', 'Disk encryption'],
  'system.clock': ['system', 'Clock'],
  'system.sleep': ['system', 'Sleep'],
  'system.restart': ['system', 'Restart waiting'],
  'version.disk': ['versions', 'Version installed'],
  'version.running': ['versions', 'Version running'],
  'version.newest': ['versions', 'Newest known'],
  'version.gap': ['versions', 'Behind'],
  'version.days': ['versions', 'Days behind'],
  'version.lab': ['versions', 'Behind the lab'],
  'version.lab-days': ['versions', 'Days behind the lab'],
  'version.needs': ['versions', 'Needs first'],
  'version.install': ['versions', 'Installed as'],
  'version.channel': ['versions', 'Update channel'],
  'version.commit': ['versions', 'Commit'],
  'version.built': ['versions', 'Built from'],
  'version.fetched': ['versions', 'Last looked for updates'],
  'version.update': ['versions', 'Last update of itself'],
  'version.patches': ['versions', 'Local patches'],
  'code.commit': ['versions', 'Own code'],
  'code.behind': ['versions', 'Own code behind'],
  'code.edited': ['versions', 'Own code edited'],
  'code.unpushed': ['versions', 'Own code only there'],
  'code.fetched': ['versions', 'Own code last looked'],
  'agent.service': ['agent', 'Service'],
  'agent.ready': ['agent', 'Ready'],
  'agent.crashes': ['agent', 'Unclean stops'],
  'agent.model': ['agent', 'Model'],
  'logs.kept': ['agent', 'Keeps its log'],
  'config.valid': ['agent', 'Config on disk'],
  'config.applied': ['agent', 'Config in use'],
  'change.open': ['changes', 'Change half-way'],
  'config.hash': ['changes', 'Config fingerprint'],
  'config.changed': ['changes', 'Config last changed'],
  'service.unit': ['changes', 'Service file'],
  'keys.authorized': ['changes', 'Keys that may log in'],
  'keys.login': ['changes', 'Keys of its own'],
  'users.list': ['changes', 'Users'],
  'remote.tools': ['changes', 'Remote access'],
  'channel.connected': ['channels', 'Connected'],
  'channel.suppressed': ['channels', 'Suppressed'],
  'channel.permission': ['channels', 'Leave of the system'],
  'channel.queue': ['channels', 'Waiting in its queue'],
  'access.answers': ['access', 'Answers'],
  'activity.inbound': ['channels', 'Last message in'],
  'activity.reply': ['channels', 'Last good reply'],
  'activity.unanswered': ['channels', 'Unanswered'],
  'activity.failures': ['channels', 'Failed replies'],
  'integration.email': ['integrations', 'E-mail'],
  'integration.calendar': ['integrations', 'Calendar'],
  'integration.crm': ['integrations', 'CRM'],
  'integration.other': ['integrations', 'Other service'],
  'backup.last': ['backups', 'Last backup'],
} as const satisfies Record<string, readonly [FactGroup, string]>
export type FactKey = keyof typeof factNames
export const FactKey = z.enum(Object.keys(factNames) as [FactKey, ...FactKey[]])

/** A fact as it stands in the store: value, when taken, evidence. `boxAtMs` is the box's own clock. */
export const Fact = z.object({
  boxId: BoxId,
  /** Null: about the machine, not one of its agents. */
  agentId: AgentId.nullable(),
  key: FactKey,
  /** Tells facts of one key apart: a channel account such as `telegram/default`, a tracked folder; empty otherwise. */
  instance: z.string(),
  verdict: Verdict,
  /** The value in words, as shown: "2026.9.6", "366 commits", "Dana Bright only". */
  text: z.string(),
  /** The value for sorting, folding and scripts; null when unknown. */
  value: z.union([z.string(), z.number(), z.boolean(), z.null()]),
  takenAtMs: AtMs,
  evidence: z.object({
    /** Which file, query or answer said so. */
    source: z.string(),
    /** What it said, raw but capped, secrets replaced. */
    raw: z.string(),
  }),
  /** True when older than two sweeps: shown with its age, never green. Derived on reading. */
  stale: z.boolean(),
})
export type Fact = z.infer<typeof Fact>

export const FactHistory = z.array(
  z.object({ verdict: Verdict, text: z.string(), fromMs: AtMs, toMs: AtMs, source: z.string(), raw: z.string() }),
)

/** A span in which nobody watched: nothing is known of what came and went in it. */
export const UnwatchedSpan = z.object({
  fromMs: AtMs,
  /** When a machine answered again; now, while it lasts. */
  toMs: AtMs,
  why: z.enum(['app closed', 'asleep', 'no network']),
})
export type UnwatchedSpan = z.infer<typeof UnwatchedSpan>
