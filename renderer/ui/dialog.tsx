import { Dialog as Radix } from 'radix-ui'
import type { ReactNode } from 'react'

export interface OverProps {
  open: boolean
  onOpenChange: (open: boolean) => void
  title: string
  /** Said by screen readers after the title; shown as meta under it. */
  description?: string
  children: ReactNode
}

/**
 * The page behind is veiled by a plain element: Radix' own overlay writes a style element, which the content policy
 * of the window does not allow.
 */
function Veil() {
  return <div aria-hidden className="fixed inset-0 bg-[rgb(0_0_0/0.32)]" />
}

function Heading({ title, description }: { title: string; description?: string | undefined }) {
  return (
    <header className="flex flex-col gap-1">
      <Radix.Title className="text-lead font-semibold">{title}</Radix.Title>
      {description && <Radix.Description className="text-meta text-text3">{description}</Radix.Description>}
    </header>
  )
}

/** The sheet itself takes the keyboard, so that it scrolls at once and no control in it looks chosen. */
function focusItself(event: Event): void {
  event.preventDefault()
  if (event.currentTarget instanceof HTMLElement) event.currentTarget.focus()
}

/**
 * The pane of a list where there is no room beside it, and other long content over the page. Esc closes it.
 * Without a heading it is a page's own pane. The page's keys go on working in it, and wherever `pageKeys` says so.
 */
export function Sheet({
  open,
  onOpenChange,
  title,
  description,
  children,
  width = 480,
  heading = true,
  pageKeys = !heading,
}: OverProps & { width?: 440 | 480 | 640; heading?: boolean; pageKeys?: boolean }) {
  const wide = { 440: 'w-[440px]', 480: 'w-[480px]', 640: 'w-[640px]' }[width]
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Veil />
        <Radix.Content
          {...(description && heading ? {} : { 'aria-describedby': undefined })}
          data-page-keys={pageKeys || undefined}
          onOpenAutoFocus={focusItself}
          className={`arrives fixed inset-y-0 right-0 flex max-w-full flex-col overflow-auto border-l border-line bg-surface shadow-pop outline-none ${wide}`}
        >
          {heading ? (
            <div className="flex flex-col gap-4 p-6">
              <Heading title={title} description={description} />
              {children}
            </div>
          ) : (
            <>
              <Radix.Title className="sr-only">{title}</Radix.Title>
              {children}
            </>
          )}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}

/** One question in the middle of the window, for what may not wait behind a page. Esc closes it. */
export function Dialog({ open, onOpenChange, title, description, children }: OverProps) {
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Veil />
        <Radix.Content
          {...(description ? {} : { 'aria-describedby': undefined })}
          onOpenAutoFocus={(event) => event.preventDefault()}
          className="arrives fixed top-[120px] left-1/2 ml-[-280px] flex max-h-[calc(100vh-160px)] w-[560px] flex-col gap-4 overflow-y-auto rounded-pop border border-line bg-raised p-6 shadow-pop outline-none"
        >
          <Heading title={title} description={description} />
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}
