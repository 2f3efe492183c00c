import { Button, TextButton } from '../../ui/button.tsx'
import { Fixed } from './fixed.tsx'
import { useLayerForm } from './layer-form.ts'
import { NumberLeaf } from './leaves.tsx'
import { useLeaf } from './use-leaf.ts'

const fixed = [
  { name: 'sessionPerSender', label: 'Conversations', value: 'One per sender' },
  { name: 'toolsDenied', label: 'Tools', value: 'No commands, files or other conversations' },
  { name: 'groupsOff', label: 'Groups', value: 'Off' },
] as const

/** What makes a public account safe. None of it can be taken away while the account is public. */
export function Safeguards({ doorKey }: { doorKey: string }) {
  const path = ['channels', doorKey, 'safeguards']
  const { show } = useLayerForm()
  return (
    <>
      <div className="flex max-w-[496px] flex-col gap-1">
        <span className="text-meta text-text2">Who it answers</span>
        <p>Whoever writes. The safeguards below belong to it; without any one of them it cannot be saved.</p>
      </div>
      <dl className="flex flex-col gap-3">
        {fixed.map(({ name, label, value }) => (
          <Safeguard key={name} path={[...path, name]} label={label} value={value} />
        ))}
      </dl>
      <NumberLeaf
        path={[...path, 'mostPerHour']}
        label="Most answers in an hour"
        wrong="A whole number from 1 to 10000."
        help="The agent has no such limit. Each sweep counts what went out, and more in an hour is a finding; nothing is held back."
        ruled
      />
      <NumberLeaf
        path={[...path, 'firstApprovals']}
        label="Answers that a person approves first"
        wrong="A whole number from 1 to 10000."
        help="The agent cannot hold an answer back, so nobody is asked: read the first conversations yourself."
        ruled
      />
      <p className="max-w-[496px] text-text2">
        It also needs a human number and a sentence for when it does not know:{' '}
        <TextButton onClick={() => show('escalation')}>Escalation</TextButton>.
      </p>
    </>
  )
}

/** One that is on is fixed; one that no layer says is named as missing, with the way to say it. */
function Safeguard({ path, label, value }: { path: readonly string[]; label: string; value: string }) {
  const leaf = useLeaf(path)
  const { held } = useLayerForm()
  if (leaf.value === true) return <Fixed label={label} value={value} rule="public-safeguards" />
  return (
    <div className="flex max-w-[496px] gap-3">
      <dt className="w-[140px] shrink-0 text-text2">{label}</dt>
      <dd className="flex min-w-0 flex-1 flex-col items-start gap-1">
        <p className="text-critical">Missing: {value.toLowerCase()}</p>
        {held === undefined && (
          <Button small onClick={() => leaf.set(true)}>
            Put it back
          </Button>
        )}
      </dd>
    </div>
  )
}
