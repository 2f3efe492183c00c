import type { Page } from '@playwright/test'

/** What a screen reader could not name, or would meet twice: controls, lists and rows without words, ids used again. */
export const unnamed = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const wanted =
      'button, a, input, select, textarea, [tabindex], [role="grid"], [role="listbox"], [role="tree"], [role="dialog"]'
    const wordsOf = (element: Element): string => {
      const by = element.getAttribute('aria-labelledby')?.split(' ') ?? []
      const labelled =
        element instanceof HTMLInputElement ||
        element instanceof HTMLSelectElement ||
        element instanceof HTMLTextAreaElement
      const labels = labelled ? [...(element.labels ?? [])] : []
      return [
        element.getAttribute('aria-label'),
        ...by.map((id) => document.getElementById(id)?.textContent),
        ...labels.map((label) => label.textContent),
        labelled ? '' : element.textContent,
      ].join('')
    }
    const shown = [...document.querySelectorAll(wanted)].filter(
      (element) => element.getClientRects().length > 0 && !element.closest('[aria-hidden="true"]'),
    )
    const ids = [...document.querySelectorAll('[id]')].map((element) => element.id)
    return [
      ...shown.filter((element) => wordsOf(element).trim() === '').map((element) => element.outerHTML.slice(0, 160)),
      ...ids.filter((id, at) => ids.indexOf(id) !== at).map((id) => `the id ${id} twice`),
    ]
  })
