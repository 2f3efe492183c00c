import { useQuery } from '@tanstack/react-query'
import { useId, useState } from 'react'
import type { RuntimeSetting } from '../../../shared/contract/index.ts'
import { dottedPath, namesOfDotted } from '../../../shared/value-path.ts'
import { orpc } from '../../api/queries.ts'
import { Button, TextButton } from '../../ui/button.tsx'
import { InputBox, SelectBox } from '../../ui/field.tsx'
import { SectionLabel, UntrustedText } from '../../ui/text.tsx'
import { problemsAt, valueWords } from './draft.ts'
import { layerWords, useLayerForm } from './layer-form.ts'
import { Act } from './origin.tsx'
import { rawText, readRaw } from './raw-value.ts'

/** The raw settings this layer says itself, and a line for one more. */
export function OwnRaw({ versions }: { versions: readonly string[] }) {
  const { draft, held } = useLayerForm()
  const paths = Object.keys(draft.raw).toSorted()
  return (
    <section aria-label="Said in this layer" className="flex flex-col gap-3">
      <SectionLabel count={paths.length}>Said in this layer</SectionLabel>
      {paths.length === 0 && <p className="text-text2">Nothing yet.</p>}
      {paths.map((path) => (
        <RawRow key={path} path={path} versions={versions} />
      ))}
      {held === undefined && <AddRaw versions={versions} />}
    </section>
  )
}

/** How the versions of the layer describe exactly this path; undefined: none knows it. */
function useSetting(path: string, versions: readonly string[]): RuntimeSetting | undefined {
  const { data } = useQuery({
    ...orpc.settings.search.queryOptions({ input: { words: '', below: path, versions: [...versions], limit: 1 } }),
    enabled: versions.length > 0 && path !== '',
    gcTime: 60_000,
  })
  return data?.settings.find((setting) => setting.path === path)
}

function RawRow({ path, versions }: { path: string; versions: readonly string[] }) {
  const { draft, saved, problems, setRaw, setExcept, askExcept, held } = useLayerForm()
  const [typed, setTyped] = useState<string | null>(null)
  const value = draft.raw[path]
  const setting = useSetting(path, versions)
  const { data: checked } = useQuery({
    ...orpc.settings.check.queryOptions({
      input: { paths: [{ path, value: value ?? null }], versions: [...versions] },
    }),
    enabled: versions.length > 0,
    gcTime: 60_000,
  })
  const place = dottedPath(['raw', 'openclaw', ...(namesOfDotted(path) ?? [path])])
  const refused = problemsAt(problems, place)
  const edited = JSON.stringify(value) !== JSON.stringify(saved.raw[path])
  const except = draft.excepts.find((each) => each.path === place)
  return (
    <div data-value-path={place} className="flex max-w-[496px] flex-col gap-1">
      <span className="font-mono text-code break-all">
        <UntrustedText text={path} maxChars={300} />
      </span>
      {value === null ? (
        <p className="flex h-8 items-center text-text2">Nothing may stand there.</p>
      ) : setting && setting.values.length > 0 ? (
        <SelectBox
          aria-label={path}
          disabled={held !== undefined}
          value={rawText(value)}
          onChange={({ target }) => setRaw(path, readRaw(target.value))}
        >
          {[...new Set([...setting.values.map((each) => rawText(each)), rawText(value)])].map((each) => (
            <option key={each} value={each}>
              {each}
            </option>
          ))}
        </SelectBox>
      ) : (
        <InputBox
          aria-label={path}
          aria-invalid={refused.length > 0 ? true : undefined}
          mono
          readOnly={held !== undefined}
          value={typed ?? rawText(value)}
          onChange={({ target }) => {
            setTyped(target.value)
            setRaw(path, readRaw(target.value))
          }}
          onBlur={() => setTyped(null)}
        />
      )}
      {refused.map(({ words }) => (
        <p key={words} role="alert" className="text-meta text-critical">
          <UntrustedText text={words} maxChars={400} />
        </p>
      ))}
      {refused.some(({ words }) => words.includes('another number of the client')) && <OtherNumber />}
      {checked?.verdicts.map(({ version, words, allowed }) => (
        <p key={`${version} ${words}`} className="text-meta text-warning">
          <UntrustedText
            text={`${version}: ${words}${allowed.length > 0 ? ` It may be ${allowed.map(String).join(', ')}.` : ''}`}
            maxChars={400}
          />
        </p>
      ))}
      <p className="text-meta text-text3">
        {edited ? 'From this layer, unsaved' : 'From this layer'}
        {held === undefined && (
          <>
            <Act words="put back" title="Takes it out of this layer" run={() => setRaw(path, undefined)} />
            {value !== null && (
              <Act words="must be absent" title="Nothing may stand there" run={() => setRaw(path, null)} />
            )}
            {value === null && <Act words="give it a value" title="Type a value" run={() => setRaw(path, '')} />}
            {!except && (
              <Act words="except until…" title="Leaves the machines as they are" run={() => askExcept(place)} />
            )}
            {except && <Act words="end the exception" title="The layers count" run={() => setExcept(place, null)} />}
          </>
        )}
      </p>
    </div>
  )
}

/** Whoever wants everyone gets the way to one more person of the client (A34). */
function OtherNumber() {
  const { show } = useLayerForm()
  return (
    <div>
      <Button small onClick={() => show('channels')}>
        Add another number of the client
      </Button>
    </div>
  )
}

/** A path that no search found, typed by hand and completed from what the versions know. */
function AddRaw({ versions }: { versions: readonly string[] }) {
  const { draft, setRaw } = useLayerForm()
  const [path, setPath] = useState('')
  const [value, setValue] = useState('')
  const id = useId()
  const { data } = useQuery({
    ...orpc.settings.search.queryOptions({ input: { words: path.trim(), versions: [...versions], limit: 40 } }),
    enabled: versions.length > 0 && path.trim() !== '',
    gcTime: 60_000,
    placeholderData: (before) => before,
  })
  const names = namesOfDotted(path.trim())
  const problem =
    path.trim() === ''
      ? 'A path is missing.'
      : names === null || names.some((name) => name === '')
        ? 'A path is names joined by dots, as gateway.port.'
        : names.includes('*')
          ? 'Write a name in the place of *.'
          : Object.hasOwn(draft.raw, path.trim())
            ? 'It stands above already.'
            : value === ''
              ? 'A value is missing.'
              : ''
  return (
    <form
      className="flex max-w-[496px] flex-col gap-1"
      onSubmit={(event) => {
        event.preventDefault()
        if (problem !== '') return
        setRaw(path.trim(), readRaw(value))
        setPath('')
        setValue('')
      }}
    >
      <div className="grid grid-cols-[1fr_1fr_auto] items-center gap-2">
        <InputBox
          aria-label="Path of one more setting"
          mono
          list={id}
          placeholder="path"
          value={path}
          onChange={({ target }) => setPath(target.value)}
        />
        <datalist id={id}>
          {data?.settings.map((setting) => (
            <option key={setting.path} value={setting.path} />
          ))}
        </datalist>
        <InputBox
          aria-label="Its value"
          mono
          placeholder="value"
          value={value}
          onChange={({ target }) => setValue(target.value)}
        />
        <Button submit disabled={problem !== ''}>
          Say it
        </Button>
      </div>
      <p className="text-meta text-text3">
        {path.trim() !== '' && problem !== ''
          ? problem
          : 'Text, a number, true, false, or JSON such as ["a", "b"]. Of a secret only its variable on the machine: $ and its name in braces.'}
      </p>
    </form>
  )
}

/** Raw settings that wider layers say. */
export function InheritedRaw() {
  const { page, draft, setRaw, held } = useLayerForm()
  const { content, provenance } = page.inherited
  const paths = Object.keys(content.raw.openclaw).filter((path) => !Object.hasOwn(draft.raw, path))
  if (paths.length === 0) return null
  return (
    <section aria-label="From wider layers" className="flex flex-col gap-2">
      <SectionLabel count={paths.length}>From wider layers</SectionLabel>
      <ul className="flex max-w-[496px] flex-col gap-2">
        {paths.map((path) => {
          const layer = provenance[`raw.openclaw.${path}`]
          const known = page.wider.find(
            (each) => layer && each.layer.kind === layer.kind && each.layer.key === layer.key,
          )
          return (
            <li key={path}>
              <p className="font-mono text-code break-all">
                <UntrustedText text={`${path}: ${valueWords(content.raw.openclaw[path]) ?? ''}`} maxChars={400} />
              </p>
              <p className="text-meta text-text3">
                From <UntrustedText text={layer && known ? layerWords(layer, known.label) : 'a wider layer'} />
                {held === undefined && (
                  <>
                    {' · '}
                    <TextButton onClick={() => setRaw(path, content.raw.openclaw[path])}>change here</TextButton>
                  </>
                )}
              </p>
            </li>
          )
        })}
      </ul>
    </section>
  )
}
