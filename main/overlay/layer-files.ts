import { FaultError } from '../base/fault-error.ts'
import { maskText, mostFileBytes, sha256Of, whyNotCarried } from '../runtimes/runtimes.ts'

/** A zero byte stands in no text. */
const isText = (bytes: Buffer): boolean => !bytes.subarray(0, 8000).includes(0)

/** The content of a file that may become part of a layer. @throws FaultError `invalid-input` with the place. */
export function readLayerFile(path: string, content: string): { bytes: Buffer; sha256: string } {
  const refuse = (detail: string): never => {
    throw new FaultError({ code: 'invalid-input', field: path, detail })
  }
  const why = whyNotCarried(path)
  if (why !== '') refuse(why)
  const bytes = Buffer.from(content, 'base64')
  if (bytes.length > mostFileBytes) refuse(`A file has at most ${mostFileBytes / 1000} kB.`)
  const lines = isText(bytes) ? bytes.toString('utf8').split('\n') : []
  const secret = lines.findIndex((line) => maskText(line, [], () => '***') !== line)
  if (secret >= 0)
    refuse(`Line ${secret + 1} holds a secret in plain text. Name an environment variable of the machine instead.`)
  return { bytes, sha256: sha256Of(bytes) }
}
