import { DropdownMenu, Popover as Radix } from 'radix-ui'
import type { ReactNode } from 'react'
import { KeyCap } from './key-cap.tsx'

const floating = 'arrives z-10 rounded-pop border border-line bg-raised shadow-pop'

/** A small surface at its trigger: column lists, short help. Esc or a click outside closes it. */
export function Popover({
  trigger,
  label,
  children,
  align = 'end',
}: {
  trigger: ReactNode
  label: string
  children: ReactNode
  align?: 'start' | 'end'
}) {
  return (
    <Radix.Root>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          aria-label={label}
          align={align}
          sideOffset={4}
          collisionPadding={8}
          className={`${floating} max-w-[360px] p-4`}
        >
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}

/** Wraps a control inside a {@link Popover} that also closes it. */
export const PopoverClose = ({ children }: { children: ReactNode }) => <Radix.Close asChild>{children}</Radix.Close>

export interface MenuItem {
  label: string
  keys?: string | undefined
  run: () => void
  /** Why it cannot be done now; the item stays, with the reason under it. */
  unavailable?: string | undefined
  critical?: boolean
}

/** Actions behind a `…` button, or choices of a header. */
export function Menu({
  trigger,
  items,
  align = 'end',
}: {
  trigger: ReactNode
  items: readonly MenuItem[]
  align?: 'start' | 'end'
}) {
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger asChild>{trigger}</DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          align={align}
          sideOffset={4}
          collisionPadding={8}
          className={`${floating} min-w-[200px] p-1`}
        >
          {items.map((item) => (
            <DropdownMenu.Item
              key={item.label}
              disabled={item.unavailable !== undefined}
              onSelect={item.run}
              className={`flex min-h-7 items-center justify-between gap-6 rounded-cap px-2 py-1 outline-none data-disabled:text-text3 data-highlighted:bg-selected ${item.critical ? 'text-critical' : ''}`}
            >
              <span>
                {item.label}
                {item.unavailable && <span className="block text-meta text-text3">{item.unavailable}</span>}
              </span>
              {item.keys && <KeyCap keys={item.keys} />}
            </DropdownMenu.Item>
          ))}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  )
}
