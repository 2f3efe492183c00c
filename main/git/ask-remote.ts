import { untrusted } from '../../shared/untrusted.ts'
import type { Clock } from '../base/clock.ts'
import { isBranch, type RemoteAddress } from './address.ts'
import { runGit } from './run-git.ts'

/** The newest commit of a branch as its remote says, or why it did not. */
export type RemoteAnswer = { readonly commit: string } | { readonly problem: string }

const askDeadlineMs = 20_000
const commitName = /^[0-9a-f]{40}([0-9a-f]{24})?$/

/**
 * Asks a remote for the tip of a branch: `git ls-remote`, from this computer, with the operator's own way in. Nothing is
 * fetched. It ends within 20 seconds, asks nobody for a password, and trusts no host key that is not known yet.
 *
 * @param folder where git runs, outside of any checkout.
 */
export async function askRemote(
  { url }: RemoteAddress,
  branch: string,
  { clock, folder, signal }: { clock: Clock; folder: string; signal?: AbortSignal },
): Promise<RemoteAnswer> {
  if (!isBranch(branch)) return { problem: 'Its branch is no branch.' }
  const ref = `refs/heads/${branch}`
  const ran = await runGit(['ls-remote', '--quiet', '--refs', '--', url, ref], {
    clock,
    cwd: folder,
    deadlineMs: askDeadlineMs,
    signal,
    env: {
      GIT_ALLOW_PROTOCOL: url.startsWith('/') ? 'file' : 'https:ssh',
      ...(await sshCommand(clock, folder)),
    },
  })
  if (ran.missing) return { problem: 'There is no git on this computer.' }
  if (signal?.aborted) return { problem: 'It was not waited for.' }
  if (ran.exitCode === null) return { problem: `It gave no answer within ${askDeadlineMs / 1000} seconds.` }
  if (ran.exitCode !== 0) return { problem: said(ran.stderr) }
  const line = ran.stdout.split('\n').find((each) => each.endsWith(`\t${ref}`))
  const commit = line?.split('\t')[0] ?? ''
  return commitName.test(commit) ? { commit } : { problem: `It has no branch ${untrusted(branch, 80)}.` }
}

/** The operator's own ssh, told to ask nobody and to write nothing down. */
async function sshCommand(clock: Clock, folder: string): Promise<NodeJS.ProcessEnv> {
  if (process.env.GIT_SSH && !process.env.GIT_SSH_COMMAND) return {}
  const configured = process.env.GIT_SSH_COMMAND
    ? process.env.GIT_SSH_COMMAND
    : (await runGit(['config', '--get', 'core.sshCommand'], { clock, cwd: folder, deadlineMs: 5000 })).stdout.trim()
  const options = [
    'BatchMode=yes',
    'StrictHostKeyChecking=yes',
    'UpdateHostKeys=no',
    'ForwardAgent=no',
    'ConnectTimeout=15',
  ]
  return { GIT_SSH_COMMAND: [configured || 'ssh', ...options.map((option) => `-o${option}`)].join(' ') }
}

/** The telling line of git's complaint. */
function said(stderr: string): string {
  const lines = stderr.split('\n').map((line) => line.trim())
  const line = lines.find(
    (each) => /^(fatal|error|ERROR|remote):/.test(each) && !/^fatal: Could not read from/.test(each),
  )
  return untrusted((line ?? lines.find((each) => each !== '') ?? 'git did not say why.').replace(/^fatal: /, ''), 200)
}
