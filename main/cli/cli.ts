import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import path from 'node:path'
import { CommanderError } from 'commander'
import { faultText } from '../../shared/fault-text.ts'
import { showHidden } from '../../shared/untrusted.ts'
import { systemClock } from '../base/clock.ts'
import { newId } from '../base/ids.ts'
import { createLog } from '../base/log.ts'
import { createEngine, type Engine } from '../engine/engine.ts'
import { noVault } from '../ssh/vault.ts'
import { boxProgramsDir, defaultDataDir } from './folders.ts'
import { createPrinter, jsonText } from './print.ts'
import { createProgram, type RunCommand, usageExit } from './program.ts'
import { faultOf, isUnreachable } from './session.ts'
import { exit, Failure } from './shapes.ts'

const out = (text: string): void => void process.stdout.write(text)
const err = (text: string): void => void process.stderr.write(text)

const version = (): string => {
  const file = path.join(import.meta.dirname, '..', '..', 'package.json')
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version
}

const run: RunCommand = async ({ data, json }, kind, act) => {
  const homeDir = homedir()
  const log = createLog((line) => line.includes('"level":"error"') && err(`${line}\n`), systemClock.nowMs, newId)
  let engine: Engine | undefined
  const open = (readOnly: boolean): Promise<Engine> =>
    createEngine({
      version: version(),
      dataDir: data === undefined ? defaultDataDir(process.platform, process.env, homeDir) : path.resolve(data),
      boxProgramsDir: boxProgramsDir(import.meta.dirname),
      clock: systemClock,
      log,
      vault: noVault('The command line has no keychain: it uses the ssh agent and key files without a passphrase.'),
      demo: false,
      readOnly,
      host: 'cli',
      homeDir,
    })
  try {
    let writable = kind !== 'reads'
    engine = await open(!writable)
    if (kind === 'follows' && (await engine.client.app.state()).store.state === 'locked') {
      await engine.close()
      writable = false
      engine = await open(true)
    }
    process.exitCode = await act({
      client: engine.client,
      writable,
      print: createPrinter(json, out, err),
      // Only a command that takes Ctrl-C itself keeps it from ending the process, which leaves nothing half-done.
      onInterrupt: (told) => process.once('SIGINT', told),
    })
  } catch (error) {
    process.exitCode = fail(error, json)
  } finally {
    await engine?.close()
  }
}

function fail(error: unknown, json: boolean): number {
  const fault = faultOf(error)
  if (!fault) throw error
  const { sentence, nextStep } = faultText(fault)
  if (json) out(jsonText(Failure.parse({ fault, sentence, nextStep })))
  err(`${showHidden(`${sentence}${nextStep === '' ? '' : ` ${nextStep}`}`)}\n`)
  if (fault.code === 'locked-by-other') return exit.locked
  if (fault.code === 'guarded') return exit.keyNotAccepted
  return isUnreachable(fault) ? exit.someNotReached : exit.failed
}

async function main(): Promise<void> {
  try {
    await createProgram(run, out, err).parseAsync()
  } catch (error) {
    if (error instanceof CommanderError) process.exitCode = usageExit(error)
    else {
      err(`${error instanceof Error ? error.stack : String(error)}\n`)
      process.exitCode = exit.failed
    }
  }
}

// A reader such as `head` that closes early is no error.
process.stdout.on('error', () => process.exit(exit.ok))
await main()
// Whatever a connection still waits for, the answer is out: stdout is flushed before the end.
process.stdout.write('', () => process.exit())
