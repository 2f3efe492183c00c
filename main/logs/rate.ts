/** What came in the last seconds, per second. */
export interface Rate {
  add(count: number, nowMs: number): void
  perSecond(nowMs: number): number
}

/** Whole seconds that are looked back on. */
const seconds = 3

export function createRate(): Rate {
  const counts = new Map<number, number>()
  return {
    add(count, nowMs) {
      const second = Math.floor(nowMs / 1000)
      counts.set(second, (counts.get(second) ?? 0) + count)
      for (const old of counts.keys()) if (old < second - seconds) counts.delete(old)
    },
    perSecond(nowMs) {
      const second = Math.floor(nowMs / 1000)
      let sum = 0
      for (let back = 1; back <= seconds; back++) sum += counts.get(second - back) ?? 0
      return Math.round(sum / seconds)
    },
  }
}
