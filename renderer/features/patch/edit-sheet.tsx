import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { type Patch, type PatchClass, PatchName } from '../../../shared/contract/index.ts'
import { client } from '../../api/client.ts'
import { sentenceOf } from '../../api/sentence.ts'
import { offerUndoOf } from '../../api/undo.ts'
import { Button } from '../../ui/button.tsx'
import { Sheet } from '../../ui/dialog.tsx'
import { Input, Select, TextArea } from '../../ui/field.tsx'
import { classesFrom, classWords } from '../../ui/patch-class.ts'

/** Name, reason, author and class of a patch. What it does is edited where it came from: a layer, or its folder. */
export function EditSheet({ patch, onClose }: { patch: Patch; onClose: () => void }) {
  const { patchId, revision, content, proposal } = patch
  const [name, setName] = useState(content.name)
  const [text, setText] = useState(content.why.text)
  const [link, setLink] = useState(content.why.link)
  const [author, setAuthor] = useState(content.author)
  const [its, setClass] = useState<PatchClass>(content.class)
  const [because, setBecause] = useState('')
  const save = useMutation({
    mutationFn: () =>
      client.patch.save({
        patchId,
        baseRevision: revision,
        content: { ...content, name, why: { text: text.trim(), link: link.trim() }, author: author.trim(), class: its },
        files: [],
        because,
      }),
    onSuccess: ({ sentence, undoId }) => {
      offerUndoOf(sentence, [undoId])
      onClose()
    },
  })
  const badName = PatchName.safeParse(name).success ? undefined : 'Small letters, digits and -, as orders-fallback.'
  const badLink = /^(https:\/\/\S+)?$/.test(link.trim()) ? undefined : 'An address that begins with https://.'
  const missing =
    badName ??
    badLink ??
    (text.trim() === ''
      ? 'A reason is missing.'
      : because.trim() === ''
        ? 'What was edited, and why, is missing.'
        : null)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (missing === null) save.mutate()
  }
  return (
    <Sheet
      open
      onOpenChange={(open) => !open && !save.isPending && onClose()}
      title={`Edit ${content.name}`}
      description={`It becomes revision ${revision + 1}. Answers that were given for revision ${revision} are asked again.`}
    >
      <form className="flex flex-col gap-4" onSubmit={submit}>
        <Input
          label="Name"
          mono
          maxLength={60}
          value={name}
          onChange={({ target }) => setName(target.value)}
          error={badName}
        />
        <TextArea label="Why" maxLength={2000} value={text} onChange={({ target }) => setText(target.value)} />
        <Input
          label="Link"
          aside="optional"
          maxLength={500}
          value={link}
          onChange={({ target }) => setLink(target.value)}
          error={badLink}
        />
        <Input
          label="Author"
          aside="optional"
          maxLength={120}
          value={author}
          onChange={({ target }) => setAuthor(target.value)}
        />
        <Select
          label="Class"
          value={its}
          onChange={({ target }) => setClass(target.value as PatchClass)}
          options={classesFrom(proposal.class).map((value) => ({ value, label: classWords[value].word }))}
          help={`${classWords[its].help} It can only be raised above what the patch touches.`}
        />
        <Input
          label="Why this edit"
          maxLength={300}
          value={because}
          onChange={({ target }) => setBecause(target.value)}
          help="One line for the history."
          error={save.error ? sentenceOf(save.error) : undefined}
        />
        <div className="flex flex-wrap items-center gap-3">
          <Button submit look="primary" keys="enter" disabled={missing !== null || save.isPending}>
            Save
          </Button>
          <Button keys="escape" onClick={onClose}>
            Leave it
          </Button>
          {missing && <span className="text-meta text-text3">{missing}</span>}
        </div>
      </form>
    </Sheet>
  )
}
