import { PatchClass } from '../../shared/contract/index.ts'

interface ClassWords {
  /** In a list and in a sentence: "security patch". */
  readonly word: string
  readonly help: string
}

/** What each class of a patch is called, and what it means for how it goes. */
export const classWords: Readonly<Record<PatchClass, ClassWords>> = {
  neutral: { word: 'neutral', help: 'Decides nothing that anybody hears.' },
  fix: { word: 'fix', help: 'Mends how something works.' },
  security: { word: 'security', help: 'Decides who is answered or who gets in. Watched for a shorter time.' },
  behavioural: { word: 'behaviour', help: 'Changes what a client hears. Somebody there asked for it.' },
}

/** Classes that a patch may be called: what it touches sets the least. */
export const classesFrom = (least: PatchClass): PatchClass[] =>
  PatchClass.options.slice(PatchClass.options.indexOf(least))
