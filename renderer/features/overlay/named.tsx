import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useId, useState } from 'react'
import type * as z from 'zod'
import { FlagName, ToolName } from '../../../shared/sections.ts'
import { orpc } from '../../api/queries.ts'
import { Button } from '../../ui/button.tsx'
import { Input } from '../../ui/field.tsx'
import { UntrustedText } from '../../ui/text.tsx'
import { valueIn } from './draft.ts'
import { Fixed } from './fixed.tsx'
import { useLayerForm } from './layer-form.ts'
import { ChoiceLeaf, NumberLeaf, YesNoLeaf } from './leaves.tsx'
import { useLeaf } from './use-leaf.ts'

/** The names that this layer or a wider one says something about. */
export function useNames(path: readonly string[]): string[] {
  const { draft, page } = useLayerForm()
  const trees = [valueIn(draft.sections, path), valueIn(page.inherited.content.sections, path)]
  return [...new Set(trees.flatMap((tree) => Object.keys((tree ?? {}) as object)))].toSorted()
}

/** A field that adds one more name to a list of them. */
export function AddName({
  words,
  label,
  taken,
  shape,
  add,
  known = [],
}: {
  words: string
  label: string
  taken: readonly string[]
  shape: z.ZodType<string>
  add: (name: string) => void
  /** Names to choose from. */
  known?: readonly string[]
}) {
  const { held } = useLayerForm()
  const [typed, setTyped] = useState('')
  const id = useId()
  const name = typed.trim()
  const read = shape.safeParse(name)
  const problem = taken.includes(name) ? 'It stands above already.' : read.success ? '' : read.error.issues[0]?.message
  if (held !== undefined) return null
  return (
    <form
      className="flex max-w-[496px] items-start gap-2"
      onSubmit={(event) => {
        event.preventDefault()
        if (problem !== '') return
        add(name)
        setTyped('')
      }}
    >
      <div className="min-w-0 flex-1">
        <Input
          label={label}
          mono
          list={id}
          value={typed}
          onChange={({ target }) => setTyped(target.value)}
          error={name !== '' && problem ? problem : undefined}
        />
        <datalist id={id}>
          {known.map((each) => (
            <option key={each} value={each} />
          ))}
        </datalist>
      </div>
      <Button submit className="mt-5" disabled={problem !== ''}>
        {words}
      </Button>
    </form>
  )
}

export const Named = ({ name, children }: { name: string; children: ReactNode }) => (
  <section aria-label={name} className="flex flex-col gap-3">
    <h2 className="font-mono text-code font-semibold">
      <UntrustedText text={name} />
    </h2>
    {children}
  </section>
)

/** What the agents of the layer have and nobody judged yet. */
function useUnjudged(): string[] {
  const { page } = useLayerForm()
  const { data } = useQuery(orpc.rules.check.queryOptions({ input: {} }))
  const reached = new Set(page.reach.agents.map(({ agentId }) => agentId))
  const found = (data ?? [])
    .filter(({ agentId }) => reached.has(agentId))
    .flatMap(({ verdicts }) => verdicts.filter(({ ruleId, state }) => ruleId === 'money-asks' && state === 'unknown'))
    .flatMap(({ where }) => where)
  return [...new Set(found)].filter((name) => ToolName.safeParse(name).success).toSorted()
}

export function Tools() {
  const { set } = useLayerForm()
  const names = useNames(['tools', 'judged'])
  const unjudged = useUnjudged().filter((name) => !names.includes(name))
  return (
    <>
      <ChoiceLeaf
        path={['tools', 'commands']}
        label="Commands of the machine"
        ruled
        options={[
          { value: 'off', label: 'Off' },
          { value: 'listed', label: 'Only those on the machine’s own list' },
          { value: 'ask', label: 'Others too, once a person said yes' },
        ]}
      />
      <ChoiceLeaf
        path={['tools', 'files']}
        label="Files"
        ruled
        options={[
          { value: 'off', label: 'Off' },
          { value: 'workspace', label: 'In its workspace' },
          { value: 'everywhere', label: 'Everywhere its login may' },
        ]}
      />
      <ChoiceLeaf
        path={['tools', 'elevated']}
        label="Commands with more rights than its own"
        ruled
        options={[
          { value: 'off', label: 'Off' },
          { value: 'owners', label: 'For the client’s own numbers alone' },
        ]}
      />
      <dl>
        <Fixed label="For whom" value="The client’s own numbers" rule="owners-tools" />
      </dl>
      {names.map((name) => (
        <JudgedTool key={name} name={name} />
      ))}
      {unjudged.length > 0 && (
        <p className="max-w-[496px] text-text2">
          Not judged yet: <UntrustedText text={unjudged.join(', ')} maxChars={400} />. Whether they move money is not
          known.
        </p>
      )}
      <AddName
        words="Judge it"
        label="A tool, by its name"
        taken={names}
        shape={ToolName}
        known={unjudged}
        add={(name) => set(['tools', 'judged', name], { movesMoney: false, use: 'ask' })}
      />
    </>
  )
}

function JudgedTool({ name }: { name: string }) {
  const path = ['tools', 'judged', name]
  const money = useLeaf([...path, 'movesMoney']).value === true
  const use = useLeaf([...path, 'use'])
  return (
    <Named name={name}>
      <YesNoLeaf path={[...path, 'movesMoney']} label="It moves money" yes="Yes" no="No" ruled />
      {money && use.value !== 'off' && use.value !== 'free' ? (
        <dl>
          <Fixed label="Each use" value="Waits for a person" rule="money-asks" />
        </dl>
      ) : (
        <ChoiceLeaf
          path={[...path, 'use']}
          label="Each use"
          ruled
          options={[
            { value: 'off', label: 'Off' },
            { value: 'ask', label: 'Waits for a person' },
            { value: 'free', label: 'Goes by itself' },
          ]}
        />
      )}
    </Named>
  )
}

export function Flags() {
  const { set } = useLayerForm()
  const names = useNames(['flags'])
  return (
    <>
      {names.length === 0 && <p className="text-text2">No flag yet. What is not on is off.</p>}
      {names.map((name) => (
        <Named key={name} name={name}>
          <YesNoLeaf path={['flags', name, 'on']} label="This capability" />
          <NumberLeaf
            path={['flags', name, 'firstApprovals']}
            label="A person approves the first"
            wrong="A whole number up to 10000."
            help="After that it is proposed to go without; it never goes by itself."
          />
        </Named>
      ))}
      <AddName
        words="Add it"
        label="A flag, by its name"
        taken={names}
        shape={FlagName}
        add={(name) => set(['flags', name], { on: false, firstApprovals: 100 })}
      />
    </>
  )
}
