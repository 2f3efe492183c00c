import { Controller, useFormContext } from 'react-hook-form'
import type { Box } from '../../../shared/contract/index.ts'
import { Button, TextButton } from '../../ui/button.tsx'
import { UntrustedText } from '../../ui/text.tsx'
import { type MachineForm, possibleHops, type UnknownHop } from './form.ts'

export interface HopFieldsProps {
  boxes: readonly Box[]
  /** The machine that is edited; null while it is new. */
  self: string | null
  /** Jump hosts of a pasted command that are not among the machines. */
  unknownHops?: readonly UnknownHop[] | undefined
  onAddHop?: ((hop: UnknownHop) => void) | undefined
}

/** The way to the machine: jump hosts in order, and those of a pasted command that have to be added first. */
export function HopFields({ boxes, self, unknownHops, onAddHop }: HopFieldsProps) {
  const { control } = useFormContext<MachineForm>()
  const possible = possibleHops(boxes, self)
  return (
    <Controller
      control={control}
      name="hops"
      render={({ field }) => {
        const left = possible.filter(({ boxId }) => !field.value.includes(boxId))
        return (
          <fieldset className="flex max-w-[496px] flex-col gap-1">
            <legend className="pb-1 text-meta text-text2">Jump hosts, nearest first</legend>
            {field.value.length === 0 && (unknownHops?.length ?? 0) === 0 && (
              <p className="text-text2">None: reached directly.</p>
            )}
            {field.value.map((id: string, at: number) => (
              <div key={id} className="flex min-h-7 items-center gap-3">
                <span className="figures text-text3">{at + 1}</span>
                <UntrustedText
                  className="min-w-0 grow truncate"
                  text={boxes.find(({ boxId }) => boxId === id)?.name ?? 'removed'}
                />
                {at > 0 && <TextButton onClick={() => field.onChange(nearer(field.value, at))}>Nearer</TextButton>}
                <TextButton onClick={() => field.onChange(field.value.filter((other: string) => other !== id))}>
                  Remove
                </TextButton>
              </div>
            ))}
            {unknownHops?.map((hop) => (
              <div key={hop.typed} className="flex items-center gap-3">
                <p className="min-w-0 grow text-warning">
                  <UntrustedText
                    text={`“${hop.typed}” is not among your machines. It needs its own trusted host key.`}
                  />
                </p>
                <Button small onClick={() => onAddHop?.(hop)}>
                  Add it as a jump host
                </Button>
              </div>
            ))}
            {left.length > 0 && (
              <select
                aria-label="Add a jump host"
                value=""
                onChange={(event) => field.onChange([...field.value, event.target.value])}
                className="h-8 w-full rounded-control border border-control bg-surface px-[10px] text-text2"
              >
                <option value="">Add a jump host…</option>
                {left.map((box) => (
                  <option key={box.boxId} value={box.boxId}>
                    {box.name}
                  </option>
                ))}
              </select>
            )}
          </fieldset>
        )
      }}
    />
  )
}

function nearer(hops: readonly string[], at: number): string[] {
  const moved = [...hops]
  const [hop] = moved.splice(at, 1)
  if (hop !== undefined) moved.splice(at - 1, 0, hop)
  return moved
}
