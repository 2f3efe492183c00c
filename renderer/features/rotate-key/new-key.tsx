import { skipToken, useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { KeyPreview } from '../../../shared/contract/index.ts'
import { client } from '../../api/client.ts'
import { orpc } from '../../api/queries.ts'
import { keepKeyRun } from '../../api/rotating.ts'
import { sentenceOf } from '../../api/sentence.ts'
import { closeRotating } from '../../state/rotating.ts'
import { Button } from '../../ui/button.tsx'
import { Input } from '../../ui/field.tsx'
import { MachineName } from '../../ui/machine-name.tsx'
import { SectionLabel, UntrustedText } from '../../ui/text.tsx'

/** Which key comes, and whom that reaches in which order. */
export function NewKey() {
  const [typed, setTyped] = useState('')
  const [path, setPath] = useState('')
  const { data: app } = useQuery(orpc.app.state.queryOptions())
  const preview = useQuery({
    ...orpc.keys.preview.queryOptions({ input: path === '' ? skipToken : { newKeyPath: path } }),
    staleTime: 0,
    retry: false,
  })
  const start = useMutation({
    mutationFn: () => client.keys.start({ newKeyPath: path }),
    onSuccess: keepKeyRun,
  })
  const held = app?.readOnly ? 'This console was started to read only.' : ''
  const boxes = preview.data?.boxes ?? []
  const isReady = boxes.length > 0 && typed.trim() === path && held === '' && !start.isPending
  const problem = start.error ?? preview.error
  const goOn = () => {
    if (held !== '' || start.isPending) return
    if (isReady) start.mutate()
    else setPath(typed.trim())
  }
  return (
    <form
      className="readable flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault()
        goOn()
      }}
    >
      <Input
        label="New private key file"
        help="On this computer, such as ~/.ssh/id_2027. Make it with ssh-keygen first; only its public half goes to the machines."
        className="w-full!"
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
        onBlur={() => setPath(typed.trim())}
      />
      {preview.data && <Whom preview={preview.data} />}
      {problem && (
        <p role="alert" className="text-critical">
          {sentenceOf(problem)}
        </p>
      )}
      {held && <p className="text-text3">{held}</p>}
      <div className="flex gap-2">
        <Button
          look="primary"
          keys="enter"
          disabled={typed.trim() === '' || held !== '' || start.isPending}
          onClick={goOn}
        >
          {isReady ? `Change it on ${boxes.length === 1 ? '1 machine' : `${boxes.length} machines`}` : 'Show whom'}
        </Button>
        <Button keys="escape" onClick={closeRotating}>
          Leave it
        </Button>
      </div>
    </form>
  )
}

function Whom({ preview }: { preview: KeyPreview }) {
  return (
    <>
      <p className="text-meta text-text3">
        <span className="mono break-all">{preview.newFingerprint}</span>
        <span className="block">
          Each gets it beside the old one. Only after a login with it is the old one taken out. After the first machine
          that does not go well nothing further is begun.
        </span>
      </p>
      <section aria-label="Order" className="flex flex-col gap-1">
        <SectionLabel count={preview.boxes.length}>In this order</SectionLabel>
        <ul className="max-h-[240px] overflow-y-auto">
          {preview.boxes.map(({ boxId, boxName, clientName, ring, wave }) => (
            <li key={boxId} className="flex h-7 items-center gap-3">
              <span className="figures w-5 shrink-0 text-text3">{wave}</span>
              <span className="w-[140px] shrink-0 truncate">
                <MachineName name={boxName} className="max-w-[140px]" />
              </span>
              <span className="min-w-0 flex-1 truncate text-text2">
                <UntrustedText text={clientName ?? ''} />
              </span>
              {ring !== 'rest' && <span className="text-meta text-text3">{ring}</span>}
            </li>
          ))}
        </ul>
      </section>
      <LeftOut leftOut={preview.leftOut} />
    </>
  )
}

export function LeftOut({ leftOut }: Pick<KeyPreview, 'leftOut'>) {
  if (leftOut.length === 0) return null
  return (
    <section aria-label="Left out" className="flex flex-col gap-1">
      <SectionLabel count={leftOut.length}>Left out</SectionLabel>
      <ul className="max-h-[140px] overflow-y-auto">
        {leftOut.map(({ boxId, boxName, why }) => (
          <li key={boxId} className="flex items-baseline gap-2 text-text2">
            <UntrustedText text={boxName} />
            <span className="text-meta text-text3">{why}</span>
          </li>
        ))}
      </ul>
    </section>
  )
}
