import { useState } from 'react'
import type { AccessDoor } from '../../../shared/contract/index.ts'
import { TextButton } from '../../ui/button.tsx'
import { StateIcon, type StateWordText } from '../../ui/state.tsx'
import { SectionLabel, UntrustedText } from '../../ui/text.tsx'
import { holdingLine, ruleGroups } from './words.ts'

type AppliedRule = AccessDoor['rules'][number]

const iconOf = ({ rule, verdict }: AppliedRule): StateWordText => {
  if (verdict.state === 'holds') return 'Fixed'
  if (verdict.state === 'unknown') return 'Not seen'
  return rule.strength === 'lock' ? 'Unsafe' : 'Changed'
}
const labels = { holds: 'holds', broken: 'broken', unknown: 'can’t tell' } as const

/** The rules of a door: what is broken or cannot be judged stands open, what holds is one line that opens. */
export function DoorRules({ rules, only }: { rules: readonly AppliedRule[]; only: 'not-holding' | 'holding' }) {
  const [open, setOpen] = useState(false)
  const { broken, unknown, holding } = ruleGroups(rules)
  if (only === 'not-holding') {
    if (broken.length + unknown.length === 0) return null
    return (
      <section aria-label="Rules that do not hold" className="flex flex-col gap-2">
        <SectionLabel count={broken.length + unknown.length}>Rules that do not hold</SectionLabel>
        <RuleList rules={[...broken, ...unknown]} />
      </section>
    )
  }
  return (
    <section aria-label="Rules" className="flex flex-col gap-2">
      <SectionLabel>Rules</SectionLabel>
      <p className="text-text2">
        {holdingLine(holding.length, rules.length)}{' '}
        {holding.length > 0 && (
          <TextButton aria-expanded={open} onClick={() => setOpen(!open)}>
            {open ? 'Hide them' : 'Which, and why they are there'}
          </TextButton>
        )}
      </p>
      {open && <RuleList rules={holding} />}
    </section>
  )
}

function RuleList({ rules }: { rules: readonly AppliedRule[] }) {
  return (
    <ul className="flex flex-col gap-3">
      {rules.map((each) => (
        <li key={each.rule.ruleId} className="flex gap-3">
          <span className="flex h-5 shrink-0 items-center">
            <StateIcon word={iconOf(each)} label={labels[each.verdict.state]} />
          </span>
          <div className="flex min-w-0 flex-col gap-1 break-words">
            <p>{each.rule.sentence}</p>
            {each.verdict.state !== 'holds' && (
              <p className="text-text2">
                <UntrustedText text={each.verdict.words} maxChars={400} />
              </p>
            )}
            <p className="text-meta text-text3">{each.rule.incident}</p>
          </div>
        </li>
      ))}
    </ul>
  )
}
