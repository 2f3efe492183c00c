import type { ApplyOutcome, ApplyStep, CarriedCommand } from '../../shared/contract/index.ts'
import type { ObservedChange } from '../runtimes/change-answer.ts'
import { backWords, isLeft } from './command-words.ts'
import { leftWords } from './folder-words.ts'

/** How a change ended, and whether its machine is still to be asked. */
export interface End {
  readonly outcome: ApplyOutcome
  readonly words: string
  readonly nextStep: string
  /** The machine is asked again at the next connection. */
  readonly open: boolean
  /** The machine may forget the change once this is kept. False: its marker tells what a person has to see. */
  readonly forget: boolean
}

export const failed = (words: string, nextStep: string): End => ({
  outcome: 'failed',
  words,
  nextStep,
  open: false,
  forget: true,
})

/** What was under way when the console or the connection went, after "while". */
export const doing: Record<ApplyStep, string> = {
  connect: 'it was being connected',
  download: 'what is new was being downloaded',
  stage: 'the change was being prepared',
  arm: 'the change was being armed',
  'run-before': 'its commands ran',
  activate: 'the new config was being put in place',
  'run-after': 'its commands ran',
  verify: 'the agent was taking the new config',
  commit: 'the change was being made final',
  revert: 'the old config was being put back',
}

/** Steps before which nothing on a machine can have changed. */
export const changesNothing = (step: ApplyStep): boolean =>
  step === 'connect' || step === 'download' || step === 'stage'

/** Steps before which nothing was put in place: a machine that then knows nothing of a change did not make it. */
const putsNothing = (step: ApplyStep): boolean => changesNothing(step) || step === 'arm'

/**
 * What a machine's own marker says of a change whose end nobody here saw. Pure.
 *
 * @param change null: the machine knows nothing of it.
 * @param step the last that was begun.
 * @param lost why its end was not seen, as a whole sentence.
 * @param commands of the change.
 */
export function truthOf(
  change: ObservedChange | null,
  step: ApplyStep,
  lost: string,
  commands: readonly CarriedCommand[] = [],
): End {
  const end = standingOf(change, step, lost)
  return change === null ? end : withSteps(end, commands, change)
}

/** Says, too, what became of the commands and folders of a change that was taken back. Pure. */
export function withSteps(
  end: End,
  commands: readonly CarriedCommand[],
  { commands: back, leftFolders }: Pick<ObservedChange, 'commands' | 'leftFolders'>,
): End {
  if (back.length + leftFolders.length === 0) return end
  const nextStep =
    isLeft(back) && !end.open ? `Look at what the commands left on the machine. ${end.nextStep}`.trim() : end.nextStep
  return { ...end, words: [end.words, ...backWords(commands, back), ...leftFolders.map(leftWords)].join(' '), nextStep }
}

function standingOf(change: ObservedChange | null, step: ApplyStep, lost: string): End {
  if (change === null && !putsNothing(step)) return forgotten(lost)
  if (change === null || change.state === 'staged')
    return failed(`${lost} The machine says: nothing was changed.`, 'Make the change again.')
  if (change.state === 'committed')
    return {
      outcome: 'changed',
      words: `${lost} The machine says: the change was made and stays.`,
      nextStep: '',
      open: false,
      forget: true,
    }
  if (change.state === 'armed' || change.state === 'reverting') return pending(lost, change.leftS)
  if (change.wentBack === 'never-left')
    return failed(`${lost} The machine says: the new config was never put in place.`, 'Make the change again.')
  if (change.wentBack === 'left-alone') return leftAlone(lost)
  if (change.wentBack === 'state-moved') return stateMoved(lost)
  return {
    outcome: 'reverted',
    words: `${lost} The machine says: the old config is back.`,
    nextStep: 'Make the change again when the connection holds.',
    open: false,
    forget: true,
  }
}

export const pending = (lost: string, leftS: number | null): End => ({
  outcome: 'inconclusive',
  words:
    leftS === null || leftS === 0
      ? `${lost} The machine puts the old config back by itself.`
      : `${lost} The machine puts the old config back by itself in ${leftS} s.`,
  nextStep: 'It is asked again at the next connection.',
  open: true,
  forget: false,
})

export const leftAlone = (why: string): End => ({
  outcome: 'inconclusive',
  words: `${why} Somebody else changed the config, a file or a folder meanwhile; what they wrote was not touched.`,
  nextStep: 'Look at it on the machine; what stood there before lies beside it.',
  open: false,
  forget: false,
})

/** The old version would not start on the state as it is now. */
export const stateMoved = (why: string): End => ({
  outcome: 'inconclusive',
  words: `${why} The new version had moved the agent’s state to a form that the old one does not read, so the new version and the new config stay.`,
  nextStep:
    'Mend it on the machine; the old program and the old config lie beside the new ones. Going back needs a backup from before; messages since are not in it.',
  open: false,
  forget: false,
})

/** Its marker is gone: it was put in place, or about to be, and somebody removed what told of it. */
export const forgotten = (why: string): End => ({
  outcome: 'inconclusive',
  words: `${why} The machine knows nothing of the change any more, so the new config may be in place.`,
  nextStep: 'Read the machine again and make a new plan.',
  open: false,
  forget: false,
})
