import type { Command } from 'commander'
import type { CommandKind } from './program.ts'
import {
  continueRun,
  listRuns,
  reportRun,
  retryRun,
  revertRun,
  runStatus,
  type SomeOptions,
  type StartRunOptions,
  startRun,
  stopRun,
} from './run-command.ts'
import type { Session } from './session.ts'

type Does = (kind: CommandKind, act: (session: Session) => Promise<number>) => Promise<void>

/** What is done with a patch on its way. The process that carries a run lives as long as that; Ctrl-C pauses it. */
export function addRunCommands(rollout: Command, does: Does): void {
  rollout
    .command('start')
    .description(
      'carry exactly what was previewed; exit 3 when it waits for a person or a change of behaviour may not begin yet, 1 when something failed, 4 when a machine is away',
    )
    .requiredOption('--patch <name>', 'the patch')
    .requiredOption('--apply <hash>', 'of the preview as it was shown')
    .option('--boxes <names...>', 'only these machines, as in the preview')
    .option('--after-hours', 'each machine once its client’s business hours are over', false)
    .option('--asked-by <quote>', 'of a change of behaviour: the words of whoever asked for it, or a link to them')
    .option('--client <name>', 'with --asked-by: whose words they are; for the others it has to be said by itself')
    .option(
      '--reason <words>',
      'of a change of behaviour that nobody asked for: why all the same; it waits 24 hours then',
    )
    .option('--benefits <who>', 'of a change of behaviour: who has something from it')
    .option('--wait', 'stay until it ended, which it always does: this process carries it', false)
    .action((options: StartRunOptions) => does('writes', (session) => startRun(session, options)))
  rollout
    .command('list')
    .description('runs of patches, newest first')
    .option('--patch <name>', 'only of this patch')
    .action((options: { patch?: string }) => does('reads', (session) => listRuns(session, options)))
  rollout
    .command('status')
    .description('how a run stands or ended; exits as start does')
    .argument('<id>')
    .action((id: string) => does('reads', (session) => runStatus(session, id)))
  rollout
    .command('continue')
    .description('go on with a run that waits for a person, taking what it asks about as good enough')
    .argument('<id>')
    .option('--look-again', 'look once more at the machines that it asks about', false)
    .action((id: string, options: { lookAgain: boolean }) =>
      does('writes', (session) => continueRun(session, id, options)),
    )
  rollout
    .command('stop')
    .description('end a run that waits for a person; what was changed stays')
    .argument('<id>')
    .action((id: string) => does('writes', (session) => stopRun(session, id)))
  rollout
    .command('retry')
    .description('once more where it failed, was not attempted, or waited for its return')
    .argument('<id>')
    .option('--boxes <names...>', 'only these machines')
    .action((id: string, options: SomeOptions) => does('writes', (session) => retryRun(session, id, options)))
  rollout
    .command('revert')
    .description('put back what a run changed; without --boxes in the layers too')
    .argument('<id>')
    .option('--boxes <names...>', 'only these machines')
    .action((id: string, options: SomeOptions) => does('writes', (session) => revertRun(session, id, options)))
  rollout
    .command('report')
    .description('who, what, why, differences, outcomes and times, as Markdown')
    .argument('<id>')
    .action((id: string) => does('reads', (session) => reportRun(session, id)))
}
