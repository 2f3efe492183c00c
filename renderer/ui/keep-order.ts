/**
 * Order of rows that must not move: those already shown keep their places, new ones come after, those gone leave.
 *
 * @param shown ids as they stand on screen.
 * @param wanted ids as the sort would have them.
 */
export function keepOrder(shown: readonly string[], wanted: readonly string[]): string[] {
  const still = new Set(wanted)
  const known = new Set(shown)
  return [...shown.filter((id) => still.has(id)), ...wanted.filter((id) => !known.has(id))]
}
