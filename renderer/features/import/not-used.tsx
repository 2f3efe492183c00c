import type { ImportPreview } from '../../../shared/contract/index.ts'
import { SectionLabel, UntrustedText } from '../../ui/text.tsx'
import { assign, csvFields, type Mapping } from './mapping.ts'

export interface NotUsedProps {
  preview: ImportPreview
  mapping: Mapping
  problem: string
  onMapping: (mapping: Mapping) => void
}

/** Beside the rows: which column fills what, and what of the file is not used, with line and reason. */
export function NotUsed({ preview, mapping, problem, onMapping }: NotUsedProps) {
  const csv = preview.kind === 'csv'
  const isColumn = (text: string) =>
    csv && preview.columns.some(({ header, field }) => header === text && field === null)
  const others = preview.unsupported.filter(({ text }) => !isColumn(text))
  if (!csv && preview.unsupported.length === 0) return null
  return (
    <aside
      aria-label="How the file is read"
      className="flex w-[360px] shrink-0 flex-col gap-6 overflow-y-auto border-l border-line bg-surface p-4"
    >
      {csv && (
        <section className="flex flex-col gap-2" aria-label="Columns">
          <SectionLabel count={preview.columns.length}>Columns</SectionLabel>
          {problem && (
            <p role="alert" className="text-critical">
              {problem}
            </p>
          )}
          {preview.columns.map(({ header, sample }) => (
            <label key={header} className="grid grid-cols-[1fr_132px] items-center gap-2">
              <span className="min-w-0">
                <UntrustedText className="block truncate" text={header || '(no header)'} maxChars={60} />
                <UntrustedText className="block truncate font-mono text-code text-text3" text={sample} maxChars={60} />
              </span>
              <select
                value={mapping[header] ?? ''}
                onChange={(event) => onMapping(assign(mapping, header, event.target.value))}
                className="h-7 w-full rounded-control border border-control bg-surface px-2"
              >
                <option value="">not used</option>
                {csvFields.map(({ field, word }) => (
                  <option key={field} value={field}>
                    {word}
                  </option>
                ))}
              </select>
              {/pass|secret|token/i.test(header) && (
                <span className="col-span-2 text-meta text-text3">Passwords and other secrets are never imported.</span>
              )}
            </label>
          ))}
        </section>
      )}
      {others.length > 0 && (
        <section className="flex flex-col gap-1" aria-label="Not used">
          <SectionLabel count={others.length}>Seen and not used</SectionLabel>
          <ul className="readable flex flex-col gap-2">
            {others.map(({ line, file, text, reason }) => (
              <li key={`${file}:${line}:${text}`}>
                <p className="flex items-baseline gap-2">
                  <UntrustedText className="min-w-0 truncate font-mono text-code" text={text} maxChars={60} />
                  <span className="figures ml-auto shrink-0 text-meta text-text3">{`line ${line}`}</span>
                </p>
                <UntrustedText className="block text-meta text-text2" text={reason} />
              </li>
            ))}
          </ul>
        </section>
      )}
    </aside>
  )
}
