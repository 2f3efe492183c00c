import type { RuleId, RuleVerdict } from '../../shared/contract/index.ts'
import { spanWords } from '../base/words.ts'
import { catalogue } from './catalogue.ts'
import {
  judgeConfigByChat,
  judgeGroups,
  judgeOwnPeople,
  judgePairing,
  judgeReferences,
  judgeReopening,
  judgeWildcards,
} from './judge-doors.ts'
import { judgeAudit, judgeGateway, judgeRetention, judgeSecrets, judgeUpdates } from './judge-system.ts'
import { judgeMoney, judgeOwnersTools, judgeSafeguards } from './judge-tools.ts'
import type { DutyFacts, RuleSubject } from './subject.ts'
import { type Looked, nothing, verdictOf } from './verdict.ts'

const backupLastsMs = 26 * 3_600_000

const notRead = (what: string): Looked => ({ breaches: [], unknown: [what] })

function judgeBackup({ backupAgeMs }: DutyFacts): Looked {
  if (backupAgeMs === null) return notRead('its backups')
  if (backupAgeMs === 'to-come') return notRead('its newest backup has a date that is to come')
  if (backupAgeMs === 'never') return { breaches: [{ place: 'backup', what: 'none yet' }], unknown: [] }
  return backupAgeMs <= backupLastsMs
    ? nothing
    : { breaches: [{ place: 'backup', what: `${spanWords(backupAgeMs)} old` }], unknown: [] }
}

const duty = (subject: RuleSubject, look: (facts: DutyFacts) => Looked): Looked =>
  subject.duties === null ? notRead('a plan says nothing about it') : look(subject.duties)

const judges: Record<RuleId, (subject: RuleSubject) => Looked> = {
  'own-people': judgeOwnPeople,
  'no-wildcard': judgeWildcards,
  'no-references': judgeReferences,
  'no-pairing': judgePairing,
  'no-groups': judgeGroups,
  'no-config-by-chat': judgeConfigByChat,
  'no-reopening': judgeReopening,
  'public-safeguards': judgeSafeguards,
  'owners-tools': judgeOwnersTools,
  'closed-gateway': judgeGateway,
  'no-plain-secrets': judgeSecrets,
  'money-asks': judgeMoney,
  'backup-fresh': (subject) => duty(subject, judgeBackup),
  retention: judgeRetention,
  'disk-encrypted': (subject) =>
    duty(subject, ({ encrypted }) =>
      encrypted === null
        ? notRead('its disk')
        : encrypted
          ? nothing
          : { breaches: [{ place: 'disk', what: 'not encrypted' }], unknown: [] },
    ),
  'message-audit': judgeAudit,
  'log-kept': (subject) =>
    duty(subject, ({ logDaily }) =>
      logDaily === null
        ? notRead('its log')
        : logDaily
          ? { breaches: [{ place: 'log', what: 'a file a day' }], unknown: [] }
          : nothing,
    ),
  'no-auto-update': judgeUpdates,
  'human-fallback': ({ client }) =>
    client === null || client.humanFallback !== ''
      ? nothing
      : { breaches: [{ place: 'client', what: 'no human number' }], unknown: [] },
}

/** Every rule over one agent, locks first. Pure; nothing is looked up. */
export const judgeRules = (subject: RuleSubject): RuleVerdict[] =>
  catalogue.map(({ ruleId }) => verdictOf(ruleId, judges[ruleId](subject)))
