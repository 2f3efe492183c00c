/** A machine's long name cut in the middle, where the parts that tell it apart are kept: "warehouse-no…-mini-2". */
export function middleCut(name: string, maxChars: number): string {
  const points = [...name]
  if (points.length <= maxChars) return name
  const tail = Math.floor((maxChars - 1) * 0.4)
  return `${points.slice(0, maxChars - 1 - tail).join('')}…${points.slice(points.length - tail).join('')}`
}
