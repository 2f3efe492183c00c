import type { PreflightAnswer, RolloutPreview } from '../../../shared/contract/index.ts'
import { backUpNow } from '../../api/backing-up.ts'
import { Button } from '../../ui/button.tsx'
import { StateIcon, type StateWordText } from '../../ui/state.tsx'
import { SectionLabel, UntrustedText } from '../../ui/text.tsx'
import { isDecided } from './words.ts'

const labels: Record<PreflightAnswer['about'], string> = {
  manifest: 'What it needs is confirmed',
  needs: 'What it needs exists there',
  'two-weeks': 'Two weeks behind',
  oldest: 'On the oldest version',
  rules: 'Fixed rules',
  version: 'Every version can be given it',
  machine: 'State of the machines',
  backup: 'Backups',
  client: 'The clients',
}

/** What was asked before anything goes, with the evidence: what is not yes first, then what is, in a line each. */
export function BeforeItGoes({ preview }: { preview: RolloutPreview }) {
  const open = preview.answers.filter(({ state }) => state !== 'ok')
  const fine = preview.answers.filter(({ state }) => state === 'ok')
  return (
    <section aria-label="Answers" className="flex flex-col gap-2">
      <SectionLabel>Before it goes</SectionLabel>
      <ul className="flex flex-col gap-2">
        {open.map((answer) => {
          const decided = isDecided(answer, preview)
          return (
            <li key={answer.about} className="flex gap-3">
              <Mark state={answer.state === 'blocked' && !decided ? 'Failing' : 'Behind'} />
              <div className="min-w-0 flex-1 break-words">
                <p>
                  {labels[answer.about]}
                  <span className="text-text2">
                    {decided ? ': decided' : answer.state === 'blocked' ? ': no' : ': can’t tell'}
                  </span>
                </p>
                <p className="text-meta text-text3">
                  <UntrustedText text={answer.words} maxChars={400} />
                </p>
                {answer.about === 'backup' && !decided && <BackUpFirst preview={preview} />}
              </div>
            </li>
          )
        })}
      </ul>
      <ul className="flex flex-col gap-1">
        {fine.map(({ about, words }) => (
          <li key={about} className="flex gap-3">
            <Mark state="OK" />
            <span className="min-w-0 flex-1 break-words text-text2">{words}</span>
          </li>
        ))}
      </ul>
    </section>
  )
}

/** A push waits for no backup that can be made now; the preview is asked again by the facts that it renews. */
function BackUpFirst({ preview }: { preview: RolloutPreview }) {
  const asked = new Set(
    preview.questions.flatMap(({ about, agents }) => (about === 'backup' ? agents.map(({ agentId }) => agentId) : [])),
  )
  const boxIds = [...new Set(preview.targets.flatMap(({ agentId, boxId }) => (asked.has(agentId) ? [boxId] : [])))]
  if (boxIds.length === 0) return null
  return (
    <div className="mt-2">
      <Button small onClick={() => void backUpNow(boxIds)}>
        {boxIds.length === 1 ? 'Back it up now' : `Back up ${boxIds.length} machines now`}
      </Button>
    </div>
  )
}

const Mark = ({ state }: { state: StateWordText }) => (
  <span className="flex h-5 items-center">
    <StateIcon word={state} />
  </span>
)
