/** What backs an agent up, apart from what observes it: the probe, which writes nothing, must not carry it. */
export { type MakingBackup, makeBackup } from './openclaw/make-backup.ts'
