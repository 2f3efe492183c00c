import { isAtLeast } from './versions.ts'

type PolicyKey = 'dmPolicy' | 'groupPolicy'

const names = (text: string): ReadonlySet<string> => new Set(text.split(' '))

/** Whose groups are let in by `allowlist` where the channel says nothing: `channels.defaults` never counts for them. */
const channelsWithGroupPolicy = names(
  'buzz discord googlechat imessage irc line mattermost msteams nextcloud-talk signal slack telegram whatsapp zalouser',
)
/** Whose accounts get a policy each where they say nothing, whatever their channel says. */
const everyVersion: Record<PolicyKey, ReadonlySet<string>> = {
  dmPolicy: names('irc line mattermost nextcloud-talk sms'),
  groupPolicy: names('irc line mattermost nextcloud-talk zalouser'),
}
const olderVersions: Record<PolicyKey, ReadonlySet<string>> = {
  dmPolicy: names('imessage signal telegram'),
  groupPolicy: names('discord googlechat imessage signal telegram'),
}
const filled: Record<PolicyKey, string> = { dmPolicy: 'pairing', groupPolicy: 'allowlist' }

/**
 * What the runtime itself fills in for a named account before it looks at the channel; undefined: the channel counts.
 * From the schemas of 2026.6.11 and 2026.9.6, and seen in what their own loaders make of a config: on 2026.6.11 an account
 * of a closed Telegram that says nothing itself sends pairing codes to strangers.
 */
export function filledForAccount(channel: string, version: string, key: PolicyKey): string | undefined {
  const fills = everyVersion[key].has(channel) || (!isAtLeast(version, '2026.8.0') && olderVersions[key].has(channel))
  return fills ? filled[key] : undefined
}

/** What it fills in for a channel; undefined: `channels.defaults` counts. */
export const filledForChannel = (channel: string): string | undefined =>
  channelsWithGroupPolicy.has(channel) ? filled.groupPolicy : undefined
