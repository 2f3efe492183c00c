import type { ComponentProps } from 'react'
import { KeyCap } from './key-cap.tsx'

const looks = {
  default: 'border-control bg-surface text-text hover:bg-sunken',
  primary: 'border-accent bg-accent text-on-accent hover:border-accent-hover hover:bg-accent-hover',
  /** Outline everywhere; filled only inside the dialog that says what will stop. */
  critical: 'border-critical bg-surface text-critical hover:bg-critical-wash',
  'critical-filled': 'border-critical bg-critical text-on-critical',
}

export interface ButtonProps extends Omit<ComponentProps<'button'>, 'type'> {
  look?: keyof typeof looks
  /** 28 px instead of 32 px. */
  small?: boolean
  /** The key that does the same, in the notation of actions; shown as a cap inside the button. */
  keys?: string
  submit?: boolean
}

/**
 * A button. One `primary` a screen, at the end of the reading path. A disabled button has its reason in a sentence
 * beside it, written by whoever disables it.
 */
export function Button({ look = 'default', small, keys, submit, className = '', children, ...rest }: ButtonProps) {
  const shape = `${small ? 'h-7 px-[10px]' : 'h-8 px-3'} ${keys ? (small ? 'pr-[10px]' : 'pr-3') : ''}`
  const on = look === 'primary' ? 'accent' : look === 'critical-filled' ? 'critical' : 'surface'
  return (
    <button
      {...rest}
      type={submit ? 'submit' : 'button'}
      className={`inline-flex shrink-0 items-center gap-2 rounded-control border font-medium whitespace-nowrap disabled:border-line disabled:bg-canvas disabled:text-text3 ${shape} ${looks[look]} ${className}`}
    >
      {children}
      {keys && <KeyCap keys={keys} on={rest.disabled ? 'surface' : on} />}
    </button>
  )
}

/** What opens the rest of the actions. Its dots stand in the middle of the button, not on the base line. */
export function MoreButton(props: Omit<ButtonProps, 'children' | 'keys' | 'look'>) {
  return (
    <Button {...props} aria-label="More" title="More">
      <span aria-hidden className="-mt-[7px] text-[16px] leading-none">
        …
      </span>
    </Button>
  )
}

/** Words that act, in the middle of a line of text: "From niche roofing · change here". */
export function TextButton({ className = '', ...rest }: Omit<ComponentProps<'button'>, 'type'>) {
  return (
    <button
      {...rest}
      type="button"
      className={`rounded-[2px] text-accent hover:text-accent-hover hover:underline ${className}`}
    />
  )
}
