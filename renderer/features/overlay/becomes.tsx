import { useQuery } from '@tanstack/react-query'
import { orpc } from '../../api/queries.ts'
import { sentenceOf } from '../../api/sentence.ts'
import { go } from '../../state/navigation.ts'
import { Button, TextButton } from '../../ui/button.tsx'
import { Difference } from '../../ui/difference.tsx'
import { StateIcon } from '../../ui/state.tsx'
import { SectionLabel, UntrustedText } from '../../ui/text.tsx'
import { becomesLine, cannotLines, linesOf, namesLine } from './becomes-words.ts'
import { type PlaceProblem, sectionOfPath } from './draft.ts'
import { useLayerForm } from './layer-form.ts'
import { sectionOf } from './sections.ts'
import type { Preview } from './use-preview.ts'

/** Beside the form: what each machine would become, folded, and what the rules say of it. */
export function Becomes({ preview }: { preview: Preview }) {
  const { plan, old, error } = preview
  const { page, problems } = useLayerForm()
  return (
    <div className="readable flex flex-col gap-6 p-4">
      <section aria-label="What each machine becomes" aria-busy={old} className="flex flex-col gap-3">
        <div className="flex flex-col gap-1">
          <SectionLabel>What each machine becomes</SectionLabel>
          <p className="text-meta text-text3">
            {plan ? becomesLine(plan.agents) : error ? 'Not known.' : page.reach.sentence}
          </p>
        </div>
        {error && <p className="text-warning">{sentenceOf(error)}</p>}
        {plan && <Groups plan={plan} />}
        {plan && <NotRead plan={plan} />}
      </section>
      {plan && <Cannot plan={plan} />}
      <Rules problems={problems} plan={plan} />
      <section aria-label="Next step" className="flex flex-col items-start gap-2">
        <p className="text-text2">Saving changes no machine. The plan carries what is saved to them.</p>
        <Button small keys="g p" onClick={() => go({ page: 'plan' })}>
          Plan
        </Button>
      </section>
    </div>
  )
}

type Shown = NonNullable<Preview['plan']>

function Groups({ plan }: { plan: Shown }) {
  const nameOf = new Map(plan.agents.map(({ agentId, name }) => [agentId, name]))
  return plan.groups.map(({ agentIds, changes }) => {
    const names = agentIds.map((agentId) => nameOf.get(agentId) ?? '')
    return (
      <div key={agentIds.join()} className="flex flex-col gap-1">
        <h3 className="font-medium">
          {names.length === 1 ? (
            <UntrustedText text={names[0] ?? ''} />
          ) : (
            `${names.length} machines, the same ${changes.length === 1 ? 'line' : `${changes.length} lines`}`
          )}
        </h3>
        {names.length > 1 && (
          <p className="text-meta text-text3">
            <UntrustedText text={namesLine(names)} />
          </p>
        )}
        <div className="max-h-[320px] overflow-auto font-mono text-code">
          {linesOf(changes).map((line) => (
            <Difference key={line.path} line={line} flush />
          ))}
        </div>
      </div>
    )
  })
}

function NotRead({ plan }: { plan: Shown }) {
  const unread = plan.agents.filter(({ state }) => state === 'unread')
  return unread.map(({ agentId, name, why }) => (
    <p key={agentId} className="flex gap-3">
      <span className="flex h-5 items-center">
        <StateIcon word="Not seen" />
      </span>
      <span className="min-w-0">
        <UntrustedText text={name} />: <UntrustedText text={why} maxChars={300} />
      </span>
    </p>
  ))
}

/** What a version or a machine cannot be given, said before anything is sent. */
function Cannot({ plan }: { plan: Shown }) {
  const lines = cannotLines(plan.agents)
  if (lines.length === 0) return null
  return (
    <section aria-label="Not possible" className="flex flex-col gap-2">
      <SectionLabel count={lines.length}>Not possible</SectionLabel>
      {lines.map(({ words, names }) => (
        <div key={words} className="flex gap-3">
          <span className="flex h-5 items-center">
            <StateIcon word="Behind" />
          </span>
          <div className="min-w-0">
            <p>
              <UntrustedText text={words} maxChars={400} />
            </p>
            <p className="text-meta text-text3">
              <UntrustedText text={namesLine(names)} />
            </p>
          </div>
        </div>
      ))}
    </section>
  )
}

/** What cannot be saved with its place, else how many locked rules were asked. */
function Rules({ problems, plan }: { problems: readonly PlaceProblem[]; plan: Shown | null }) {
  const { data: rules } = useQuery(orpc.rules.catalogue.queryOptions())
  const { show } = useLayerForm()
  const locks = rules?.filter(({ strength }) => strength === 'lock').length ?? 0
  const refused = plan?.agents.filter(({ state }) => state === 'refused') ?? []
  const quiet = problems.length === 0 && refused.length === 0
  return (
    <section aria-label="Rules" className="flex flex-col gap-2">
      <SectionLabel>Rules</SectionLabel>
      {quiet && plan && (
        <p className="flex gap-3">
          <span className="flex h-5 items-center">
            <StateIcon word="OK" label="OK" />
          </span>
          {`None of the ${locks} locked rules refuses it.`}
        </p>
      )}
      {problems.map(({ path, words }) => (
        <div key={`${path} ${words}`} className="flex gap-3">
          <span className="flex h-5 items-center">
            <StateIcon word="Unsafe" label="Cannot be saved" />
          </span>
          <div className="min-w-0 break-words">
            <p>
              <UntrustedText text={words} maxChars={400} />
            </p>
            {path && (
              <p className="text-meta text-text3">
                <UntrustedText text={path} /> ·{' '}
                <TextButton onClick={() => show(sectionOfPath(path))}>
                  {sectionOf(sectionOfPath(path))?.name}
                </TextButton>
              </p>
            )}
          </div>
        </div>
      ))}
      {refused.map(({ agentId, name, why }) => (
        <p key={agentId} className="flex gap-3">
          <span className="flex h-5 items-center">
            <StateIcon word="Unsafe" label="Refused" />
          </span>
          <span className="min-w-0 break-words">
            <UntrustedText text={name} /> would be refused: <UntrustedText text={why} maxChars={400} />
          </span>
        </p>
      ))}
    </section>
  )
}

/** Opens the pane where there is no room beside the form. */
export const BecomesButton = ({ onClick }: { onClick: () => void }) => (
  <Button keys="p" onClick={onClick}>
    What it becomes
  </Button>
)
