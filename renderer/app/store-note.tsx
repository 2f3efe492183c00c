import { useQuery } from '@tanstack/react-query'
import { orpc } from '../api/queries.ts'
import { useNow } from '../ui/age.tsx'
import { clockTime, shortDate } from '../ui/times.ts'

/** The right of every footer: whether the diary holds, and when the store was last backed up. */
export function StoreNote() {
  const { data } = useQuery(orpc.app.state.queryOptions())
  const now = useNow()
  if (!data) return null
  const backup = data.lastBackupAtMs
  const today = backup !== null && shortDate(backup, now) === shortDate(now, now)
  const words = [
    data.ledgerIntact === null ? '' : data.ledgerIntact ? 'Diary intact' : 'The diary does not add up',
    backup === null ? 'no backup yet' : `last backup ${today ? clockTime(backup) : shortDate(backup, now)}`,
    data.readOnly ? 'read only' : '',
  ].filter(Boolean)
  return <span className={data.ledgerIntact === false ? 'font-medium text-critical' : ''}>{words.join(' · ')}</span>
}
