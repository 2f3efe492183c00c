import { useEffect, useState } from 'react'
import type { Settings } from '../../../shared/contract/index.ts'
import { Checkbox, Input, Select } from '../../ui/field.tsx'
import { useSettingsChange } from './change.ts'
import { Refused } from './looks.tsx'
import { ReferenceCheckouts } from './references.tsx'
import { type NumberSetting, readNumber, readTime, readTimes } from './values.ts'

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

const lightMinutes = [5, 10, 15, 30, 0] as const satisfies Settings['lightSweepMinutes'][]
const lightPaces = lightMinutes.map((minutes) => ({
  value: String(minutes),
  label: minutes === 0 ? 'Never' : `Every ${minutes} minutes`,
}))

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
      <Select
        label="Look in between"
        className="w-72!"
        help="A light sweep asks only who answers, when they last talked and whom the agents answer, while this console runs."
        value={String(now.lightSweepMinutes)}
        options={lightPaces}
        onChange={(event) => {
          const minutes = lightMinutes.find((one) => String(one) === event.target.value)
          if (minutes !== undefined) change({ lightSweepMinutes: minutes })
        }}
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
      <Checkbox
        label="Back up agents after the daily sweep"
        help="Each whose newest backup is older than a day, by its own runtime, on its own machine. The newest three stay there."
        checked={now.backUpDaily}
        onChange={(event) => change({ backUpDaily: event.target.checked })}
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
        help="One call a day. Without it the newest version seen in your fleet counts."
        checked={now.askRegistry}
        onChange={(event) => change({ askRegistry: event.target.checked })}
      />
      <Checkbox
        label="Ask the remotes of checkouts which commit is newest"
        help="From this computer, with your own git, at most once an hour for each. Nothing is fetched, nobody is asked for a password. Without it only machines and your own checkouts say what is newest."
        checked={now.askRemotes}
        onChange={(event) => change({ askRemotes: event.target.checked })}
      />
      <ReferenceCheckouts settings={settings} />
      <NumberField
        setting="amberDays"
        settings={now}
        onChange={change}
        label="Calls for attention after"
        aside="days behind"
        help="Clients can have their own."
      />
      <NumberField
        setting="redDays"
        settings={now}
        onChange={change}
        label="Urgent after"
        aside="days behind"
        help=""
      />
      <Refused problem={problem} />
    </>
  )
}

/** What reaches the operator outside of this window, and when not. */
export function NotificationSection({ settings }: { settings: Settings }) {
  const { now, change, problem } = useSettingsChange(settings)
  return (
    <>
      <Checkbox
        label="Tell me of urgent troubles and of their end"
        help="One notification of this computer for each trouble, and one when it is over."
        checked={now.notify}
        onChange={(event) => change({ notify: event.target.checked })}
      />
      <Typed
        label="Quiet from"
        help=""
        shown={now.quietFrom}
        read={(text) => readTime('quietFrom', text)}
        onChange={change}
      />
      <Typed
        label="Quiet until"
        help="This computer’s time. What is held back is summed up in one notification at the end. The same time twice: never quiet."
        shown={now.quietTo}
        read={(text) => readTime('quietTo', text)}
        onChange={change}
      />
      <Refused problem={problem} />
    </>
  )
}
