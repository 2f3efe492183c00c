import type { ReactNode } from 'react'
import { useNow } from '../../ui/age.tsx'
import { TextButton } from '../../ui/button.tsx'
import { shownKeys } from '../../ui/key-names.ts'
import { UntrustedText } from '../../ui/text.tsx'
import { shortDate } from '../../ui/times.ts'
import { useLayerForm } from './layer-form.ts'
import type { Leaf } from './use-leaf.ts'

/** Strokes that act on the value whose field has the keyboard. */
export const putBackKeys = 'alt+r'
export const exceptKeys = 'alt+e'
const tip = (words: string, keys: string): string => `${words} (${shownKeys(keys).join(' ')})`

/**
 * Under a field: which layer says what stands there, and the way to change that.
 *
 * @param props.ruled fixed rules decide about it, so there are no exceptions.
 */
export function Origin({ leaf, ruled = false, onChange }: { leaf: Leaf; ruled?: boolean; onChange?: () => void }) {
  const { held, askExcept } = useLayerForm()
  const declared = leaf.value !== undefined
  return (
    <div className="flex max-w-[496px] flex-col text-meta text-text3">
      <p>
        <Whose leaf={leaf} />
        {held === undefined && (
          <>
            {leaf.own !== undefined && leaf.edited && (
              <Act words="undo" title="Back to what is saved here" run={leaf.undo} />
            )}
            {leaf.own !== undefined && (
              <Act words="put back" title={tip(putBackTip(leaf), putBackKeys)} run={leaf.putBack} />
            )}
            {leaf.own === undefined && leaf.inherited !== undefined && onChange && (
              <Act words="change here" title="This layer says it from now on" run={onChange} />
            )}
            {leaf.own === undefined && leaf.edited && (
              <Act words="undo" title="Back to what is saved here" run={leaf.undo} />
            )}
            {declared && !ruled && leaf.except === undefined && (
              <Act
                words="except until…"
                title={tip('Leaves the machines as they are for a while', exceptKeys)}
                run={() => askExcept(leaf.place)}
              />
            )}
          </>
        )}
      </p>
      <Excepted leaf={leaf} />
    </div>
  )
}

const putBackTip = ({ from }: Leaf): string => (from === '' ? 'No layer says it then' : `As ${from} says again`)

function Whose({ leaf }: { leaf: Leaf }) {
  if (leaf.own !== undefined) return <span>{leaf.edited ? 'From this layer, unsaved' : 'From this layer'}</span>
  if (leaf.inherited === undefined)
    return <span>{leaf.edited ? 'Not said any more, unsaved' : 'Not said: each machine keeps what it has'}</span>
  return (
    <span>
      From <UntrustedText text={leaf.from} />
      {leaf.edited && ', unsaved'}
    </span>
  )
}

export function Act({ words, title, run }: { words: ReactNode; title: string; run: () => void }) {
  return (
    <>
      {' · '}
      <TextButton title={title} onClick={run}>
        {words}
      </TextButton>
    </>
  )
}

/** That the machines are left as they are for a while, by this layer or a wider one. */
function Excepted({ leaf }: { leaf: Pick<Leaf, 'except' | 'widerExcept' | 'place'> }) {
  const { setExcept, held } = useLayerForm()
  const now = useNow()
  if (leaf.except)
    return (
      <p className="text-held">
        Left as it is on the machines until {shortDate(leaf.except.untilMs, now)}:{' '}
        <UntrustedText text={leaf.except.because} maxChars={300} />
        {held === undefined && (
          <Act words="end it" title="The layers count again" run={() => setExcept(leaf.place, null)} />
        )}
      </p>
    )
  if (!leaf.widerExcept) return null
  const { except, from } = leaf.widerExcept
  return (
    <p className="text-held">
      Left as it is on the machines until {shortDate(except.untilMs, now)}, says <UntrustedText text={from} />:{' '}
      <UntrustedText text={except.because} maxChars={300} />
    </p>
  )
}
