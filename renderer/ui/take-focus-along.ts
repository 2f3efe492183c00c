/**
 * Moves the keyboard's focus to the row chosen by a key, when it stands on another row of the same list; a ring left
 * behind on the old row would point at what no key acts on.
 */
export function takeFocusAlong(role: 'grid' | 'listbox' | 'tree', attribute: string, value: string | null): void {
  const list = document.activeElement?.closest(`[role="${role}"]`)
  if (!list || value === null) return
  list.querySelector<HTMLElement>(`[${attribute}="${CSS.escape(value)}"]`)?.focus()
}
