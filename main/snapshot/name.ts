/** A name for a patch made from that machine, which no patch has. Pure. */
export function suggestedName(boxName: string, taken: readonly string[]): string {
  const plain = boxName
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40)
    .replace(/-+$/, '')
  const base = `from-${plain || 'a-machine'}`
  for (let count = 1; ; count++) {
    const name = count === 1 ? base : `${base}-${count}`
    if (!taken.includes(name)) return name
  }
}
