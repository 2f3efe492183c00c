import type { Need } from './contract/index.ts'

/** A need as a person reads it: "module openclaw/plugin-sdk with defineTool". Pure. */
export function needWords(need: Need): string {
  switch (need.kind) {
    case 'runtime':
      return `runtime ${need.range}`
    case 'node':
      return `Node ${need.range}`
    case 'module':
      return `module ${need.name}${need.exports.length > 0 ? ` with ${need.exports.join(', ')}` : ''}`
    case 'setting':
      return `setting ${need.path}`
    case 'file':
      return `file ${need.path}`
    case 'disk':
      return `${(need.bytes / 1e9).toLocaleString('en-US', { maximumFractionDigits: 1 })} GB free`
    case 'command':
    case 'plugin':
      return `${need.kind} ${need.name}`
  }
}
