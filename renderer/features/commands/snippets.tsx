import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Snippet } from '../../../shared/contract/index.ts'
import { client } from '../../api/client.ts'
import { orpc } from '../../api/queries.ts'
import { sentenceOf } from '../../api/sentence.ts'
import { offerUndoOf } from '../../api/undo.ts'
import { Button, TextButton } from '../../ui/button.tsx'
import { Input } from '../../ui/field.tsx'
import { Popover, PopoverClose } from '../../ui/popover.tsx'

/** Commands kept for the next time: put into the field, saved, removed. */
export function Snippets({
  command,
  readOnly,
  onUse,
}: {
  command: string
  readOnly: boolean
  onUse: (command: string) => void
}) {
  const { data: snippets = [] } = useQuery(orpc.commands.snippets.queryOptions())
  const [name, setName] = useState('')
  const [problem, setProblem] = useState<string | undefined>(undefined)
  const text = command.trim()
  const change = async (
    act: () => Promise<{ sentence: string; undoId: Parameters<typeof offerUndoOf>[1][number] }>,
  ) => {
    setProblem(undefined)
    try {
      const { sentence, undoId } = await act()
      offerUndoOf(sentence, [undoId])
      setName('')
    } catch (error) {
      setProblem(sentenceOf(error))
    }
  }
  return (
    <Popover label="Snippets" trigger={<Button>Snippets</Button>}>
      <div className="flex w-[320px] flex-col gap-4">
        {snippets.length === 0 && <p className="text-text2">No command is saved yet.</p>}
        {snippets.length > 0 && (
          <ul className="flex max-h-[280px] flex-col gap-2 overflow-y-auto">
            {snippets.map((snippet) => (
              <Line
                key={snippet.snippetId}
                snippet={snippet}
                onUse={() => onUse(snippet.command)}
                onRemove={
                  readOnly
                    ? null
                    : () => void change(() => client.commands.removeSnippet({ snippetId: snippet.snippetId }))
                }
              />
            ))}
          </ul>
        )}
        {!readOnly && (
          <form
            className="flex flex-col gap-2"
            onSubmit={(event) => {
              event.preventDefault()
              if (text === '' || name.trim() === '') return
              void change(() => client.commands.saveSnippet({ name, command: text }))
            }}
          >
            <Input
              label="Save this command as"
              value={name}
              maxLength={80}
              error={problem}
              onChange={(event) => setName(event.target.value)}
            />
            <span className="flex items-center gap-3">
              <Button small submit disabled={text === '' || name.trim() === ''}>
                Save
              </Button>
              {text === '' && <span className="text-meta text-text3">The command is empty.</span>}
            </span>
          </form>
        )}
      </div>
    </Popover>
  )
}

function Line({ snippet, onUse, onRemove }: { snippet: Snippet; onUse: () => void; onRemove: (() => void) | null }) {
  return (
    <li className="flex items-baseline justify-between gap-3">
      <span className="flex min-w-0 flex-col items-start">
        <PopoverClose>
          <TextButton onClick={onUse}>{snippet.name}</TextButton>
        </PopoverClose>
        <span className="max-w-full truncate font-mono text-code text-text3">{snippet.command}</span>
      </span>
      {onRemove && (
        <TextButton aria-label={`Remove ${snippet.name}`} onClick={onRemove}>
          Remove
        </TextButton>
      )}
    </li>
  )
}
