import type { ClientForm } from './form.ts'

/** What is not stated about a client yet, each with what it holds back. Nothing missing: an empty list. */
export function missing(form: ClientForm): string[] {
  const lines: string[] = []
  if (form.hoursAssumed) lines.push('Hours are assumed: silence is judged by Monday to Friday, 9 to 17.')
  if (!form.timeZone.trim()) lines.push('No time zone: their hours are read in yours.')
  if (!form.region.trim()) lines.push('No region: their public holidays count as business days.')
  const handles = form.handles.filter(({ value }) => value.trim() !== '')
  if (handles.length === 0) lines.push('No own number: nothing tells the client from a stranger.')
  else if (!handles.some(({ trust }) => trust === 'proved'))
    lines.push('No number is proved: none has been seen in a real exchange.')
  if (!form.humanFallback.trim()) lines.push('No human fallback: nobody is named to take over from the agent.')
  if (!form.workflows.some(({ name }) => name.trim())) lines.push('No workflow: a trouble cannot say what it touches.')
  return lines
}
