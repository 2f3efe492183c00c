/** What a person is asked in a dialog of the system before anything is sent. */
export interface Question {
  readonly title: string
  readonly detail: string
  /** Words of the button that confirms; the other one cancels. */
  readonly button: string
}

/** Asks the person at this computer. False: no, nobody there, or another question is still open. */
export type Confirm = (question: Question) => Promise<boolean>
