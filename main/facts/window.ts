/**
 * Runs `one` for every item, at most `size` at a time: a slow item holds its own place and nobody else's. No further
 * item is begun once `signal` fires. `one` must not reject.
 */
export async function slidingWindow<T>(
  items: readonly T[],
  size: number,
  signal: AbortSignal,
  one: (item: T) => Promise<void>,
): Promise<void> {
  const queue = items.values()
  const lane = async () => {
    for (const item of queue) {
      if (signal.aborted) return
      await one(item)
    }
  }
  await Promise.all(Array.from({ length: Math.max(1, Math.min(size, items.length)) }, lane))
}
