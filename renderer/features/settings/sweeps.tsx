import { useEffect, useState } from 'react'
import type { Settings } from '../../../shared/contract/index.ts'
import { Checkbox, Input } from '../../ui/field.tsx'
import { useSettingsChange } from './change.ts'
import { Refused } from './looks.tsx'
import { type NumberSetting, readNumber, readTimes } from './values.ts'

interface TypedProps {
  label: string
  aside?: string
  help: string
  shown: string
  className?: string
  read: (text: string) => { change: Partial<Settings> } | { problem: string }
  onChange: (change: Partial<Settings>) => void
}

/** A value that is typed: it holds when its field is left or Enter is pressed; what cannot be read stays, with the reason. */
function Typed({ label, aside, help, shown, read, onChange, className }: TypedProps) {
  const [text, setText] = useState(shown)
  const [problem, setProblem] = useState('')
  useEffect(() => setText(shown), [shown])
  const leave = () => {
    if (text === shown) return setProblem('')
    const answer = read(text)
    if ('problem' in answer) return setProblem(answer.problem)
    setProblem('')
    onChange(answer.change)
  }
  return (
    <Input
      label={label}
      aside={aside}
      help={help}
      error={problem}
      value={text}
      className={`figures ${className ?? 'w-24!'}`}
      onChange={(event) => setText(event.target.value)}
      onBlur={leave}
      onKeyDown={(event) => {
        if (event.key === 'Enter') leave()
      }}
    />
  )
}

function NumberField({
  setting,
  settings,
  ...rest
}: { setting: NumberSetting; settings: Settings } & Omit<TypedProps, 'shown' | 'read'>) {
  return <Typed {...rest} shown={String(settings[setting])} read={(text) => readNumber(setting, text, settings)} />
}

/** When machines are asked, how many at once, and for how long. */
export function SweepSection({ settings }: { settings: Settings }) {
  const { now, change, problem } = useSettingsChange(settings)
  return (
    <>
      <Typed
        label="Sweep every day at"
        className="w-72!"
        help="This computer’s time, such as 07:00, 13:00. Nothing: only by hand. A sweep missed in sleep is made up after waking."
        shown={now.sweepAt.join(', ')}
        read={readTimes}
        onChange={change}
      />
      <NumberField
        setting="sweepConcurrency"
        settings={now}
        onChange={change}
        label="Machines at once"
        help="More is faster until this computer or its network is the limit."
      />
      <NumberField
        setting="boxDeadlineS"
        settings={now}
        onChange={change}
        label="Longest wait for one machine"
        aside="seconds"
        help="A machine that takes longer is left; the others are not delayed by it."
      />
      <Checkbox
        label="Keep connections warm"
        help="The probe stays running on an open connection for up to 10 minutes, so the next sweep is faster."
        checked={now.keepWarm}
        onChange={(event) => change({ keepWarm: event.target.checked })}
      />
      <Refused problem={problem} />
    </>
  )
}

/** Where the newest version is learned, and when a gap calls for attention. */
export function VersionSection({ settings }: { settings: Settings }) {
  const { now, change, problem } = useSettingsChange(settings)
  return (
    <>
      <Checkbox
        label="Ask the package registry once a day which version is newest"
        help="The only call over the web this console makes. Without it the newest version seen in your fleet counts."
        checked={now.askRegistry}
        onChange={(event) => change({ askRegistry: event.target.checked })}
      />
      <NumberField
        setting="amberDays"
        settings={now}
        onChange={change}
        label="Amber after"
        aside="days behind"
        help="Clients can have their own."
      />
      <NumberField setting="redDays" settings={now} onChange={change} label="Red after" aside="days behind" help="" />
      <Refused problem={problem} />
    </>
  )
}
