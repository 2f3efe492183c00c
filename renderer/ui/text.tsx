import type { ReactNode } from 'react'
import { untrusted } from '../../shared/untrusted.ts'

/** Name of a section, a table head, a group: 12/16, sentence case. `count` follows after a middle dot, `aside` after a comma. */
export function SectionLabel({
  children,
  count,
  aside,
  id,
}: {
  children: ReactNode
  count?: number
  aside?: string
  id?: string
}) {
  return (
    <h2 id={id} className="text-label text-text2">
      {children}
      {count !== undefined && <span className="figures">{` · ${count}`}</span>}
      {aside && <span className="figures">{`, ${aside}`}</span>}
    </h2>
  )
}

/** Ages, evidence, hints: 12 px in the faintest text allowed. `row` sets it in a 20 px line, beside a 13 px sentence. */
export function Meta({ children, row, className = '' }: { children: ReactNode; row?: boolean; className?: string }) {
  return <span className={`text-meta text-text3 ${row ? 'leading-5' : ''} ${className}`}>{children}</span>
}

/** What a list says when there is nothing in it: a plain sentence, no picture. */
export function EmptyLine({ children }: { children: ReactNode }) {
  return <p className="readable max-w-[72ch] text-text2">{children}</p>
}

/**
 * Text that came from a machine, as text and nothing else: characters that cannot be seen are made visible, long text
 * is cut. Never pass such text to an attribute that navigates or to HTML.
 *
 * @param props.maxChars in UTF-16 units, default 200.
 */
export function UntrustedText({
  text,
  maxChars = 200,
  className = '',
}: {
  text: string
  maxChars?: number
  className?: string
}) {
  return (
    <bdi className={className} title={text.length > maxChars ? untrusted(text, 2000) : undefined}>
      {untrusted(text, maxChars)}
    </bdi>
  )
}
