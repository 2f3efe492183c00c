/** Signs that are drawn like a star. What NFKC makes a star of needs no entry. */
const starLike =
  /[*\u2042\u204e\u2051\u2055\u2217\u2218\u229b\u22c6\u2605\u2606\u2722-\u2725\u272b-\u273d\u2743-\u274b\u2a33\u2b50\ua673\u066d]|[\u{1f7af}-\u{1f7bf}\u{1f31f}]|\u20f0|\u0359/u

/** What no eye sees and some programs drop. */
const unseen = /[\p{Z}\p{C}\p{Default_Ignorable_Code_Point}]/gu

const everyoneWords = /^(all|any|anyone|anybody|everyone|everybody|public|\.\*|\.\+|%|\?+)$/i

/**
 * The text as it would be taken, when it lets in more than one person: a star in any spelling, alone or in a pattern,
 * behind a channel's prefix, in quotes, or a word that stands for everyone. Null: it does not.
 */
export function wildcardIn(text: string): string | null {
  const bare = text
    .normalize('NFKC')
    .replace(unseen, '')
    .replace(/^(?:[a-z][a-z0-9_-]{0,40}:)+/i, '')
    .replace(/^["'`([{<]+|["'`)\]}>]+$/g, '')
  if (starLike.test(bare) || starLike.test(text)) return text
  return everyoneWords.test(bare) ? text : null
}

/** `${VAR}`, also where it is escaped or only a part of the text. */
export const isFilledIn = (text: string): boolean => /\$\{[^}]*\}/.test(text.normalize('NFKC'))

const phone = /^\+?[1-9]\d{5,14}$/
const email = /^[a-z0-9.!#$%&'+/=^_`{|}~-]{1,64}@([a-z0-9-]{1,63}\.)+[a-z0-9-]{2,63}$/i
const chatId = /^[1-9]\d{2,19}$/

const shapes: Readonly<Record<string, readonly RegExp[]>> = {
  imessage: [phone, email],
  bluebubbles: [phone, email],
  whatsapp: [phone],
  signal: [phone, /^uuid:[0-9a-f-]{36}$/i],
  telegram: [chatId],
  imap: [email],
}
const anywhere = /^[A-Za-z0-9@.+_:-]{2,100}$/

/** Is the entry one person's handle on that channel: E.164, an e-mail address, a numeric id? */
export function isHandleOf(channel: string, entry: string): boolean {
  const bare = entry
    .trim()
    .replace(/^(telegram|tg|imessage|whatsapp|signal|tel|mailto|sms):/i, '')
    .replace(/(?<=[\d)])[\s().-]+(?=[\d(])/g, '')
  return (shapes[channel] ?? [anywhere]).some((shape) => shape.test(bare))
}
