import { useEffect } from 'react'
import { onMac } from '../platform/platform.ts'
import { actionGroups, meaningOf } from '../state/actions.ts'
import { isLetter, strokeOf } from '../state/strokes.ts'

/** How long the second stroke of a pair such as `g r` is waited for, in milliseconds. */
const pairMs = 1_500

/** What lies over the page and is fading out takes no key any more. */
const isLeaving = (target: HTMLElement): boolean => target.closest('[role="dialog"][data-state="closed"]') !== null

function takesText(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement) || isLeaving(target)) return false
  if (target.isContentEditable || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement)
    return true
  return target instanceof HTMLInputElement && !['checkbox', 'radio', 'button'].includes(target.type)
}

/** Whether the element under the keyboard does something of its own with this stroke. */
function takesStroke(target: EventTarget | null, stroke: string): boolean {
  if (!(target instanceof HTMLElement)) return false
  const over = target.closest('[role="menu"], [role="dialog"]')
  const leaving = over?.getAttribute('data-state') === 'closed'
  if (over && !leaving && !over.hasAttribute('data-page-keys')) return true
  if (stroke === 'enter' || stroke === 'space') return target.closest('button, a, summary, input, label') !== null
  return false
}

/** One listener for the whole window: strokes become actions. Keys that mean nothing here are left to the browser. */
export function useKeyboard(lettersOn: boolean): void {
  useEffect(() => {
    let pending: string | null = null
    let timer: ReturnType<typeof setTimeout> | undefined
    const forget = () => {
      clearTimeout(timer)
      pending = null
    }
    const press = (event: KeyboardEvent) => {
      const stroke = strokeOf(event, onMac)
      if (stroke === null || event.defaultPrevented || event.isComposing) return
      if (isLetter(stroke) && (!lettersOn || takesText(event.target))) return forget()
      if (takesText(event.target) && stroke !== 'escape' && !stroke.startsWith('mod+') && !stroke.startsWith('alt+'))
        return forget()
      const hasOwnUndo = takesText(event.target) && !(event.target instanceof HTMLSelectElement)
      if (hasOwnUndo && /^mod\+(shift\+)?[acvxz]$/.test(stroke)) return forget()
      if (takesStroke(event.target, stroke)) return forget()
      const { action, begins } = meaningOf(actionGroups(), pending, stroke)
      forget()
      if (begins && !action) {
        pending = stroke
        timer = setTimeout(forget, pairMs)
        event.preventDefault()
        return
      }
      if (!action) return
      event.preventDefault()
      if (action.unavailable === undefined) action.run()
    }
    window.addEventListener('keydown', press)
    return () => {
      forget()
      window.removeEventListener('keydown', press)
    }
  }, [lettersOn])
}
