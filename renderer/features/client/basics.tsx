import { Controller, useFormContext, useWatch } from 'react-hook-form'
import { useNow } from '../../ui/age.tsx'
import { DayInput } from '../../ui/day-input.tsx'
import { Field, Input } from '../../ui/field.tsx'
import { errorAt } from '../../ui/form-errors.ts'
import { clockTime } from '../../ui/times.ts'
import { type ClientForm, isTimeZone } from './form.ts'

const zones = Intl.supportedValuesOf('timeZone')

/** The country of a region code in words, or empty: "US-CA" is "United States, CA". */
function regionWords(region: string): string {
  const [country = '', part] = region.trim().toUpperCase().split('-')
  if (!/^[A-Z]{2}$/.test(country)) return ''
  const name = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' }).of(country)
  return name ? `${name}${part ? `, ${part}` : ''}` : ''
}

function RegionHelp() {
  const words = regionWords(useWatch<ClientForm, 'region'>({ name: 'region' }))
  return words
    ? `${words}. Its public holidays are assumed.`
    : 'Such as US-CA or DE-BY: brings the public holidays and reads local phone numbers.'
}

function ZoneHelp() {
  const zone = useWatch<ClientForm, 'timeZone'>({ name: 'timeZone' }).trim()
  const now = useNow()
  if (zone === '') return 'Nothing: your own time zone.'
  return isTimeZone(zone) ? `${clockTime(now, zone)} there now.` : ''
}

/** Who the client is and where. */
export function Basics({ niches }: { niches: readonly string[] }) {
  const { register, control, formState } = useFormContext<ClientForm>()
  const error = (path: string) => errorAt(formState.errors, path)
  return (
    <>
      <Input label="Name" aside="required" error={error('name')} {...register('name')} />
      <Input
        label="Niche"
        list="niches"
        help="What they do, in a word: roofer, realty, wealth."
        error={error('niche')}
        {...register('niche')}
      />
      <datalist id="niches">
        {niches.map((niche) => (
          <option key={niche} value={niche} />
        ))}
      </datalist>
      <Input
        label="Region"
        className="w-32!"
        error={error('region')}
        help={error('region') ? '' : <RegionHelp />}
        {...register('region')}
      />
      <Input
        label="Time zone"
        list="zones"
        error={error('timeZone')}
        help={error('timeZone') ? '' : <ZoneHelp />}
        {...register('timeZone')}
      />
      <datalist id="zones">
        {zones.map((zone) => (
          <option key={zone} value={zone} />
        ))}
      </datalist>
      <Field
        label="Live since"
        error={error('goLiveOn')}
        help="The day it first answered a real person, such as 12 March. Empty while you are building."
      >
        {(wiring) => (
          <Controller
            control={control}
            name="goLiveOn"
            render={({ field }) => <DayInput {...wiring} {...field} className="w-44!" />}
          />
        )}
      </Field>
    </>
  )
}

/** When an old version calls for attention. */
export function Limits({ usual }: { usual: { amberDays: number; redDays: number } }) {
  const { register, formState } = useFormContext<ClientForm>()
  return (
    <div className="flex flex-col gap-4">
      <Input
        label="Calls for attention after"
        aside="days behind"
        inputMode="numeric"
        className="w-24!"
        placeholder={String(usual.amberDays)}
        error={errorAt(formState.errors, 'amberDays')}
        {...register('amberDays')}
      />
      <Input
        label="Urgent after"
        aside="days behind"
        inputMode="numeric"
        className="w-24!"
        placeholder={String(usual.redDays)}
        help={`Nothing: ${usual.amberDays} and ${usual.redDays} days, as for everybody.`}
        error={errorAt(formState.errors, 'redDays')}
        {...register('redDays')}
      />
    </div>
  )
}
