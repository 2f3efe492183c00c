import type { BoxId, Fault, KeyBox, KeyStep } from '../../shared/contract/index.ts'
import { untrusted } from '../../shared/untrusted.ts'
import { FaultError } from '../base/fault-error.ts'
import type { Onbox } from '../onbox/onbox.ts'
import type { LoginKeysRequest } from '../runtimes/login-keys-answer.ts'
import { optionsOfLine } from '../runtimes/runtimes.ts'
import type { Ssh } from '../ssh/ssh.ts'
import type { KeptKey } from './rows.ts'

export type KeyEnd = Pick<KeyBox, 'state' | 'words' | 'nextStep' | 'fault'>

export interface KeyTask {
  readonly onbox: Pick<Onbox, 'keys'>
  readonly ssh: Pick<Ssh, 'proveLogin'>
  readonly boxId: BoxId
  readonly old: KeptKey
  readonly fresh: KeptKey
  /** The line that is put in; null: the new key with the options of the old one's line. */
  readonly line: string | null
  /** For each connection and question. */
  readonly stepMs: number
  /** Called before a step is begun: its row. */
  readonly at: (step: KeyStep) => void
  /** The old key's line as it stands there, before it may go. */
  readonly found: (line: string) => void
  /** From here on the console logs in there with the new key. */
  readonly use: (key: KeptKey) => void
}

const authOf = (key: KeptKey) => ({ kind: 'key' as const, path: key.path })
const none = { nextStep: '', fault: null }

/** A key as it stands in an authorized_keys file. */
export const lineOf = ({ type, blob, comment }: KeptKey, options = ''): string =>
  [options, type, blob, comment.replace(/[\r\n]/g, ' ')].filter(Boolean).join(' ')

/**
 * Puts the new key on one box beside the old, logs in with it, uses it, takes the old one out, and shows that the one is
 * taken and the other is not. Until the new key was proved nothing is taken away; where it is not taken it goes again.
 * Each step may be done once more: what is as it has to be stays. Every end is an answer. @throws whatever is no fault.
 */
export async function rotateBox(task: KeyTask): Promise<KeyEnd> {
  const { onbox, ssh, boxId, old, fresh, at, stepMs } = task
  const ask = (act: LoginKeysRequest['act']) =>
    onbox.keys(boxId, { old: old.blob, fresh: fresh.blob, act }, { deadlineMs: stepMs })
  const prove = (key: KeptKey) => attempt(() => ssh.proveLogin(boxId, authOf(key), { deadlineMs: stepMs }))

  at('looking')
  const look = await attempt(() => ask({ do: 'look' }))
  if (!look.ok) return kept('The machine was not reached, so nothing was changed there.', '', look.fault)
  if ('refused' in look.value)
    return kept(`Nothing was changed. ${untrusted(look.value.refused, 400)}`, 'Change that on the machine by hand.')
  const [oldLine] = look.value.old.lines
  if (oldLine === undefined && look.value.fresh.lines.length === 0)
    return kept(
      `Nothing was changed. The key used now does not stand in ${untrusted(look.value.file, 300)}, so something else lets this login in.`,
      'Look at AuthorizedKeysFile and AuthorizedKeysCommand in the machine’s sshd_config.',
    )
  if (oldLine !== undefined) task.found(oldLine)

  at('adding')
  const added = await attempt(() => ask({ do: 'add', line: task.line ?? lineOf(fresh, optionsOfLine(oldLine ?? '')) }))
  if (!added.ok) return unseen('The new key may stand there beside the old one, which is still used.', added.fault)
  if ('refused' in added.value)
    return kept(`Nothing was changed. ${untrusted(added.value.refused, 400)}`, 'Change that on the machine by hand.')

  at('proving')
  const proved = await prove(fresh)
  if (!proved.ok) {
    const back = await attempt(() => ask({ do: 'remove', which: 'fresh' }))
    const isOut = back.ok && !('refused' in back.value) && back.value.fresh.lines.length === 0
    if (!isOut)
      return unseen('The new key was not proved and may still stand there. The old one is still used.', proved.fault)
    return kept(
      proved.fault.code === 'auth-refused'
        ? 'The machine did not let the new key in, so it was taken out again. The old one is used as before.'
        : 'A login with the new key was not seen, so it was taken out again. The old one is used as before.',
      'See with `sshd -T` there which AuthorizedKeysFile it reads.',
      proved.fault,
    )
  }

  at('switching')
  task.use(fresh)

  at('removing')
  const removed = await attempt(() => ask({ do: 'remove', which: 'old' }))
  if (!removed.ok) return both('The new key is used. The old one may still stand there.', removed.fault)
  if ('refused' in removed.value)
    return both(`The new key is used, and the old one still stands there. ${untrusted(removed.value.refused, 400)}`)

  at('checking')
  const again = await prove(fresh)
  if (!again.ok && again.fault.code === 'auth-refused' && oldLine !== undefined) {
    // Over what is still connected, the old key is put back: nobody must be locked out.
    const back = await attempt(() =>
      onbox.keys(
        boxId,
        { old: fresh.blob, fresh: old.blob, act: { do: 'add', line: oldLine } },
        { deadlineMs: stepMs },
      ),
    )
    if (!back.ok || 'refused' in back.value)
      return unseen(
        'After the old key was taken out the new one was refused, and the old one could not be put back. Keep open what is connected.',
        again.fault,
      )
    task.use(old)
    return both('After the old key was taken out the new one was refused, so the old one was put back.', again.fault)
  }
  if (!again.ok) return unseen('The old key was taken out. A second login with the new one was not seen.', again.fault)
  const gone = await prove(old)
  if (gone.ok)
    return both('The new key is used, and the machine still takes the old one: it stands somewhere else too.')
  if (gone.fault.code !== 'auth-refused' && gone.fault.code !== 'key-file-unreadable')
    return unseen('The new key is used and the old one was taken out. That it is refused now was not seen.', gone.fault)
  return { ...none, state: 'rotated', words: 'It logs in with the new key, and the old one is no longer taken.' }
}

const kept = (words: string, nextStep: string, fault: Fault | null = null): KeyEnd => ({
  state: 'kept',
  words,
  nextStep,
  fault,
})
const both = (words: string, fault: Fault | null = null): KeyEnd => ({
  state: 'both',
  words,
  nextStep: 'Go on with it, or take the old key out on the machine by hand.',
  fault,
})
const unseen = (words: string, fault: Fault): KeyEnd => ({
  state: 'unknown',
  words,
  nextStep: 'Ask the machine which keys stand there.',
  fault,
})

type Attempt<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly fault: Fault }

async function attempt<T>(work: () => Promise<T>): Promise<Attempt<T>> {
  try {
    return { ok: true, value: await work() }
  } catch (error) {
    if (error instanceof FaultError) return { ok: false, fault: error.fault }
    throw error
  }
}

/** Which of the keys stand on a box, asked by the login the console has there; nothing is changed. */
export async function askBox({
  onbox,
  ssh,
  boxId,
  old,
  fresh,
  stepMs,
}: Omit<KeyTask, 'at' | 'found' | 'use' | 'line'>): Promise<KeyEnd> {
  const look = await attempt(() =>
    onbox.keys(boxId, { old: old.blob, fresh: fresh.blob, act: { do: 'look' } }, { deadlineMs: stepMs }),
  )
  if (!look.ok) return unseen('The machine was not reached.', look.fault)
  if ('refused' in look.value) return { ...none, state: 'unknown', words: untrusted(look.value.refused, 400) }
  const [hasOld, hasFresh] = [look.value.old.lines.length > 0, look.value.fresh.lines.length > 0]
  if (hasOld && hasFresh) return both('Both keys stand there.')
  if (hasOld) return kept('The old key alone stands there.', '')
  if (!hasFresh)
    return { ...none, state: 'unknown', words: 'Neither key stands there: something else lets this login in.' }
  const proved = await attempt(() => ssh.proveLogin(boxId, authOf(fresh), { deadlineMs: stepMs }))
  return proved.ok
    ? { ...none, state: 'rotated', words: 'The new key alone stands there, and it was let in.' }
    : unseen('The new key alone stands there, and a login with it was not seen.', proved.fault)
}
