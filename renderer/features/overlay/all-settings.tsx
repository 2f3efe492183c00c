import { useMutation, useQuery } from '@tanstack/react-query'
import { useId, useState } from 'react'
import type { AgentId, RuntimeSetting } from '../../../shared/contract/index.ts'
import { client } from '../../api/client.ts'
import { orpc } from '../../api/queries.ts'
import { sentenceOf } from '../../api/sentence.ts'
import { Button } from '../../ui/button.tsx'
import { Checkbox, Input } from '../../ui/field.tsx'
import { SectionLabel, UntrustedText } from '../../ui/text.tsx'
import { useLayerForm } from './layer-form.ts'
import { InheritedRaw, OwnRaw } from './raw-rows.tsx'
import { readRaw } from './raw-value.ts'
import type { Preview } from './use-preview.ts'

const mostFound = 60

export interface KnownVersions {
  /** Versions that agents of the layer run. */
  versions: string[]
  /** Those of them that nobody asked yet, each with an agent that can be asked. */
  unasked: { version: string; agentId: AgentId; name: string }[]
}

/** Which versions run on the agents of the layer, and which of them nobody asked what settings they know. */
function useVersions(preview: Preview): KnownVersions {
  const { data: known } = useQuery(orpc.settings.known.queryOptions())
  const agents = (preview.plan?.agents ?? []).filter(({ version }) => version !== '')
  const versions = [...new Set(agents.map(({ version }) => version))].toSorted().toReversed()
  const asked = new Set(known?.map(({ version }) => version))
  return {
    versions,
    unasked:
      known === undefined
        ? []
        : versions.flatMap((version) => {
            const agent = agents.find((each) => each.version === version)
            return agent && !asked.has(version) ? [{ version, agentId: agent.agentId, name: agent.name }] : []
          }),
  }
}

/** The runtime's own settings: what this layer says of them, and a search over all that the versions know. */
export function AllSettings({ preview }: { preview: Preview }) {
  const known = useVersions(preview)
  return (
    <>
      <OwnRaw versions={known.versions} />
      <InheritedRaw />
      <Search known={known} />
    </>
  )
}

function Search({ known }: { known: KnownVersions }) {
  const { draft, setRaw, held } = useLayerForm()
  const [words, setWords] = useState('')
  const [all, setAll] = useState(false)
  const { data, error } = useQuery({
    ...orpc.settings.search.queryOptions({ input: { words: words.trim(), versions: known.versions, limit: 200 } }),
    enabled: known.versions.length > 0,
    gcTime: 60_000,
    placeholderData: (before) => before,
  })
  const fitting = (data?.settings ?? []).filter(({ common }) => all || common)
  const found = fitting.slice(0, mostFound)
  const hidden = (data?.total ?? 0) - found.length
  const id = useId()
  return (
    <section aria-labelledby={id} className="flex flex-col gap-3">
      <div id={id}>
        <SectionLabel>Search all settings</SectionLabel>
      </div>
      <Input
        label="Words, or a path"
        data-search="settings"
        value={words}
        placeholder="log level"
        onChange={({ target }) => setWords(target.value)}
      />
      <Checkbox
        label="Also settings for special cases"
        checked={all}
        onChange={({ target }) => setAll(target.checked)}
      />
      {known.unasked.map((each) => (
        <Unasked key={each.version} {...each} />
      ))}
      {error && <p className="text-warning">{sentenceOf(error)}</p>}
      {known.versions.length === 0 && (
        <p className="max-w-[496px] text-text2">No machine of this layer was read yet, so no version is known.</p>
      )}
      {data && found.length === 0 && (
        <p className="max-w-[496px] text-text2">
          {hidden > 0 ? 'Only settings for special cases fit.' : 'No known setting fits these words.'}
        </p>
      )}
      <ul aria-label="Settings" className="flex max-w-[496px] flex-col">
        {found.map((setting) => (
          <Setting
            key={setting.path}
            setting={setting}
            versions={known.versions}
            said={Object.hasOwn(draft.raw, setting.path)}
            {...(held === undefined ? { onSay: (path, typed) => setRaw(path, readRaw(typed)) } : {})}
          />
        ))}
      </ul>
      {hidden > 0 && found.length > 0 && <p className="text-meta text-text3">{`and ${hidden} more`}</p>}
    </section>
  )
}

/** A version whose settings nobody knows yet, and the machine that can say them. */
function Unasked({ version, agentId, name }: { version: string; agentId: AgentId; name: string }) {
  const learn = useMutation({
    mutationFn: () => client.settings.learn({ agentId }),
    onSuccess: (_answer, _input, _result, { client: cache }) =>
      cache.invalidateQueries({ queryKey: orpc.settings.key() }),
  })
  const why = learn.data?.why || (learn.error ? sentenceOf(learn.error) : '')
  return (
    <div className="flex max-w-[496px] flex-col items-start gap-1">
      <p className="text-text2">
        Nobody has asked <UntrustedText text={version} /> which settings it knows.
      </p>
      <Button small disabled={learn.isPending} onClick={() => learn.mutate()}>
        Ask <UntrustedText text={name} />
      </Button>
      {why && (
        <p role="alert" className="text-meta text-warning">
          <UntrustedText text={why} maxChars={300} />
        </p>
      )}
    </div>
  )
}

/** One setting of the runtime: path, what it may be, which versions know it. Choosing it says a value in this layer. */
function Setting({
  setting,
  versions,
  said,
  onSay,
}: {
  setting: RuntimeSetting
  versions: readonly string[]
  said: boolean
  onSay?: (path: string, typed: string) => void
}) {
  const { path, title, description, types, values, usual, versions: knows } = setting
  const lacking = versions.filter((version) => !knows.includes(version))
  const typed = values.length > 0 ? values.map(String).join(' | ') : types.join(' | ')
  const first = usual ?? values[0] ?? (types.includes('boolean') ? true : types.includes('array') ? '[]' : '')
  return (
    <li className="flex items-start gap-3 border-line py-2 not-first:border-t">
      <div className="readable min-w-0 flex-1">
        <p className="font-mono text-code break-all">
          <UntrustedText text={path} maxChars={300} />
        </p>
        <p className="text-meta text-text2">
          <UntrustedText text={[title, description].filter(Boolean).join('. ')} maxChars={400} />
        </p>
        <p className="text-meta text-text3">
          <UntrustedText
            text={[
              typed,
              usual === null ? '' : `usually ${String(usual)}`,
              lacking.length > 0 ? `not in ${lacking.join(', ')}` : '',
            ]
              .filter(Boolean)
              .join(' · ')}
            maxChars={300}
          />
        </p>
      </div>
      {said ? (
        <span className="text-meta text-text3">said here</span>
      ) : (
        onSay && (
          <Button small aria-label={`Say ${path} here`} onClick={() => onSay(path, String(first))}>
            Say it here
          </Button>
        )
      )}
    </li>
  )
}
