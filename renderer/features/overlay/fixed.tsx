import { useQuery } from '@tanstack/react-query'
import type { RuleId } from '../../../shared/contract/index.ts'
import { orpc } from '../../api/queries.ts'
import { StateIcon } from '../../ui/state.tsx'

/** A value nobody can change: the value with a lock, the rule's sentence, and what happened where it did not hold. */
export function Fixed({
  label,
  value,
  rule: ruleId,
  because,
}: {
  label: string
  value: string
  rule: RuleId
  /** Said in the place of the rule's own sentence. */
  because?: string
}) {
  const { data: rules } = useQuery(orpc.rules.catalogue.queryOptions())
  const rule = rules?.find((each) => each.ruleId === ruleId)
  return (
    <div className="flex max-w-[496px] gap-3">
      <dt className="w-[140px] shrink-0 text-text2">{label}</dt>
      <dd className="min-w-0 flex-1">
        <p className="flex items-center gap-2">
          <StateIcon word="Fixed" label="Fixed" />
          {value}
        </p>
        <p className="text-meta text-text2">Fixed: {because ?? rule?.sentence}</p>
        <p className="text-meta text-text3">{rule?.incident}</p>
      </dd>
    </div>
  )
}
