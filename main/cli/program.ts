import { Command, type CommanderError, InvalidArgumentError } from 'commander'
import { type ApplyOptions, apply } from './apply-command.ts'
import { type BackupNowOptions, backUpNow, listBackups } from './backup-command.ts'
import { addBox, type BoxAddOptions, listBoxes } from './box-commands.ts'
import { type ChannelOptions, drill, type StartOptions, startChannel, stopChannel } from './channel-commands.ts'
import { addClient, type ClientAddOptions, listClients } from './client-commands.ts'
import { type ExecOptions, exec } from './exec-command.ts'
import { type ExportOptions, exportAnsible } from './export-command.ts'
import { importBoxes } from './import-command.ts'
import { askKey, continueKey, listKeys, type RotateOptions, revertKey, rotateKey } from './key-command.ts'
import { type LogsOptions, logs, readLevel, readMoment } from './logs-command.ts'
import {
  addFile,
  layerHistory,
  listFiles,
  listLayers,
  removeFile,
  restoreLayer,
  type SetOptions,
  setValue,
  showLayer,
} from './overlay-command.ts'
import { exportLayers, importLayers } from './overlay-folder.ts'
import {
  confirmPatch,
  exportPatch,
  importPatch,
  listPatches,
  type NewPatchOptions,
  newPatch,
  showPatch,
} from './patch-command.ts'
import { type PatternsOptions, patterns } from './patterns-command.ts'
import { type PlanOptions, plan } from './plan-command.ts'
import { channels, facts, findings, listLedger, triage, verifyLedger } from './read-commands.ts'
import { type ChooseOptions, chooseRollout, previewRollout, type RolloutOptions } from './rollout-command.ts'
import { access, checkRules, type FixOptions, type FloorOptions, fixRules, floors } from './rules-commands.ts'
import { addRunCommands } from './run-program.ts'
import type { Session } from './session.ts'
import { exit } from './shapes.ts'
import {
  type FromLabOptions,
  listSnapshots,
  patchFromLab,
  type SnapshotOptions,
  takeSnapshot,
} from './snapshot-command.ts'
import { type SweepOptions, sweep } from './sweep-command.ts'

export interface GlobalOptions {
  readonly data?: string
  readonly json: boolean
}

export type CommandKind = 'reads' | 'writes' | 'follows'

/**
 * Runs a command over an engine that is opened for it: `reads` ones open the store read-only, at any time; `follows` write
 * when nobody else does, and read otherwise.
 */
export type RunCommand = (
  options: GlobalOptions,
  kind: CommandKind,
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
  const does = (kind: CommandKind, act: (session: Session) => Promise<number>) =>
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
  box
    .command('drill')
    .description('let a machine show that a change goes back by itself; without it nothing is changed there')
    .requiredOption('--box <name>', 'the machine')
    .action((options: { box: string }) => does('writes', (session) => drill(session, options)))

  program
    .command('apply')
    .description(
      'make exactly the plan of one agent; exit 1 when the machine is on the old config, 4 when nobody knows yet',
    )
    .requiredOption('--box <name>', 'the machine')
    .requiredOption('--plan <hash>', 'of the plan as it was shown')
    .action((options: ApplyOptions) => does('writes', (session) => apply(session, options)))
  const channel = program.command('channel').description('one channel of the agents')
  channel
    .command('stop')
    .description('turn it off, at once and without a question; exit 4 when somewhere it was not seen off')
    .option('--box <name>', 'only on this machine; everywhere when absent')
    .requiredOption('--channel <channel>', 'such as telegram')
    .option('--account <account>', 'only this account of it')
    .action((options: ChannelOptions) => does('writes', (session) => stopChannel(session, options)))
  channel
    .command('start')
    .description('say whom it would answer (exit 3); with the hash of that, turn it on as it was')
    .requiredOption('--box <name>', 'the machine')
    .requiredOption('--channel <channel>', 'such as telegram')
    .option('--agent <profile>', 'where several have it')
    .option('--hash <hash>', 'of what was said')
    .action((options: StartOptions) => does('writes', (session) => startChannel(session, options)))

  program
    .command('sweep')
    .description('ask machines for their facts; exit 4 when some were not reached or refused')
    .option('--box <name>', 'only this machine')
    .option('--light', 'only reach, activity and who is answered: quick, for every few minutes')
    .option('--on-finding <command>', 'hands each new red finding as JSON to this command, once; exit 7 when it failed')
    .action((options: SweepOptions) => does('writes', (session) => sweep(session, options)))
  program
    .command('exec')
    .description(
      'run one command on machines; exit 8 when it ended other than with 0 somewhere, 4 when it did not get to some',
    )
    .requiredOption('--box <names...>', 'the machines, by name')
    .option('--deadline <seconds>', 'how long each machine has', readDeadline, 60)
    .argument('<command...>', 'after --, as the login shell of the machine takes it')
    .action((words: string[], options: ExecOptions) => does('writes', (session) => exec(session, words, options)))
  const key = program.command('key').description('your own SSH key on the machines')
  key
    .command('rotate')
    .description(
      'add a new key, prove it, use it, then remove the old; canary first, no further after the first that fails',
    )
    .requiredOption('--new <file>', 'the new private key file')
    .option('--boxes <names...>', 'these machines, by name; every machine when absent')
    .option('--dry-run', 'only say whom it would reach, in which order', false)
    .action((options: RotateOptions) =>
      does(options.dryRun ? 'reads' : 'writes', (session) => rotateKey(session, options)),
    )
  key
    .command('continue')
    .description('go on with the machines of a run that are not rotated')
    .argument('<run>', 'as key list says')
    .action((run: string) => does('writes', (session) => continueKey(session, run)))
  key
    .command('ask')
    .description('ask the machines of a run which of the keys stand there; changes nothing on them')
    .argument('<run>', 'as key list says')
    .action((run: string) => does('writes', (session) => askKey(session, run)))
  key
    .command('revert')
    .description('give each rotated machine of a run its earlier key back')
    .argument('<run>', 'as key list says')
    .action((run: string) => does('writes', (session) => revertKey(session, run)))
  key
    .command('list')
    .description('changes of the key, newest first')
    .option('--limit <runs>', 'at most so many', readLimit, 20)
    .action((options: { limit: number }) => does('reads', (session) => listKeys(session, options)))
  const backup = program.command('backup').description('backups of agents, made and kept on their machines')
  backup
    .command('now')
    .description(
      'have agents backed up and checked by their own runtime; exit 9 when one was not, 4 when a machine was not reached or is not known to have one',
    )
    .option('--box <names...>', 'these machines, by name; every machine when absent')
    .action((options: BackupNowOptions) => does('writes', (session) => backUpNow(session, options)))
  backup
    .command('list')
    .description('runs of backups, newest first')
    .option('--limit <runs>', 'at most so many', readLimit, 20)
    .action((options: { limit: number }) => does('reads', (session) => listBackups(session, options)))
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
  program
    .command('access')
    .description('who can make each agent speak, worst first')
    .option('--box <name>', 'only this machine')
    .action((options: { box?: string }) => does('reads', (session) => access(session, options)))
  const rules = program.command('rules').description('the fixed rules')
  rules
    .command('check')
    .description('the rules over each agent as it was read last; exit 5 when a lock is broken')
    .option('--box <name>', 'only this machine')
    .action((options: { box?: string }) => does('reads', (session) => checkRules(session, options)))
  rules
    .command('fix')
    .description('the smallest change that mends broken locks of an agent; made with the hash of its preview')
    .requiredOption('--box <name>', 'its machine')
    .option('--agent <profile>', 'where several agents run there')
    .option('--rule <rule>', 'this rule alone, such as no-wildcard')
    .option('--hash <hash>', 'of the preview; without it nothing is changed')
    .action((options: FixOptions) =>
      does(options.hash === undefined ? 'reads' : 'writes', (session) => fixRules(session, options)),
    )
  rules
    .command('floors')
    .description('versions that no machine may be older than; a machine below one is a finding')
    .option('--set <version>', 'as 2026.9.6; with --reason')
    .option('--reason <text>', 'why')
    .option('--link <address>', 'where it can be read up')
    .option('--remove <version>', 'take one away')
    .action((options: FloorOptions) =>
      does(options.set === undefined && options.remove === undefined ? 'reads' : 'writes', (session) =>
        floors(session, options),
      ),
    )
  program
    .command('triage')
    .description('why a machine’s agent went quiet, from the facts as they stand')
    .requiredOption('--box <name>', 'the machine')
    .action((options: { box: string }) => does('reads', (session) => triage(session, options)))
  program
    .command('logs')
    .description('stored log lines, oldest first')
    .option('--box <names...>', 'only these machines')
    .option('--since <time>', '2h, 3d, 2026-11-20 or 2026-11-20T08:00; a day ago when absent', readMoment)
    .option('--until <time>', 'the same', readMoment)
    .option('--level <level>', 'this one and louder: fatal, error, warn, info, debug, trace', readLevel)
    .option('--grep <expression>', 'lines that match a JavaScript regular expression')
    .option('--follow', 'goes on with lines as the machines write them, until Ctrl-C', false)
    .action((options: LogsOptions) => does(options.follow ? 'follows' : 'reads', (session) => logs(session, options)))
  program
    .command('patterns')
    .description('kinds of log lines of the last 14 days, loud and new ones first')
    .option('--box <names...>', 'only these machines')
    .option('--new', 'only what is new since the agent’s update, or this week', false)
    .option('--muted', 'muted ones too', false)
    .action((options: PatternsOptions) => does('reads', (session) => patterns(session, options)))
  const layer = 'fleet, os:macos, niche:NAME, client:NAME, box:NAME or agent:MACHINE/PROFILE'
  const overlay = program.command('overlay').description('declared settings in layers; saving changes no machine')
  overlay
    .command('list')
    .description('every layer there can be, widest first')
    .action(() => does('reads', listLayers))
  overlay
    .command('show')
    .description('what a layer says, whom it reaches, what wider layers say')
    .argument('<layer>', layer)
    .action((words: string) => does('reads', (session) => showLayer(session, words)))
  overlay
    .command('set')
    .description('declare one value of a layer, leave it to wider layers again, or except it for a while')
    .argument('<layer>', layer)
    .argument('<path>', 'such as sections.model.primary or raw.openclaw.gateway.port')
    .argument('[value]', 'JSON, or text as it is; null: nothing may stand there (raw settings)')
    .requiredOption('--because <reason>', 'why, for the history')
    .option('--reset', 'leave it to wider layers again', false)
    .option('--except-until <date>', 'leave it on the machines as it is until then', readDay)
    .action((words: string, where: string, value: string | undefined, options: SetOptions) =>
      does('writes', (session) => setValue(session, words, where, value, options)),
    )
  overlay
    .command('history')
    .description('revisions of a layer, newest first')
    .argument('<layer>', layer)
    .option('--limit <revisions>', 'at most so many', readLimit, 50)
    .action((words: string, options: { limit: number }) =>
      does('reads', (session) => layerHistory(session, words, options)),
    )
  overlay
    .command('restore')
    .description('say again what a layer said in an earlier revision, as a new one')
    .argument('<layer>', layer)
    .argument('<revision>', 'as overlay history counts them', readLimit)
    .requiredOption('--because <reason>', 'why, for the history')
    .action((words: string, revision: number, options: { because: string }) =>
      does('writes', (session) => restoreLayer(session, words, revision, options)),
    )
  const file = overlay.command('file').description('files of a layer, carried into the agents’ workspace')
  file
    .command('add')
    .description('declare a file of this computer, at most 256 kB')
    .argument('<layer>', layer)
    .argument('<path>', 'in the workspace: AGENTS.md, SOUL.md, TOOLS.md or below skills, as skills/orders/SKILL.md')
    .argument('<file>')
    .requiredOption('--because <reason>', 'why, for the history')
    .option('--executable', 'it may be started as a program', false)
    .action((words: string, where: string, name: string, options: { because: string; executable: boolean }) =>
      does('writes', (session) => addFile(session, words, where, name, options)),
    )
  file
    .command('remove')
    .description('leave a file to wider layers again; on the machines it stays as it is')
    .argument('<layer>', layer)
    .argument('<path>')
    .requiredOption('--because <reason>', 'why, for the history')
    .action((words: string, where: string, options: { because: string }) =>
      does('writes', (session) => removeFile(session, words, where, options)),
    )
  file
    .command('list')
    .description('files that a layer declares')
    .argument('<layer>', layer)
    .action((words: string) => does('reads', (session) => listFiles(session, words)))
  overlay
    .command('export')
    .description('write every layer as a YAML file into a folder')
    .argument('<folder>')
    .action((folder: string) => does('reads', (session) => exportLayers(session, folder)))
  overlay
    .command('import')
    .description('take the layers of a folder of YAML files over, all or none')
    .argument('<folder>')
    .requiredOption('--because <reason>', 'why, for the history')
    .option('--dry-run', 'only say what would change', false)
    .action((folder: string, options: { because: string; dryRun: boolean }) =>
      does('writes', (session) => importLayers(session, folder, options)),
    )
  program
    .command('plan')
    .description('what each agent would have to become, from the settings read last')
    .option('--box <name>', 'only this machine')
    .option('--files', 'ask the machines for the text of files that would change', false)
    .action((options: PlanOptions) => does(options.files ? 'writes' : 'reads', (session) => plan(session, options)))
  const patch = program.command('patch').description('changes with a name; making one changes no machine')
  patch
    .command('list')
    .description('every patch, by name')
    .action(() => does('reads', listPatches))
  patch
    .command('show')
    .description('what a patch does, what it needs, what was not read')
    .argument('<name>')
    .action((name: string) => does('reads', (session) => showPatch(session, name)))
  patch
    .command('new')
    .description('make a patch; what it needs is read out of it and stands there as proposed')
    .argument('<name>', 'small letters, digits and -')
    .requiredOption('--why <text>', 'why it is made')
    .option('--link <address>', 'where that can be read up')
    .option('--author <name>', 'you when absent')
    .option('--class <class>', 'neutral, fix, security or behavioural; never below what it touches')
    .option('--layer <layer>', `of --set and --reset: ${layer}`, 'fleet')
    .option('--set <values...>', 'PATH=VALUE that the layer is to declare')
    .option('--reset <paths...>', 'paths that the layer is to leave to wider ones')
    .option('--file <files...>', 'PATH-IN-THE-WORKSPACE=FILE-HERE')
    .option('--update <version>', 'the runtime, to this version, commit or refs/tags/…')
    .option('--folder <folder>', 'a tracked folder: NAME=COMMIT or NAME=refs/tags/…')
    .option('--run <command>', 'on the machine')
    .option('--undo <command>', 'what takes that back')
    .option('--cannot-be-undone <words>', 'in place of --undo: "cannot be undone", typed out')
    .option('--deadline <seconds>', 'how long the command has', readDeadline, 60)
    .action((name: string, options: NewPatchOptions) => does('writes', (session) => newPatch(session, name, options)))
  patch
    .command('snapshot')
    .description('ask a machine for all that a patch could carry from it, and keep that: before you change it by hand')
    .requiredOption('--box <name>', 'the machine')
    .option('--profile <profile>', 'which agent, where several run there')
    .option('--note <text>', 'what it is for', '')
    .action((options: SnapshotOptions) => does('writes', (session) => takeSnapshot(session, options)))
  patch
    .command('snapshots')
    .description('snapshots that are kept, newest first; 20 a machine')
    .option('--box <name>', 'only this machine')
    .action((options: { box?: string }) => does('reads', (session) => listSnapshots(session, options)))
  patch
    .command('from-lab')
    .description('ask the machine again, and make a patch of what was changed there since a snapshot')
    .requiredOption('--box <name>', 'the machine')
    .requiredOption('--name <name>', 'of the patch: small letters, digits and -')
    .requiredOption('--why <text>', 'why it is made')
    .option('--profile <profile>', 'which agent, where several run there')
    .option('--since <snapshot>', 'as patch snapshots says; the newest taken by hand when absent')
    .option('--layer <layer>', `of changed settings: ${layer}; fleet for a lab machine when absent`)
    .option('--leave-out <names...>', 'differences that are not in the patch')
    .option('--also <names...>', 'differences that would be left out unless you say so')
    .option('--link <address>', 'where the why can be read up')
    .option('--author <name>', 'you when absent')
    .action((options: FromLabOptions) => does('writes', (session) => patchFromLab(session, options)))
  patch
    .command('confirm')
    .description('take every need that is still proposed for needed')
    .argument('<name>')
    .action((name: string) => does('writes', (session) => confirmPatch(session, name)))
  patch
    .command('export')
    .description('write a patch as patch.yaml and its files into a folder')
    .argument('<name>')
    .argument('<folder>')
    .action((name: string, folder: string) => does('reads', (session) => exportPatch(session, name, folder)))
  patch
    .command('import')
    .description('take such a folder over, as a new patch or the next revision of the one of that name')
    .argument('<folder>')
    .requiredOption('--because <reason>', 'why, for the history')
    .option('--dry-run', 'only say what is wrong with it', false)
    .action((folder: string, options: { because: string; dryRun: boolean }) =>
      does('writes', (session) => importPatch(session, folder, options)),
    )
  const rollout = program.command('rollout').description('a patch against the fleet, and on its way to it')
  rollout
    .command('preview')
    .description('to whom it would go, what says against it, the hash a start needs; exit 3 while a choice is left')
    .requiredOption('--patch <name>', 'the patch')
    .option('--boxes <names...>', 'only these machines')
    .option('--look', 'ask the machines first for the commands, modules and files that it needs', false)
    .action((options: RolloutOptions) =>
      does(options.look ? 'writes' : 'reads', (session) => previewRollout(session, options)),
    )
  rollout
    .command('choose')
    .description('record what is to be done about an answer that is not yes')
    .requiredOption('--patch <name>', 'the patch')
    .requiredOption('--question <key>', 'as the preview names it')
    .requiredOption('--exit <exit>', 'update-first, exclude, guarded or accept')
    .requiredOption('--because <reason>', 'why, for the record')
    .option('--boxes <names...>', 'only these machines; all that have it when absent')
    .action((options: ChooseOptions) => does('writes', (session) => chooseRollout(session, options)))
  addRunCommands(rollout, does)
  const exporting = program.command('export').description('for other engines')
  exporting
    .command('ansible')
    .description('write a patch as an Ansible playbook with the plans of its preview into an empty folder')
    .argument('<folder>')
    .requiredOption('--patch <name>', 'the patch')
    .option('--boxes <names...>', 'only these machines, as in the preview')
    .action((folder: string, options: ExportOptions) =>
      does('reads', (session) => exportAnsible(session, folder, options)),
    )
  const ledger = program.command('ledger').description('the diary')
  ledger
    .command('list')
    .description('what was done and found, newest first')
    .option('--box <name>', 'only this machine')
    .option('--limit <entries>', 'at most so many', readLimit, 200)
    .action((options: { box?: string; limit: number }) => does('reads', (session) => listLedger(session, options)))
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

function readDay(text: string): number {
  const atMs = /^\d{4}-\d\d-\d\d(T\d\d:\d\d)?$/.test(text)
    ? new Date(text.includes('T') ? text : `${text}T00:00`).getTime()
    : Number.NaN
  if (Number.isNaN(atMs)) throw new InvalidArgumentError('A date of this computer, as 2026-12-05 or 2026-12-05T08:00.')
  return atMs
}

function readDeadline(text: string): number {
  const seconds = /^\d{1,4}$/.test(text) ? Number(text) : 0
  if (seconds < 1 || seconds > 3600) throw new InvalidArgumentError('So many seconds are 1 to 3600.')
  return seconds
}

function readLimit(text: string): number {
  const limit = /^\d{1,4}$/.test(text) ? Number(text) : 0
  if (limit < 1 || limit > 1000) throw new InvalidArgumentError('So many are 1 to 1000.')
  return limit
}

/** Exit code of what commander threw: help and version are no mistakes. */
export const usageExit = (error: CommanderError): number => (error.exitCode === 0 ? exit.ok : exit.usage)
