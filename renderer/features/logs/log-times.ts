const formats = {
  time: new Intl.DateTimeFormat('en-GB', {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    fractionalSecondDigits: 3,
    hourCycle: 'h23',
  }),
  day: new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' }),
  whole: new Intl.DateTimeFormat('en-GB', { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' }),
  minute: new Intl.DateTimeFormat('en-GB', {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }),
}

/** `16:42:03.512`, in the operator's own zone. */
export const timeOfLine = (atMs: number): string => formats.time.format(atMs)
/** `26 Nov`. */
export const dayOfLine = (atMs: number): string => formats.day.format(atMs)
/** `Thursday 26 November 2026, 16:42:03.512`. */
export const wholeMoment = (atMs: number): string =>
  `${formats.whole.format(atMs).replace(',', '')}, ${timeOfLine(atMs)}`
/** `Thu 26 Nov, 16:42`: beside the thumb while it is dragged. */
export const shortMoment = (atMs: number): string => formats.minute.format(atMs).replace(',', '')

/** Time between two lines: `0.012 s`, `4.1 s`, `3 min 20 s`, `2 h 5 min`, `3 days`. */
export function stepText(ms: number): string {
  if (ms < 100) return `${(ms / 1000).toFixed(3)} s`
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`
  const minutes = Math.floor(ms / 60_000)
  if (minutes < 60) return `${minutes} min ${Math.floor((ms % 60_000) / 1000)} s`
  const hours = Math.floor(minutes / 60)
  return hours < 48 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} days`
}

const grouped = new Intl.NumberFormat('en-GB')
/** `12 400`: thousands set apart by a narrow space that does not break. */
export const countText = (count: number): string => grouped.format(count).replaceAll(',', '\u202F')

/** `3.2 M`, `48.1 k`, `912`: for counts that move. */
export function roughCount(count: number): string {
  if (count >= 1_000_000) return `${(count / 1_000_000).toFixed(count >= 10_000_000 ? 0 : 1)} M`
  if (count >= 10_000) return `${Math.round(count / 1000)} k`
  return countText(count)
}

/** `1.2 GB`. */
export function bytesText(bytes: number): string {
  if (bytes >= 1e9) return `${(bytes / 1e9).toFixed(1)} GB`
  if (bytes >= 1e6) return `${(bytes / 1e6).toFixed(bytes >= 1e7 ? 0 : 1)} MB`
  if (bytes >= 1e3) return `${Math.round(bytes / 1e3)} kB`
  return bytes === 1 ? '1 byte' : `${bytes} bytes`
}
