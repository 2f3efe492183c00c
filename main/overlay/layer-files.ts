import { FaultError } from '../base/fault-error.ts'
import { maskText, mostFileBytes, sha256Of, whyNotCarried } from '../runtimes/runtimes.ts'

/** A zero byte stands in no text. */
const isText = (bytes: Buffer): boolean => !bytes.subarray(0, 8000).includes(0)

/** Why some bytes cannot be a file of a layer at that path of the workspace; empty: they can. */
export function fileProblem(path: string, bytes: Buffer): string {
  const why = whyNotCarried(path)
  if (why !== '') return why
  if (bytes.length > mostFileBytes) return `A file has at most ${mostFileBytes / 1000} kB.`
  const lines = isText(bytes) ? bytes.toString('utf8').split('\n') : []
  const secret = lines.findIndex((line) => maskText(line, [], () => '***') !== line)
  return secret < 0
    ? ''
    : `Line ${secret + 1} holds a secret in plain text. Name an environment variable of the machine instead.`
}

/** The content of a file that may become part of a layer. @throws FaultError `invalid-input` with the place. */
export function readLayerFile(path: string, content: string): { bytes: Buffer; sha256: string } {
  const bytes = Buffer.from(content, 'base64')
  const detail = fileProblem(path, bytes)
  if (detail !== '') throw new FaultError({ code: 'invalid-input', field: path, detail })
  return { bytes, sha256: sha256Of(bytes) }
}
