import type { Ref } from 'react'
import type { RolloutPreview } from '../../../shared/contract/index.ts'
import { Button } from '../../ui/button.tsx'
import { FaultLines } from '../../ui/fault-lines.tsx'
import { Radio } from '../../ui/field.tsx'
import { SectionLabel, UntrustedText } from '../../ui/text.tsx'
import { type Answer, answerWords, idOf, type OpenQuestion, ownQuestions, type Picks } from './questions.ts'
import type { Answering } from './use-answering.ts'
import { counted, namesOf } from './words.ts'

/** What somebody has to decide: each question with what is recommended, taken all at once by one key. */
export function Choices({
  ref,
  preview,
  open,
  picks,
  onPick,
  answering,
  held,
}: {
  ref: Ref<HTMLElement>
  preview: RolloutPreview
  open: readonly OpenQuestion[]
  picks: Picks
  onPick: (id: string, answer: Answer) => void
  answering: Answering
  held: string | undefined
}) {
  const own = ownQuestions(preview)
  const { doing, problem } = answering
  if (own.length + open.length === 0 && doing === null && problem === null) return null
  return (
    <section
      ref={ref}
      tabIndex={-1}
      aria-label="Choices to make"
      className="flex flex-col gap-4 outline-none focus-visible:outline-none"
    >
      <SectionLabel count={own.length + open.length}>Choices to make</SectionLabel>
      {own.map(({ key, words }) => (
        <div key={key} className="flex flex-col items-start gap-2">
          <p className="break-words">
            <UntrustedText text={words} maxChars={400} />
          </p>
          {key === 'manifest/open' ? (
            <Button small keys="c" disabled={held !== undefined || doing !== null} onClick={answering.confirmNeeds}>
              Confirm all of them
            </Button>
          ) : (
            <p className="text-meta text-text3">Only another revision of the patch answers this.</p>
          )}
        </div>
      ))}
      {open.map((one) => (
        <Choice
          key={idOf(one.question)}
          open={one}
          picked={picks[idOf(one.question)] ?? one.recommended}
          disabled={held !== undefined || doing !== null}
          onPick={(answer) => onPick(idOf(one.question), answer)}
        />
      ))}
      {open.length > 0 && (
        <div className="flex flex-wrap items-center gap-3">
          <Button
            small
            keys="a"
            disabled={held !== undefined || doing !== null}
            onClick={() => answering.take(open, picks)}
          >
            {open.length === 1 ? 'Take this answer' : `Take these ${open.length} answers`}
          </Button>
        </div>
      )}
      {doing && (
        <p role="status" className="figures text-meta text-text3">
          {doing}
        </p>
      )}
      {problem && <FaultLines {...problem} />}
    </section>
  )
}

function Choice({
  open: { question, agents, answers, recommended, because },
  picked,
  disabled,
  onPick,
}: {
  open: OpenQuestion
  picked: Answer
  disabled: boolean
  onPick: (answer: Answer) => void
}) {
  const names = namesOf(agents.map(({ name }) => name))
  return (
    <div role="radiogroup" aria-label={`${names}: ${question.words}`} className="flex flex-col">
      <p className="break-words">
        <span className="font-medium">
          <UntrustedText text={agents.length > 4 ? counted(agents.length, 'machine') : names} />
        </span>
        {': '}
        <UntrustedText text={question.words} maxChars={400} />
      </p>
      {answers.map((answer) => (
        <Radio
          key={answer}
          name={idOf(question)}
          checked={picked === answer}
          disabled={disabled}
          onChange={() => onPick(answer)}
          label={
            answer === recommended
              ? `${answerWords(answer, agents.length)} (recommended)`
              : answerWords(answer, agents.length)
          }
          {...(answer === recommended && picked === answer ? { help: because } : {})}
        />
      ))}
    </div>
  )
}
