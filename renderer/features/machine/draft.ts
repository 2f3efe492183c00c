import type { Client } from '../../../shared/contract/index.ts'

/** Whom to ask when a machine does not answer: the first contact with a way to be reached. */
export const contactOf = (client: Client | null): Client['contacts'][number] | null =>
  client?.contacts.find((contact) => contact.handle !== '') ?? client?.contacts[0] ?? null

/** A message for the person at the machine, ready to be sent by hand. Nothing is sent from here. */
export function messageDraft(contact: string, boxName: string, since: string | null): string {
  const [first = ''] = contact.split(' ')
  const when = since ? ` since ${since}` : ''
  return `Hi ${first || 'there'}, the computer your assistant runs on (${boxName}) has not answered${when}. Could you see whether it is switched on and online? If it shows a login window, logging in is enough.`
}
