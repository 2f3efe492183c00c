import type { TeamPerson } from '../../../shared/sections.ts'
import { Button, TextButton } from '../../ui/button.tsx'
import { InputBox } from '../../ui/field.tsx'
import { problemsAt } from './draft.ts'
import { useLayerForm } from './layer-form.ts'
import { Origin } from './origin.tsx'
import { useLeaf } from './use-leaf.ts'

/** Who may talk to a team's account, by name and handle. A wider layer's list is replaced as a whole. */
export function TeamPeople({ doorKey }: { doorKey: string }) {
  const leaf = useLeaf(['channels', doorKey, 'people'])
  const { held, problems } = useLayerForm()
  const people = (Array.isArray(leaf.value) ? leaf.value : []) as TeamPerson[]
  const put = (at: number, change: Partial<TeamPerson> | null) =>
    leaf.set(
      people.flatMap((person, place) =>
        place === at ? (change === null ? [] : [{ ...person, ...change }]) : [person],
      ),
    )
  const wrongAt = (at: number): string | undefined => {
    const [found] = problemsAt(problems, `sections.channels.${doorKey}.people[${at}]`)
    return found?.typed ? 'A name and a handle are needed.' : found?.words
  }
  return (
    <div data-value-path={leaf.place} className="flex max-w-[496px] flex-col gap-2">
      <span className="text-meta text-text2">Who it answers</span>
      {people.length === 0 && <p className="text-text2">Nobody is named, so nobody is answered.</p>}
      {people.map((person, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rows of the form are told apart by their place alone
        <div key={at}>
          <div className="grid grid-cols-[1fr_1fr_auto] items-center gap-2">
            <InputBox
              aria-label="Name"
              placeholder="name"
              readOnly={held !== undefined}
              value={person.name}
              onChange={({ target }) => put(at, { name: target.value })}
            />
            <InputBox
              aria-label="Handle on this channel"
              placeholder="handle on this channel"
              readOnly={held !== undefined}
              aria-invalid={wrongAt(at) ? true : undefined}
              value={person.handle}
              onChange={({ target }) => put(at, { handle: target.value })}
            />
            <TextButton aria-label={`Remove ${person.name || 'this person'}`} onClick={() => put(at, null)}>
              Remove
            </TextButton>
          </div>
          {wrongAt(at) && (
            <p role="alert" className="text-meta text-critical">
              {wrongAt(at)}
            </p>
          )}
        </div>
      ))}
      {held === undefined && (
        <div>
          <Button small onClick={() => leaf.set([...people, { name: '', handle: '' }])}>
            Add another person
          </Button>
        </div>
      )}
      <Origin leaf={leaf} ruled onChange={() => leaf.set(leaf.inherited)} />
    </div>
  )
}
