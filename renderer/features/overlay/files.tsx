import { useMutation, useQuery } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { WorkspacePath } from '../../../shared/sections.ts'
import { client } from '../../api/client.ts'
import { orpc } from '../../api/queries.ts'
import { sentenceOf } from '../../api/sentence.ts'
import { Button } from '../../ui/button.tsx'
import { useLayerForm } from './layer-form.ts'
import { TextLeaf, YesNoLeaf } from './leaves.tsx'
import { AddName, Named, useNames } from './named.tsx'
import { useLeaf } from './use-leaf.ts'

const mostBytes = 256_000

/** Workspace files: chosen from this computer, kept by their content and carried to the machines. */
export function Files() {
  const { set } = useLayerForm()
  const names = useNames(['files'])
  return (
    <>
      {names.length === 0 && <p className="text-text2">No file is declared.</p>}
      {names.map((name) => (
        <Named key={name} name={name}>
          <FileContent name={name} />
          <TextLeaf path={['files', name, 'sha256']} label="SHA-256 of its content" mono wrong="A SHA-256 in hex." />
          <YesNoLeaf path={['files', name, 'executable']} label="May be started as a program" yes="Yes" no="No" />
        </Named>
      ))}
      <AddName
        words="Add it"
        label="A path inside the workspace"
        taken={names}
        shape={WorkspacePath}
        known={['SOUL.md', 'AGENTS.md', 'TOOLS.md'].filter((name) => !names.includes(name))}
        add={(name) => set(['files', name], { sha256: '' })}
      />
    </>
  )
}

const base64Of = (bytes: Uint8Array): string => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))

/** Where the content comes from: the file is kept by its hash at once, and declared when the layer is saved. */
function FileContent({ name }: { name: string }) {
  const { held, page, set } = useLayerForm()
  const input = useRef<HTMLInputElement>(null)
  const [tooLarge, setTooLarge] = useState('')
  const declared = useLeaf(['files', name, 'sha256']).value
  const { data } = useQuery(orpc.overlay.files.queryOptions({ input: { layer: page.layer } }))
  const keep = useMutation({
    mutationFn: async (file: File) => {
      const content = base64Of(new Uint8Array(await file.arrayBuffer()))
      return { from: file.name, ...(await client.overlay.keepFile({ path: name, content })) }
    },
    onSuccess: ({ sha256 }) => set(['files', name, 'sha256'], sha256),
  })
  const problem = tooLarge || (keep.error ? sentenceOf(keep.error) : '')
  const saved = data?.find((file) => file.path === name && file.sha256 === declared)
  const words =
    keep.data?.sha256 === declared
      ? `${keep.data?.from}, ${keep.data?.size} bytes, is kept here.`
      : saved?.size === null
        ? 'Its content is not in this console, so it is compared and not carried.'
        : saved
          ? `${saved.size} bytes are kept here.`
          : ''
  return (
    <div className="flex flex-wrap items-center gap-3">
      <input
        ref={input}
        type="file"
        hidden
        aria-label={`File for ${name}`}
        onChange={({ target }) => {
          const [file] = target.files ?? []
          setTooLarge(file && file.size > mostBytes ? `${file.name} is larger than ${mostBytes / 1000} kB.` : '')
          if (file && file.size <= mostBytes) keep.mutate(file)
          // The same file may be chosen again after it was changed.
          target.value = ''
        }}
      />
      <Button small disabled={held !== undefined || keep.isPending} onClick={() => input.current?.click()}>
        Choose a file…
      </Button>
      {problem !== '' ? (
        <p role="alert" className="text-meta text-critical">
          {problem}
        </p>
      ) : (
        words !== '' && <p className="text-meta text-text3">{words}</p>
      )}
    </div>
  )
}
