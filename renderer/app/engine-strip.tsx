import { useSyncExternalStore } from 'react'
import { engineState, subscribeEngine } from '../api/client.ts'
import { startEngine } from '../platform/platform.ts'
import { useActions } from '../state/actions.ts'
import { offerSentence, type Said, useSentence } from '../state/said.ts'
import { Button } from '../ui/button.tsx'
import { Strip } from '../ui/strip.tsx'

/** The engine as the window knows it. */
export const useEngine = () => useSyncExternalStore(subscribeEngine, engineState)

/** Under every header: the engine away, or the one sentence about what could not be done. Old values stay below. */
export function EngineStrip() {
  const engine = useEngine()
  const said = useSentence()
  if (engine.state === 'restarting')
    return (
      <Strip look="warning">
        <span>
          The engine stopped and is being started again
          {engine.gone ? `, attempt ${engine.gone.crashes} of ${engine.gone.limit}` : ''}. What is shown is what was
          last read.
        </span>
      </Strip>
    )
  if (engine.state === 'down')
    return (
      <Strip
        look="critical"
        action={
          <Button small onClick={startEngine}>
            Start the engine
          </Button>
        }
      >
        <span>
          The engine stopped {engine.gone?.crashes ?? 0} times and stays off. What is shown is what was last read.
          {engine.gone?.lastWords ? ` It last said: ${engine.gone.lastWords}` : ''}
        </span>
        {engine.gone && <span className="text-text2">Its log: {engine.gone.logPath}</span>}
      </Strip>
    )
  return said === null ? null : <SaidStrip key={said.sentence} {...said} />
}

/** While it stands, Esc closes it before anything else that Esc does here. */
function SaidStrip({ sentence, look }: Said) {
  useActions('Message', [
    { title: 'Close the message', keys: 'escape', keysOnly: true, run: () => offerSentence(null) },
  ])
  return (
    <Strip
      look={look}
      announced
      action={
        <Button small keys="escape" onClick={() => offerSentence(null)}>
          Close
        </Button>
      }
    >
      <span>{sentence}</span>
    </Strip>
  )
}
