/** Text that came from a box: capped, with control and direction marks made visible. Never HTML, a link, a path, a shell word or an id of ours. */
export type Untrusted = string & { readonly __untrusted: true }

const hidden = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\u2028\u2029]/gu

/** Every character that cannot be seen, or that turns the reading direction, as its number: `⟨202E⟩`. Nothing is cut. */
export const showHidden = (text: string): string =>
  text.replace(hidden, (char) => `⟨${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}⟩`)

/**
 * Makes text from a box safe to store and show: characters that cannot be seen or that turn the
 * reading direction become `⟨202E⟩`; line breaks and tabs become a space; longer text is cut with an ellipsis.
 *
 * @param maxChars counted after the cut, in UTF-16 units. Default 200 (ui.md §6).
 */
export function untrusted(raw: string, maxChars = 200): Untrusted {
  const head = raw.slice(0, maxChars * 4).replace(/[\r\n\t]+/g, ' ')
  const visible = showHidden(head)
  const whole = visible.length <= maxChars && raw.length <= maxChars * 4
  return (whole ? visible : `${visible.slice(0, maxChars - 1)}…`) as Untrusted
}
