import { structuredPatch } from 'diff'
import type { TextDiffLine } from '../../shared/contract/index.ts'
import { untrusted } from '../../shared/untrusted.ts'

const mostLines = 400
const lineChars = 400
const contextLines = 3
/** Further apart than this, two texts are better read whole. */
const mostEdits = 2_000

export interface Compared {
  readonly words: string
  readonly lines: TextDiffLine[]
  readonly moreLines: number
}

/** What a file on a machine says against what is declared, as a unified difference. Pure. */
export function compareTexts(found: string, declared: string): Compared {
  const patch = structuredPatch('', '', found, declared, '', '', { context: contextLines, maxEditLength: mostEdits })
  if (patch === undefined) return { words: 'They have too little in common to be compared.', lines: [], moreLines: 0 }
  // Of no line at all, the place is the one before.
  const place = (start: number, count: number) => `${count === 0 ? start - 1 : start},${count}`
  const lines = patch.hunks.flatMap(({ oldStart, oldLines, newStart, newLines, lines: own }) => [
    { kind: 'gap' as const, text: `@@ -${place(oldStart, oldLines)} +${place(newStart, newLines)} @@` },
    ...own.map((line): TextDiffLine => {
      const kind = { '+': 'more', '-': 'less', ' ': 'same', '\\': 'gap' }[line.charAt(0)] ?? 'same'
      return { kind: kind as TextDiffLine['kind'], text: untrusted(line.replace(/^[+ -]/, ''), lineChars) }
    }),
  ])
  return {
    words: lines.length === 0 ? 'They differ in nothing but what is redacted.' : '',
    lines: lines.slice(0, mostLines),
    moreLines: Math.max(0, lines.length - mostLines),
  }
}
