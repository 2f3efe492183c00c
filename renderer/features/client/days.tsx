import { useState } from 'react'
import { Controller, useController, useFormContext, useWatch } from 'react-hook-form'
import type { Holiday } from '../../../shared/contract/index.ts'
import { useNow } from '../../ui/age.tsx'
import { Button, TextButton } from '../../ui/button.tsx'
import { DayInput } from '../../ui/day-input.tsx'
import { Checkbox, InputBox } from '../../ui/field.tsx'
import { errorAt } from '../../ui/form-errors.ts'
import { HoursEditor } from '../../ui/hours-editor.tsx'
import { type ClientForm, isDay } from './form.ts'
import { layHolidays, stateClosed, stateOpen, unstate } from './holidays.ts'

/** The week, and whether somebody confirmed it. Changing a line is a confirmation. */
export function Hours() {
  const { control, setValue, formState } = useFormContext<ClientForm>()
  const assumed = useWatch({ control, name: 'hoursAssumed' })
  const errors = Object.fromEntries(
    [0, 1, 2, 3, 4, 5, 6].map((day) => [day, errorAt(formState.errors, `hours.${day}`)]),
  )
  return (
    <>
      <Controller
        control={control}
        name="hours"
        render={({ field }) => (
          <HoursEditor
            value={field.value}
            errors={errors}
            onBlur={field.onBlur}
            onChange={(week) => {
              field.onChange(week)
              setValue('hoursAssumed', false, { shouldDirty: true })
            }}
          />
        )}
      />
      <Checkbox
        label="Somebody at the client confirmed these hours"
        checked={!assumed}
        onChange={(event) => setValue('hoursAssumed', !event.target.checked, { shouldDirty: true })}
        help={assumed ? 'Until then Monday to Friday, 9 to 17, is assumed and every sentence built on it says so.' : ''}
      />
    </>
  )
}

const shownDay = (date: string) =>
  new Date(`${date}T12:00:00Z`).toLocaleDateString('en-GB', {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    timeZone: 'UTC',
  })

export interface HolidaysProps {
  year: number
  onYear: (year: number) => void
  /** The saved client's calendar of that year; undefined while it is read. */
  calendar: readonly Holiday[] | undefined
  /** Why there is no calendar, in a sentence; empty when there is one. */
  why: string
}

/** The holidays of one year: assumed ones from the calendar, stated ones over them. */
export function Holidays({ year, onYear, calendar = [], why }: HolidaysProps) {
  const { control } = useFormContext<ClientForm>()
  const { field } = useController({ control, name: 'statedHolidays' })
  const days = layHolidays(calendar, field.value, year)
  return (
    <>
      <div className="flex items-baseline gap-4">
        <TextButton onClick={() => onYear(year - 1)}>{year - 1}</TextButton>
        <span className="figures font-medium">{year}</span>
        <TextButton onClick={() => onYear(year + 1)}>{year + 1}</TextButton>
      </div>
      {why && <p className="text-text2">{why}</p>}
      {days.length > 0 && (
        <ul className="max-w-[496px]">
          {days.map((day) => (
            <HolidayLine
              key={day.date}
              day={day}
              onOpen={(open) => field.onChange(stateOpen(field.value, day, open, calendar))}
              onTakeBack={() => field.onChange(unstate(field.value, day.date))}
            />
          ))}
        </ul>
      )}
      <AddDay year={year} onAdd={(date, name) => field.onChange(stateClosed(field.value, date, name))} />
    </>
  )
}

function HolidayLine({
  day,
  onOpen,
  onTakeBack,
}: {
  day: Holiday
  onOpen: (open: boolean) => void
  onTakeBack: () => void
}) {
  return (
    <li className="grid min-h-7 grid-cols-[112px_minmax(0,1fr)_80px_96px] items-baseline gap-2">
      <span className="figures text-text2">{shownDay(day.date)}</span>
      <span className={`min-w-0 ${day.open ? 'text-text2' : ''}`}>{day.name}</span>
      <span className="text-meta text-text3">
        {day.source === 'assumed' ? 'assumed' : day.open ? 'stated open' : 'stated'}
      </span>
      {day.source === 'assumed' ? (
        <TextButton className="text-right" onClick={() => onOpen(true)}>
          They are open
        </TextButton>
      ) : day.open ? (
        <TextButton className="text-right" onClick={() => onOpen(false)}>
          They are closed
        </TextButton>
      ) : (
        <TextButton className="text-right" onClick={onTakeBack}>
          Remove
        </TextButton>
      )}
    </li>
  )
}

function AddDay({ year, onAdd }: { year: number; onAdd: (date: string, name: string) => void }) {
  const now = useNow()
  const [date, setDate] = useState('')
  const [name, setName] = useState('')
  return (
    <div className="flex max-w-[496px] items-end gap-2">
      <DayInput
        aria-label="Another day they are closed"
        placeholder="such as 24 December"
        className="w-44!"
        value={date}
        nearMs={new Date(now).getFullYear() === year ? now : new Date(year, 6, 1).getTime()}
        onChange={setDate}
      />
      <InputBox
        aria-label="What that day is"
        placeholder="what it is"
        maxLength={80}
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
      <Button
        disabled={!isDay(date)}
        onClick={() => {
          onAdd(date, name)
          setDate('')
          setName('')
        }}
      >
        Add closed day
      </Button>
    </div>
  )
}
