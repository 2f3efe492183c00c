import { utimesSync } from 'node:fs'
import { type Download, findRunnable, startDownload } from '../../../runtimes/change.ts'
import type { Downloaded, DownloadRequest } from '../../../runtimes/change-answer.ts'
import { noteDownload } from './download-note.ts'
import { folderOf, forgetChange, makeFolder } from './marker.ts'
import { Refused } from './refused.ts'
import { refusalOf } from './stage.ts'

/** An answer comes at least so often, so that the program does not count as idle and the console may let go. */
const answerMs = 15_000

interface Under {
  readonly id: string
  readonly download: Download
}

let under: Under | null = null

/** Begins to bring another version, or waits a while for it. A change that is refused leaves nothing behind. */
export async function download(request: DownloadRequest): Promise<Downloaded> {
  const folder = folderOf(request.id)
  try {
    const { download: begun } = under?.id === request.id ? under : await begin(request, folder)
    const now = new Date()
    // Who waits is at it: nobody takes it for left behind.
    utimesSync(folder, now, now)
    const said = await Promise.race([begun.ended, new Promise<null>((resolve) => setTimeout(resolve, answerMs, null))])
    if (said === null) return { done: true, ready: false }
    if (said !== '') throw new Refused(said)
    return { done: true, ready: true }
  } catch (error) {
    giveUpDownload()
    forgetChange(folder)
    return { done: false, why: refusalOf(error) }
  }
}

async function begin({ id, stateDir, deadlineS, from, to }: DownloadRequest, folder: string): Promise<Under> {
  const agent = await findRunnable(stateDir)
  if (agent === null) throw new Refused('There is no agent in this folder.')
  makeFolder(folder)
  const begun = startDownload(agent, id, { from, to }, deadlineS * 1000)
  noteDownload(folder, { folder: begun.folder, pid: begun.pid ?? null })
  under = { id, download: begun }
  return under
}

/** Ends what is still being downloaded. */
export function giveUpDownload(): void {
  under?.download.kill()
  under = null
}
