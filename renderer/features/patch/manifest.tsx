import type { ManifestLine, Patch } from '../../../shared/contract/index.ts'
import { needWords } from '../../../shared/need-words.ts'
import { Button, TextButton } from '../../ui/button.tsx'
import { StateIcon, type StateWordText } from '../../ui/state.tsx'
import { EmptyLine, SectionLabel, UntrustedText } from '../../ui/text.tsx'
import { counted, needStates } from './words.ts'

const icons: Record<ManifestLine['state'], StateWordText> = { proposed: 'Behind', confirmed: 'OK', dropped: 'Waiting' }
const order: readonly ManifestLine['state'][] = ['proposed', 'confirmed', 'dropped']

/** What every machine must have, line by line, with what said so; nothing goes while one is only proposed. */
export function Manifest({
  patch: { content, proposal, open },
  held,
  busy,
  onConfirmAll,
  onNeeded,
  onDrop,
}: {
  patch: Patch
  held: string | undefined
  busy: boolean
  onConfirmAll: () => void
  onNeeded: (line: ManifestLine) => void
  onDrop: (line: ManifestLine) => void
}) {
  const cannot = held !== undefined || busy
  const lines = content.needs.toSorted((a, b) => order.indexOf(a.state) - order.indexOf(b.state))
  return (
    <section aria-label="What every machine must have" className="flex flex-col gap-2">
      <SectionLabel count={lines.length} {...(open > 0 ? { aside: `${open} to confirm` } : {})}>
        What every machine must have
      </SectionLabel>
      {lines.length === 0 && <EmptyLine>Nothing but the agent itself.</EmptyLine>}
      <ul className="flex flex-col gap-2">
        {lines.map((line) => (
          <li key={JSON.stringify(line.need)} className="flex gap-3">
            <span className="flex h-5 items-center">
              <StateIcon word={icons[line.state]} label={needStates[line.state]} />
            </span>
            <div className="min-w-0 flex-1">
              <p className={`wrap-anywhere ${line.state === 'dropped' ? 'text-text2 line-through' : ''}`}>
                <UntrustedText text={needWords(line.need)} maxChars={300} />
              </p>
              <p className="text-meta wrap-anywhere text-text3">
                <UntrustedText text={line.from} maxChars={300} />
                {line.because && <UntrustedText text={` · not needed: ${line.because}`} maxChars={300} />}
              </p>
            </div>
            <span className="flex shrink-0 items-start gap-3">
              {line.state !== 'confirmed' && (
                <TextButton disabled={cannot} onClick={() => onNeeded(line)}>
                  Needed
                </TextButton>
              )}
              {line.state !== 'dropped' && (
                <TextButton disabled={cannot} onClick={() => onDrop(line)}>
                  Drop
                </TextButton>
              )}
            </span>
          </li>
        ))}
      </ul>
      {proposal.unread.length > 0 && (
        <p className="text-meta break-words text-warning">
          <UntrustedText
            text={`Nothing could be read from ${proposal.unread.map(({ path, why }) => `${path} (${why})`).join(', ')}: what it needs is for you to say.`}
            maxChars={600}
          />
        </p>
      )}
      {open > 0 && (
        <div>
          <Button small keys="c" disabled={cannot} onClick={onConfirmAll}>
            {open === 1 ? 'Confirm it' : `Confirm all ${counted(open, 'line')}`}
          </Button>
        </div>
      )}
    </section>
  )
}
