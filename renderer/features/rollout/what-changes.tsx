import { useState } from 'react'
import type { RolloutPreview } from '../../../shared/contract/index.ts'
import { TextButton } from '../../ui/button.tsx'
import { Diff } from '../../ui/diff.tsx'
import { SectionLabel, UntrustedText } from '../../ui/text.tsx'
import { foldTargets, type TargetGroup } from './fold-targets.ts'
import { calledOf, counted, differsIn, groupHeading, namesOf, nounOf } from './words.ts'

/** Lines of the largest group that are shown before somebody asks for all. */
const mostLines = 12

/** What the machines become: the largest equal group as a difference, the others in a line each, then who stays as it is. */
export function WhatChanges({ preview }: { preview: RolloutPreview }) {
  const { targets, patch } = preview
  const [first, ...others] = foldTargets(targets)
  const isWhole = patch.partWords.length === 1 && (first?.changes.length ?? 0) > 0
  return (
    <section aria-label="What changes" className="flex flex-col gap-2">
      <div className="flex flex-col gap-2 px-6">
        <SectionLabel>What changes</SectionLabel>
        {!isWhole && (
          <ol className="flex list-decimal flex-col gap-1 pl-4 marker:text-text3">
            {patch.partWords.map((words) => (
              <li key={words} className="break-words">
                <UntrustedText text={words} maxChars={400} />
              </li>
            ))}
          </ol>
        )}
        {first?.why === '' && <Largest group={first} />}
      </div>
      <ul>
        {[...(first && first.why !== '' ? [first] : []), ...others].map((group) => (
          <Line key={group.targets[0]?.agentId} group={group} />
        ))}
      </ul>
    </section>
  )
}

function Largest({ group }: { group: TargetGroup }) {
  const [all, setAll] = useState(false)
  const shown = all ? group.changes : group.changes.slice(0, mostLines)
  return (
    <>
      <div>
        <h3 className="font-medium">{groupHeading(group)}</h3>
        <p className="text-meta break-words text-text3">
          <UntrustedText text={namesOf(group.targets.map(calledOf), 20)} maxChars={600} />
        </p>
      </div>
      <Diff changes={shown} />
      {shown.length < group.changes.length && (
        <p>
          <TextButton onClick={() => setAll(true)}>{`Show ${group.changes.length - shown.length} more`}</TextButton>
        </p>
      )}
    </>
  )
}

/** Nobody knows what it would change where the settings could not be read. */
const unread = ({ targets: [first] }: TargetGroup): string => (first?.plan.state === 'unread' ? first.plan.why : '')

/** Others: how many, who, and how they differ; their difference itself on demand. */
function Line({ group }: { group: TargetGroup }) {
  const [open, setOpen] = useState(false)
  const { targets, why, changes } = group
  const differs = differsIn(group)
  return (
    <li className="border-t border-line px-6 py-2">
      <div className="flex gap-4">
        <span className="figures w-20 shrink-0 text-text2">{counted(targets.length, nounOf(targets))}</span>
        <p className="min-w-0 flex-1 break-words">
          <UntrustedText text={namesOf(targets.map(calledOf))} maxChars={300} />
          {': '}
          <span className="text-text2">
            <UntrustedText text={why || unread(group) || differs || 'no setting changes'} maxChars={300} />
          </span>
        </p>
        {changes.length > 0 && (
          <TextButton aria-expanded={open} onClick={() => setOpen(!open)} className="shrink-0 self-start">
            {open ? 'Hide' : counted(changes.length, 'change')}
          </TextButton>
        )}
      </div>
      {open && (
        <div className="pt-2 pl-24">
          <Diff changes={changes} />
        </div>
      )}
    </li>
  )
}
