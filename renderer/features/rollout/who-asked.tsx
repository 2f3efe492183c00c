import { type FormEvent, type ReactNode, useEffect, useRef } from 'react'
import type { GuardAnswer, GuardSaid, RolloutGuard } from '../../../shared/contract/index.ts'
import { quoteText } from '../../../shared/guard-words.ts'
import { Age } from '../../ui/age.tsx'
import { Button, TextButton } from '../../ui/button.tsx'
import { FaultLines } from '../../ui/fault-lines.tsx'
import { Input, Radio, RadioGroup, Select, TextArea } from '../../ui/field.tsx'
import { SectionLabel, UntrustedText } from '../../ui/text.tsx'
import { spanText, untilMomentText } from '../../ui/times.ts'
import type { Saying } from './use-saying.ts'

/** Of a change of behaviour: who asked for it and who has something from it, or the form in which that is said. */
export function WhoAsked({
  guard: { words, answers, state },
  saying,
  nowMs,
  held,
}: {
  guard: RolloutGuard
  saying: Saying
  nowMs: number
  held: string | undefined
}) {
  const [newest] = answers
  return (
    <section aria-label="Who asked" className="flex flex-col gap-2">
      <SectionLabel>Who asked</SectionLabel>
      {saying.open ? (
        <Form saying={saying} held={held} />
      ) : (
        <>
          {state === 'open' && (
            <p className="break-words">
              <UntrustedText text={words} maxChars={400} />
            </p>
          )}
          {answers.map((answer) => (
            <Answer key={answer.clients.join()} answer={answer} isForSome={saying.clients.length > 1} nowMs={nowMs} />
          ))}
        </>
      )}
      {!saying.open && newest !== undefined && (
        <p>
          <TextButton onClick={() => saying.begin(state === 'cooling' ? 'asked' : newest.kind)}>
            {state === 'cooling' ? 'Somebody asked after all' : 'Say it anew'}
          </TextButton>
        </p>
      )}
    </section>
  )
}

function Answer({ answer, isForSome, nowMs }: { answer: GuardAnswer; isForSome: boolean; nowMs: number }) {
  const { kind, words, benefits, atMs, waitsUntilMs, clients } = answer
  return (
    <>
      <dl className="flex flex-col gap-1">
        {isForSome && clients.length > 0 && (
          <Line name="Counts for">
            <UntrustedText text={clients.join(', ')} maxChars={400} />
          </Line>
        )}
        <Line name={kind === 'asked' ? 'Their words' : 'Nobody asked'}>
          <UntrustedText text={kind === 'asked' ? quoteText(words) : words} maxChars={1000} />
        </Line>
        <Line name="Who benefits">
          <UntrustedText text={benefits} maxChars={1000} />
        </Line>
        {waitsUntilMs !== null && (
          <Line name={nowMs < waitsUntilMs ? 'Waits until' : 'Waited until'}>
            <span className="figures">
              {untilMomentText(waitsUntilMs, nowMs)}
              {nowMs < waitsUntilMs && (
                <span className="text-text2">{`, ${spanText(waitsUntilMs - nowMs)} from now`}</span>
              )}
            </span>
          </Line>
        )}
      </dl>
      <p className="text-meta text-text3">
        {'Said '}
        <Age atMs={atMs} inSentence className="" />
        {answer.by === 'cli' ? ' on the command line' : ''}
        {'. Holds for this revision and these clients; for any other it begins anew.'}
      </p>
    </>
  )
}

const Line = ({ name, children }: { name: string; children: ReactNode }) => (
  <div className="flex gap-4">
    <dt className="w-[104px] shrink-0 text-text2">{name}</dt>
    <dd className="min-w-0 flex-1 break-words">{children}</dd>
  </div>
)

const labels: Readonly<Record<GuardSaid['kind'], { words: string; help: string }>> = {
  asked: { words: 'Their words, or a link to them', help: 'It can begin as soon as this is on record.' },
  unasked: {
    words: 'Why all the same',
    help: 'It waits 24 hours from now. Another revision of the patch begins the wait anew.',
  },
}

function Form({ saying, held }: { saying: Saying; held: string | undefined }) {
  const { typed, errors, problem, busy, change, clients } = saying
  const first = useRef<HTMLFormElement>(null)
  useEffect(() => {
    first.current?.querySelector<HTMLInputElement>('input:checked')?.focus()
    first.current?.scrollIntoView({ block: 'nearest' })
  }, [])
  const submit = (event: FormEvent) => {
    event.preventDefault()
    saying.keep()
  }
  return (
    <form ref={first} className="flex flex-col gap-3" onSubmit={submit}>
      <RadioGroup label="Did anybody ask for this?">
        <Radio
          name="who-asked"
          checked={typed.kind === 'asked'}
          onChange={() => change({ kind: 'asked' })}
          label="A client asked for it"
        />
        <Radio
          name="who-asked"
          checked={typed.kind === 'unasked'}
          onChange={() => change({ kind: 'unasked' })}
          label="Nobody asked"
        />
      </RadioGroup>
      {typed.kind === 'asked' && clients.length > 1 && (
        <Select
          label="Which client"
          error={errors.clientId}
          help="It counts for them alone: for each of the others it is said by itself."
          value={typed.clientId ?? ''}
          onChange={(event) =>
            change({ clientId: clients.find(({ clientId }) => clientId === event.target.value)?.clientId })
          }
          options={[
            { value: '', label: 'Choose…' },
            ...clients.map(({ clientId, clientName }) => ({ value: clientId, label: clientName })),
          ]}
        />
      )}
      <TextArea
        label={labels[typed.kind].words}
        help={labels[typed.kind].help}
        error={errors.words}
        maxLength={1000}
        rows={2}
        value={typed.words}
        onChange={(event) => change({ words: event.target.value })}
      />
      <Input
        label="Who benefits, and how"
        error={errors.benefits}
        maxLength={1000}
        value={typed.benefits}
        onChange={(event) => change({ benefits: event.target.value })}
      />
      {problem && <FaultLines {...problem} />}
      <div className="flex flex-wrap items-center gap-2">
        <Button small submit disabled={busy || held !== undefined}>
          {typed.kind === 'asked' ? 'Keep on record' : 'Keep on record and wait'}
        </Button>
        <Button small onClick={saying.cancel}>
          Cancel
        </Button>
      </div>
    </form>
  )
}
