import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, rmSync } from 'node:fs'
import { homedir, userInfo } from 'node:os'
import path from 'node:path'
import { homeOf, writeNewFile } from '../../../runtimes/runtimes.ts'
import { type BootJob, bootJobFor } from './boot-job.ts'

const waitMs = 5000

function run(words: readonly string[]): Promise<boolean> {
  const [command = '', ...args] = words
  const env = {
    ...process.env,
    XDG_RUNTIME_DIR: process.env.XDG_RUNTIME_DIR || `/run/user/${process.getuid?.() ?? 0}`,
  }
  return new Promise((resolve) => {
    execFile(command, args, { timeout: waitMs, env, windowsHide: true }, (error) => resolve(error === null))
  })
}

/** A manager of this user's services is there, and stays when nobody is logged in. */
function lingers(user: string): boolean {
  const runtime = process.env.XDG_RUNTIME_DIR || `/run/user/${process.getuid?.() ?? 0}`
  return existsSync(`/var/lib/systemd/linger/${user}`) && existsSync(path.join(runtime, 'systemd/private'))
}

const jobOf = (folder: string, program: string): BootJob | null => {
  const { username, uid } = userInfo()
  return bootJobFor({
    platform: process.platform,
    id: path.basename(folder),
    home: homeOf(process.env, homedir),
    user: process.platform === 'win32' ? `${process.env.USERDOMAIN ?? '.'}\\${username}` : username,
    uid,
    node: process.execPath,
    program,
    folder,
    lingers: process.platform === 'linux' && lingers(username),
  })
}

/** Tells the system to take the change back after a restart. Empty: nothing there would; else what does, in words. */
export async function installBootJob(folder: string, program: string): Promise<string> {
  const job = jobOf(folder, program)
  if (job === null) return ''
  try {
    mkdirSync(path.dirname(job.file), { recursive: true })
    rmSync(job.file, { force: true })
    const mark = job.encoding === 'utf16le' ? '\uFEFF' : ''
    writeNewFile(job.file, Buffer.from(mark + job.text, job.encoding), 0o600)
    for (const command of job.install) if (!(await run(command))) throw new Error(command[0])
    return job.name
  } catch {
    await removeBootJob(folder, program)
    return ''
  }
}

export async function removeBootJob(folder: string, program: string): Promise<void> {
  const job = jobOf(folder, program)
  if (job === null || !existsSync(job.file)) return
  for (const command of job.remove) await run(command)
  rmSync(job.file, { force: true })
}
