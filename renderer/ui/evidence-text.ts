import { untrusted } from '../../shared/untrusted.ts'

const shown = 4_000

/** What a machine said, as it is shown: an object a field a line, so that no value is broken in the middle of a line of others. */
export function evidenceText(raw: string): string {
  let text = raw
  try {
    const value: unknown = JSON.parse(raw)
    if (typeof value === 'object' && value !== null) text = JSON.stringify(value, null, 2)
  } catch {
    // It is no JSON: shown as it came.
  }
  const cut = text.length > shown ? `${text.slice(0, shown)}…` : text
  return cut
    .split('\n')
    .map((line) => untrusted(line, shown))
    .join('\n')
}
