import type { Settings } from '../../../shared/contract/index.ts'
import { Checkbox, Radio, RadioGroup } from '../../ui/field.tsx'
import { useSettingsChange } from './change.ts'

const themes: { theme: Settings['theme']; label: string }[] = [
  { theme: 'system', label: 'As the system' },
  { theme: 'light', label: 'Light' },
  { theme: 'dark', label: 'Dark' },
]

/** Light or dark, and whether single letters act. */
export function LooksSection({ settings }: { settings: Settings }) {
  const { now, change, problem } = useSettingsChange(settings)
  return (
    <>
      <RadioGroup label="Theme">
        {themes.map(({ theme, label }) => (
          <Radio
            key={theme}
            name="theme"
            label={label}
            checked={now.theme === theme}
            onChange={() => change({ theme })}
          />
        ))}
      </RadioGroup>
      <Checkbox
        label="Single letters are keys"
        help="J, K, R and the like act when no field has the keyboard. Everything stays reachable without them."
        checked={now.singleLetterKeys}
        onChange={(event) => change({ singleLetterKeys: event.target.checked })}
      />
      <Refused problem={problem} />
    </>
  )
}

/** What the engine said to a change it did not take. */
export function Refused({ problem }: { problem: string }) {
  return problem ? (
    <p role="alert" className="text-critical">
      {problem}
    </p>
  ) : null
}
