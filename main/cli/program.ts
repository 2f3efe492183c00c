import { Command, type CommanderError, InvalidArgumentError } from 'commander'
import { addBox, type BoxAddOptions, listBoxes } from './box-commands.ts'
import { addClient, type ClientAddOptions, listClients } from './client-commands.ts'
import { importBoxes } from './import-command.ts'
import { channels, facts, findings, verifyLedger } from './read-commands.ts'
import type { Session } from './session.ts'
import { exit } from './shapes.ts'
import { sweep } from './sweep-command.ts'

export interface GlobalOptions {
  readonly data?: string
  readonly json: boolean
}

/** Runs a command over an engine that is opened for it: `reads` ones open the store read-only, at any time. */
export type RunCommand = (
  options: GlobalOptions,
  kind: 'reads' | 'writes',
  act: (session: Session) => Promise<number>,
) => Promise<void>

/** The command line's own grammar: names, options, help. What a command does stands in its own file. */
export function createProgram(run: RunCommand, out: (text: string) => void, err: (text: string) => void): Command {
  const program = new Command('wheelhouse')
    .description(
      'Keeps AI agents running on client machines. Words go to people, JSON (--json) to scripts: docs/cli.md.',
    )
    .option('--data <folder>', 'data folder; the window’s own when absent')
    .option('--json', 'print the answer as JSON on stdout, words on stderr', false)
    .configureOutput({ writeOut: out, writeErr: err })
    .exitOverride()
    .showHelpAfterError('(add --help for the options)')
  const does = (kind: 'reads' | 'writes', act: (session: Session) => Promise<number>) =>
    run(program.opts<GlobalOptions>(), kind, act)

  const client = program.command('client').description('businesses served')
  client
    .command('add')
    .description('add a client')
    .requiredOption('--name <name>')
    .option('--niche <niche>', 'such as roofing')
    .option('--region <region>', 'ISO 3166, such as US or US-CA')
    .option('--time-zone <zone>', 'such as America/Los_Angeles')
    .action((options: ClientAddOptions) => does('writes', (session) => addClient(session, options)))
  client
    .command('list')
    .description('list clients')
    .action(() => does('reads', listClients))

  const box = program.command('box').description('machines')
  box
    .command('add')
    .description('add a machine; without an accepted host key its fingerprint is shown and nothing is added (exit 3)')
    .requiredOption('--name <name>')
    .requiredOption('--host <host>')
    .option('--port <port>', 'SSH port', readPort, 22)
    .option('--user <user>', 'your own name on this computer when absent')
    .option('--key <file>', 'private key file; the ssh agent when absent')
    .option('--client <name>', 'a client that is here')
    .option('--accept-host-key <fingerprint>', 'SHA256:… as compared with the machine itself')
    .action((options: BoxAddOptions) => does('writes', (session) => addBox(session, options)))
  box
    .command('import')
    .description('add the machines of an ssh_config or CSV file')
    .argument('<file>')
    .option('--accept-host-keys <known_hosts>', 'pin the keys this known_hosts file has for them, and enrol them')
    .action((file: string, options: { acceptHostKeys?: string }) =>
      does('writes', (session) => importBoxes(session, file, options)),
    )
  box
    .command('list')
    .description('list machines')
    .action(() => does('reads', listBoxes))

  program
    .command('sweep')
    .description('ask machines for their facts; exit 4 when some were not reached or refused')
    .option('--box <name>', 'only this machine')
    .action((options: { box?: string }) => does('writes', (session) => sweep(session, options)))
  program
    .command('channels')
    .description('channel accounts of the agents, and whose they are')
    .option('--box <name>', 'only this machine')
    .action((options: { box?: string }) => does('reads', (session) => channels(session, options)))
  program
    .command('facts')
    .description('facts as they stand')
    .option('--box <name>', 'only this machine')
    .action((options: { box?: string }) => does('reads', (session) => facts(session, options)))
  program
    .command('findings')
    .description('what needs you')
    .action(() => does('reads', findings))
  const ledger = program.command('ledger').description('the diary')
  ledger
    .command('verify')
    .description('recompute the chain of the diary; exit 5 when it is broken')
    .action(() => does('reads', verifyLedger))
  return program
}

function readPort(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0
  if (port < 1 || port > 65_535) throw new InvalidArgumentError('A port is a number from 1 to 65535.')
  return port
}

/** Exit code of what commander threw: help and version are no mistakes. */
export const usageExit = (error: CommanderError): number => (error.exitCode === 0 ? exit.ok : exit.usage)
