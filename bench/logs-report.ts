import { seconds } from './report.ts'
import { type TailsSection, tailsSection } from './tails-report.ts'
import { type WindowSection, windowSection } from './window-report.ts'

export interface Measured {
  readonly words: string
  readonly ms: number
  /** At most; null: it is only told. */
  readonly limitMs: number | null
  readonly note?: string
}

export interface SizeSection {
  readonly lines: number
  readonly when: string
  readonly machine: string
  readonly load: number
  readonly insertPerSecond: number
  readonly bytes: number
  readonly rawBytes: number
  readonly bytesLimit: number | null
  readonly measured: readonly Measured[]
}

const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(2)} GB`
const many = (count: number): string => count.toLocaleString('en-US').replaceAll(',', ' ')

function section(size: SizeSection): string[] {
  const busy =
    size.load > 0.5 ? ` **The machine was busy (load ${size.load.toFixed(1)} a core): the times are too long.**` : ''
  const verdict = (met: boolean | null) => (met === null ? '' : met ? 'met' : '**not met**')
  return [
    `## ${many(size.lines)} lines`,
    '',
    `${size.when}. ${size.machine}.${busy}`,
    '',
    '| | found | goal | |',
    '|---|---|---|---|',
    `| stored by \`append\` | ${many(Math.round(size.insertPerSecond / 1000) * 1000)} lines/s | | |`,
    `| \`logs.db\`, of ${gigabytes(size.rawBytes)} of text | ${gigabytes(size.bytes)} | ${size.bytesLimit === null ? '' : `≤ ${gigabytes(size.bytesLimit)}`} | ${verdict(size.bytesLimit === null ? null : size.bytes <= size.bytesLimit)} |`,
    ...size.measured.map(
      ({ words, ms, limitMs, note }) =>
        `| ${words}${note === undefined ? '' : ` (${note})`} | ${seconds(ms)} | ${limitMs === null ? '' : `≤ ${seconds(limitMs)}`} | ${verdict(limitMs === null ? null : ms <= limitMs)} |`,
    ),
    '',
  ]
}

const headingOf = (text: string): string => text.split('\n', 1)[0] ?? ''

/** The sections of a page that was written before, by their headings. */
const sectionsOf = (page: string): string[] =>
  page
    .split(/^(?=## )/m)
    .slice(1)
    .map((text) => text.replace(/\n(All goals are met|Not met:)[^\n]*\n*$/, '\n'))

const order = (heading: string): number => (/ lines$/.test(heading) ? 0 : / followed live$/.test(heading) ? 1 : 2)
const bySize = (heading: string): number => Number(heading.replace(/\D/g, ''))

/** The goals that a page says are missed: the first cell of their rows. */
const missesOf = (section: string): string[] =>
  section
    .split('\n')
    .filter((line) => /\*\*not met\*\* \|$/.test(line))
    .map((line) => `${line.split('|')[1]?.trim()} (${headingOf(section).slice(3)})`)

/** The whole of `docs/benchmarks-logs.md`: what was measured now, and of the page before what was not measured again. */
export function markdown(
  before: string,
  { sizes, tails, window }: { sizes: readonly SizeSection[]; tails: TailsSection | null; window: WindowSection | null },
): string {
  const fresh = [
    ...sizes.map(section),
    ...(tails ? [tailsSection(tails)] : []),
    ...(window ? [windowSection(window)] : []),
  ]
  const texts = fresh.map((lines) => lines.join('\n'))
  const headings = new Set(texts.map(headingOf))
  const kept = sectionsOf(before).filter((text) => !headings.has(headingOf(text)))
  const all = [...texts, ...kept]
    .map((text) => text.trimEnd())
    .sort((a, b) => order(headingOf(a)) - order(headingOf(b)) || bySize(headingOf(a)) - bySize(headingOf(b)))
  const unmet = all.flatMap(missesOf)
  return [
    '# Benchmarks of the logs',
    '',
    '`npm run bench:logs` writes this file. Made-up lines of 12 machines over 90 days, about 150 bytes each, stored through the',
    "console's own `append`, read through its own pages and search, its threads included. Medians of 5, in turn with the other",
    'tools, over the same text in a plain file. Each first page is read by a new thread that has just opened the file.',
    '',
    ...all.flatMap((text) => [text, '']),
    unmet.length === 0 ? 'All goals are met.' : `Not met: ${unmet.join('; ')}.`,
    '',
  ].join('\n')
}
