import type { Fault } from './contract/index.ts'

/** What an operator reads about a fault: what is the matter, and what to do about it. Plain text, no markup. */
export interface FaultText {
  readonly sentence: string
  readonly nextStep: string
}

const seconds = (ms: number): string => (ms < 10_000 ? `${Math.round(ms / 100) / 10} s` : `${Math.round(ms / 1000)} s`)

const list = (items: readonly string[]): string =>
  items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`

const waiting: Record<Extract<Fault, { code: 'timed-out' }>['phase'], string> = {
  connect: 'no connection came about',
  banner: 'it took the connection and said nothing',
  handshake: 'it began to speak SSH and stopped',
  auth: 'it did not say whether the login is good',
  channel: 'it let us in and then did not start the command',
  answer: 'its answer did not come',
}

/** Every fault in words. Names and details of a box stand in quotes or after a colon; they are its own words. */
export function faultText(fault: Fault): FaultText {
  switch (fault.code) {
    case 'name-not-found':
      return {
        sentence: `No address is known for “${fault.host}”, so ${fault.boxName} cannot be reached.`,
        nextStep: 'Check how the name is written, and whether the VPN that knows it is on.',
      }
    case 'refused':
      return {
        sentence: `${fault.boxName} is there but takes no SSH connection on port ${fault.port}.`,
        nextStep: 'Check the port, and whether remote login is turned on there.',
      }
    case 'timed-out':
      return {
        sentence: `${fault.boxName} did not answer within ${seconds(fault.afterMs)}: ${waiting[fault.phase]}.`,
        nextStep:
          fault.phase === 'connect'
            ? 'Check whether the machine is on and its network works.'
            : 'Sweep it again; if it hangs again, it needs a restart or someone there.',
      }
    case 'network-unreachable':
      return {
        sentence: `There is no way from this computer to ${fault.boxName} at ${fault.host}.`,
        nextStep: 'Check this computer’s own network or VPN.',
      }
    case 'connection-lost':
      return {
        sentence: `The connection to ${fault.boxName} was lost: ${fault.detail}.`,
        nextStep: 'Sweep it again. What had arrived before is kept.',
      }
    case 'not-ssh':
      return {
        sentence: `What answers for ${fault.boxName} is not an SSH server. It said: ${fault.detail}`,
        nextStep: 'Check the address and the port.',
      }
    case 'no-common-algorithm':
      return {
        sentence: `${fault.boxName} speaks only SSH algorithms that are no longer safe (${fault.detail}).`,
        nextStep: 'Update the SSH server there.',
      }
    case 'key-not-trusted':
      return {
        sentence: `Nobody has accepted the host key of ${fault.boxName} yet.${fault.offered === '' ? '' : ` It shows ${fault.offered}.`}`,
        nextStep: 'Compare it with what someone there reads to you, then accept it.',
      }
    case 'key-changed':
      return {
        sentence:
          'This machine shows another key than the one you trusted. Nothing is sent until someone there reads you its fingerprint.',
        nextStep: `${fault.boxName}: trusted ${fault.pinned}, shown ${fault.offered}. If the new one is right, forget the old one and enrol the machine again.`,
      }
    case 'auth-refused':
      return authRefused(fault)
    case 'key-file-unreadable':
      return keyFile(fault)
    case 'agent-unavailable':
      return {
        sentence: `The ssh-agent of this computer cannot be used for ${fault.boxName}: ${fault.detail}.`,
        nextStep: 'Start it and add the key (ssh-add), or choose a key file for this machine.',
      }
    case 'hop-failed':
      return {
        sentence: `${fault.boxName} was not asked, because the way there failed at ${fault.hopName}. ${fault.cause}`,
        nextStep: `Put ${fault.hopName} right first.`,
      }
    case 'too-many-sessions':
      return {
        sentence: `${fault.boxName} opens no further session on a connection, not even on a new one.`,
        nextStep: 'Close other SSH sessions to it, or raise MaxSessions in its sshd_config.',
      }
    case 'no-terminal':
      return {
        sentence: `${fault.boxName} gives no terminal: ${fault.detail}.`,
        nextStep: 'Its SSH server may forbid them to this login (PermitTTY). A single command may still run.',
      }
    case 'no-node':
      return {
        sentence: `${fault.boxName} has no Node that could be started. Tried: ${list(fault.tried)}.`,
        nextStep: 'Install Node there, or check that its agent is installed for this user.',
      }
    case 'node-too-old':
      return {
        sentence: `Node on ${fault.boxName} is ${fault.found}; ${fault.needed} or newer is needed.`,
        nextStep: 'Update Node there.',
      }
    case 'program-crashed':
      return {
        sentence: `The program on ${fault.boxName} ended ${howItEnded(fault)}.${fault.lastLines === '' ? '' : ` Its last words: ${fault.lastLines}`}`,
        nextStep: 'Sweep it again; if it ends the same way, look at the machine by hand.',
      }
    case 'answer-not-understood':
      return {
        sentence: `${fault.boxName} gave an answer that cannot be understood: ${fault.detail}.`,
        nextStep: 'Sweep it again; if it stays so, look at the machine by hand.',
      }
    case 'answer-too-large':
      return {
        sentence: `${fault.boxName} answered more than ${Math.round(fault.limitBytes / 1_000_000)} MB, so its answer was thrown away.`,
        nextStep: 'Look at the machine by hand; an answer is never that long.',
      }
    case 'cancelled':
    case 'not-found':
    case 'already-exists':
    case 'invalid-input':
    case 'invalid-regex':
    case 'in-use':
    case 'changed-meanwhile':
    case 'read-only':
    case 'rule-broken':
    case 'locked-by-other':
    case 'disk-full':
    case 'data-folder-unusable':
    case 'store-newer':
    case 'store-damaged':
    case 'internal':
      return ownFaultText(fault)
    case 'no-way-back':
    case 'on-hold':
    case 'plan-stale':
    case 'guarded':
      return changeRefused(fault)
  }
}

type OwnFault = Extract<
  Fault,
  {
    code:
      | 'cancelled'
      | 'not-found'
      | 'already-exists'
      | 'invalid-input'
      | 'invalid-regex'
      | 'in-use'
      | 'changed-meanwhile'
      | 'read-only'
      | 'rule-broken'
      | 'locked-by-other'
      | 'disk-full'
      | 'data-folder-unusable'
      | 'store-newer'
      | 'store-damaged'
      | 'internal'
  }
>

/** Faults of the console itself, no box in them. */
function ownFaultText(fault: OwnFault): FaultText {
  switch (fault.code) {
    case 'cancelled':
      return { sentence: `Cancelled: ${fault.what}.`, nextStep: 'What had arrived before is kept.' }
    case 'not-found':
      return { sentence: `There is no such ${fault.what}.`, nextStep: 'It may have been removed since this was shown.' }
    case 'already-exists':
      return { sentence: `There is already a ${fault.what} named “${fault.name}”.`, nextStep: 'Choose another name.' }
    case 'invalid-input':
      return { sentence: `${fault.field}: ${fault.detail}`, nextStep: 'Change it and save again.' }
    case 'invalid-regex':
      return {
        sentence: `The regular expression breaks at character ${fault.at + 1}: ${fault.detail}.`,
        nextStep: 'Mend it there, or search for plain words.',
      }
    case 'in-use':
      return { sentence: `This ${fault.what} is used by ${fault.by}.`, nextStep: `Change ${fault.by} first.` }
    case 'changed-meanwhile':
      return {
        sentence: `${fault.what} was changed after you looked at it: ${fault.detail}.`,
        nextStep: 'Nothing was saved. Look at what it says now, and save again.',
      }
    case 'read-only':
      return {
        sentence: `This console can change nothing: ${fault.detail}.`,
        nextStep: 'Start it without read-only to make changes.',
      }
    case 'rule-broken': {
      const [first] = fault.problems
      const others = fault.problems.length - 1
      return {
        sentence: `A fixed rule refuses this: ${first?.sentence ?? ''}${others > 0 ? ` And ${others} more.` : ''}`,
        nextStep: 'No setting turns the rule off. Change what breaks it; nothing was saved and nothing was sent.',
      }
    }
    case 'locked-by-other':
      return {
        sentence: `Another Wheelhouse works on this data folder: ${fault.holder}.`,
        nextStep: 'Close that one, or choose another data folder.',
      }
    case 'disk-full':
      return {
        sentence: `The disk that holds ${fault.path} is full, so nothing was saved.`,
        nextStep: 'Make room on it and try again.',
      }
    case 'data-folder-unusable':
      return {
        sentence: `The data folder ${fault.path} cannot be used: ${fault.why}.`,
        nextStep: 'Put that right, or choose another data folder.',
      }
    case 'store-newer':
      return {
        sentence: `The data here was written by a newer Wheelhouse (format ${fault.found}; this one knows ${fault.known}).`,
        nextStep: 'Start the newer version. Nothing was changed.',
      }
    case 'store-damaged':
      if (fault.setAside === null)
        return {
          sentence: 'The data file is damaged. It was opened for reading only, so it stands where it was, unchanged.',
          nextStep: `Start Wheelhouse without read-only: it sets the file aside and offers ${
            fault.newestBackup === null ? 'to begin anew; there is no backup' : `the backup ${fault.newestBackup}`
          }.`,
        }
      return {
        sentence: `The data file was damaged and has been set aside as ${fault.setAside}.`,
        nextStep:
          fault.newestBackup === null
            ? 'There is no backup; begin anew.'
            : `Go on from the backup ${fault.newestBackup}.`,
      }
    case 'internal':
      return {
        sentence: `The console met something nobody foresaw. The log has the details under ${fault.reference}.`,
        nextStep: 'Try again; if it stays so, pass on that reference.',
      }
  }
}

function authRefused(fault: Extract<Fault, { code: 'auth-refused' }>): FaultText {
  const tried = fault.offered.length === 0 ? 'Nothing was offered.' : `Offered: ${list(fault.offered)}.`
  const takes = fault.accepted.length === 0 ? '' : ` It takes: ${list(fault.accepted)}.`
  return {
    sentence: `${fault.boxName} does not let “${fault.user}” in. ${tried}${takes}`,
    nextStep: 'Check the user name, and whether this key stands in authorized_keys there.',
  }
}

function keyFile(fault: Extract<Fault, { code: 'key-file-unreadable' }>): FaultText {
  const file = `The key file ${fault.path} for ${fault.boxName}`
  switch (fault.why) {
    case 'missing':
      return { sentence: `${file} does not exist.`, nextStep: 'Choose another key file.' }
    case 'no-permission':
      return { sentence: `${file} may not be read by you.`, nextStep: 'Give yourself the right to read it.' }
    case 'not-a-key':
      return {
        sentence: `${file} holds no private key this console can read.`,
        nextStep: 'Choose the private key, the file without ".pub".',
      }
    case 'passphrase-needed':
      return {
        sentence: `${file} is locked by a passphrase, and none is kept for it.`,
        nextStep: 'Enter the passphrase, or add the key to the ssh-agent.',
      }
    case 'passphrase-wrong':
      return { sentence: `The passphrase does not open ${fault.path}.`, nextStep: 'Enter it again.' }
  }
}

function howItEnded(fault: Extract<Fault, { code: 'program-crashed' }>): string {
  if (fault.signal !== null) return `by signal ${fault.signal}`
  return fault.exitCode === null ? 'without saying why' : `with code ${fault.exitCode}`
}

/** Why a change is not begun. */
function changeRefused(
  fault: Extract<Fault, { code: 'no-way-back' | 'on-hold' | 'plan-stale' | 'guarded' }>,
): FaultText {
  switch (fault.code) {
    case 'no-way-back':
      return {
        sentence: `Nothing is changed on ${fault.boxName}, because it has not shown that a change goes back by itself. ${fault.why}`,
        nextStep: 'Run the drill for this machine, then make the change again.',
      }
    case 'on-hold':
      return {
        sentence: `No changes at ${fault.clientName} until ${fault.until}: ${fault.reason}.`,
        nextStep: 'Wait until then, or end the hold on the page of the client.',
      }
    case 'plan-stale':
      return {
        sentence: `The plan for ${fault.boxName} no longer holds: ${fault.why}.`,
        nextStep: 'Look at the new plan, then make the change.',
      }
    case 'guarded':
      return {
        sentence: `Patch ${fault.what} changes how agents behave, so it was not begun. ${fault.why}`,
        nextStep:
          fault.untilMs === null
            ? 'Say who asked for it, or why it goes although nobody did; then it waits 24 hours.'
            : 'Wait until then, or leave everything as it is.',
      }
  }
}
