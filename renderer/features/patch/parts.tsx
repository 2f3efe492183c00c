import { useQuery } from '@tanstack/react-query'
import type { Patch, PatchFile, PatchPart } from '../../../shared/contract/index.ts'
import { orpc } from '../../api/queries.ts'
import { go } from '../../state/navigation.ts'
import { TextButton } from '../../ui/button.tsx'
import { Diff } from '../../ui/diff.tsx'
import { SectionLabel, UntrustedText } from '../../ui/text.tsx'
import { editLines } from './edit-lines.ts'

/** What a patch does, in order: each part in a sentence, and under it the values, files or the way back. */
export function Parts({ patch: { content, partWords } }: { patch: Patch }) {
  return (
    <section aria-label="What it does" className="flex flex-col gap-4">
      <SectionLabel {...(partWords.length > 1 ? { count: partWords.length } : {})}>What it does</SectionLabel>
      {content.parts.map((part, at) => (
        <div key={partWords[at]} className="flex flex-col gap-2">
          <h3 className="font-medium break-words">
            {content.parts.length > 1 && <span className="figures pr-2 font-normal text-text3">{at + 1}</span>}
            <UntrustedText text={partWords[at] ?? ''} maxChars={600} />
          </h3>
          <Detail part={part} />
        </div>
      ))}
    </section>
  )
}

function Detail({ part }: { part: PatchPart }) {
  switch (part.kind) {
    case 'overlay':
      return <Edit part={part} />
    case 'files':
      return <Files files={part.files} />
    case 'command':
      return (
        <p className="text-meta text-text3">{`It has ${part.deadlineS} s; then it is ended, and the machine goes back.`}</p>
      )
    case 'folder':
      return <p className="text-meta text-text3">A folder with uncommitted changes is refused.</p>
    case 'update':
      return <p className="text-meta text-text3">A backup is made and checked first.</p>
  }
}

function Edit({ part }: { part: Extract<PatchPart, { kind: 'overlay' }> }) {
  const { layer } = part
  const { data } = useQuery(orpc.overlay.layer.queryOptions({ input: { layer } }))
  const { lines, declared } = editLines(part, data?.content)
  return (
    <>
      <Diff changes={lines} />
      <p className="text-meta text-text3">
        {data === undefined
          ? ''
          : declared
            ? 'The layer declares it already. '
            : 'Against what the layer declares now. '}
        <TextButton onClick={() => go({ page: 'overlay', layer })}>Open the layer</TextButton>
      </p>
    </>
  )
}

function Files({ files }: { files: readonly PatchFile[] }) {
  return (
    <ul className="flex flex-col bg-sunken px-2 py-1">
      {files.map(({ path, sha256, bytes, mode, back }) => (
        <li key={path} className="flex items-baseline gap-4">
          <span className="min-w-0 flex-1 font-mono text-code wrap-anywhere">
            <UntrustedText text={path} maxChars={300} />
          </span>
          <span className="figures shrink-0 text-meta text-text3">
            {sha256 === null ? 'removed' : `${bytes.toLocaleString('en-US')} bytes · ${mode}`}
            {back === 'keep' ? ' · stays when it goes back' : ''}
          </span>
        </li>
      ))}
    </ul>
  )
}
