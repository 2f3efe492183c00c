/** Lets a few in at a time; the others wait in line. */
export interface Gate {
  /** Waits for a place; the answer gives it back (once). Rejects with the signal's reason. */
  enter(signal: AbortSignal): Promise<() => void>
  /** How many are in. */
  inside(): number
}

export function createGate(places: number): Gate {
  let free = places
  const line: (() => void)[] = []
  const leave = () => {
    const next = line.shift()
    if (next) next()
    else free += 1
  }
  const once = () => {
    let left = false
    return () => {
      if (left) return
      left = true
      leave()
    }
  }
  return {
    inside: () => places - free,
    enter(signal) {
      if (signal.aborted) return Promise.reject(signal.reason as Error)
      if (free > 0) {
        free -= 1
        return Promise.resolve(once())
      }
      return new Promise((resolve, reject) => {
        const admit = () => {
          signal.removeEventListener('abort', giveUp)
          resolve(once())
        }
        const giveUp = () => {
          line.splice(line.indexOf(admit), 1)
          reject(signal.reason as Error)
        }
        line.push(admit)
        signal.addEventListener('abort', giveUp, { once: true })
      })
    },
  }
}
