/**
 * What differs from line to line of one kind, longest kinds first; each match becomes its name. Every expression is
 * linear: no repetition within a repetition. Before it a sign that stands in every match: most lines have few of them.
 */
const variables: readonly (readonly [sign: string | RegExp, shape: RegExp, name: string])[] = [
  ['⟨', /⟨[^⟩]{0,80}⟩/g, '<*>'],
  ['-', /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi, '<id>'],
  ['-', /\b\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:[.,]\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)?)?/g, '<time>'],
  [':', /\b\d\d:\d\d:\d\d(?:[.,]\d{1,9})?\b/g, '<time>'],
  ['://', /\b(?:https?|wss?|file):\/\/[^\s"'<>)\]]+/g, '<url>'],
  ['.', /\b\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}(?::\d{1,5})?\b/g, '<address>'],
  [/[\\/]/, /(?<![\w./~-])(?:~|\.{1,2}|[A-Za-z]:)?[\\/][\w.@~+-]+(?:[\\/][\w.@~+-]+)*/g, '<path>'],
  [/\d/, /\b(?=[0-9a-f]*\d)[0-9a-f]{7,64}\b/gi, '<id>'],
  [/\d/, /(?<![\w.])[-+]?\d+(?:[.,]\d+)*(?=(?:ms|s|m|h|d|%|[KMGTkmgt]i?B|B|px)?(?![\w.]))/g, '<n>'],
]

/** A line without what changes from one such line to the next: `took 41ms` and `took 8ms` become `took <n>ms`. */
export function maskVariables(text: string): string {
  let masked = text
  for (const [sign, shape, name] of variables)
    if (typeof sign === 'string' ? masked.includes(sign) : sign.test(masked)) masked = masked.replace(shape, name)
  return masked
}
