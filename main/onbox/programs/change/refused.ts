/** A step that cannot be done, with a sentence for the operator. */
export class Refused extends Error {}
