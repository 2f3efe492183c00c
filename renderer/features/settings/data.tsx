import { useMutation } from '@tanstack/react-query'
import type { AppState, LedgerVerdict } from '../../../shared/contract/index.ts'
import { client } from '../../api/client.ts'
import { said } from '../../api/fault.ts'
import { orpc, queryClient } from '../../api/queries.ts'
import { Age } from '../../ui/age.tsx'
import { Button } from '../../ui/button.tsx'
import { Copyable } from '../../ui/copyable.tsx'
import { FaultLines } from '../../ui/fault-lines.tsx'
import { ledgerWords } from './ledger-words.ts'

/** Where everything is kept, its backup, and whether the diary holds. */
export function DataSection({ state }: { state: AppState }) {
  return (
    <div className="flex flex-col gap-6">
      <dl className="grid grid-cols-[132px_minmax(0,1fr)] items-baseline gap-x-3 gap-y-2">
        <dt className="text-text2">Folder</dt>
        <dd>
          <Copyable text={state.dataDir} />
        </dd>
        <dt className="text-text2">Version</dt>
        <dd className="readable font-mono text-code">{state.version}</dd>
        <dt className="text-text2">Keychain</dt>
        <dd className="readable max-w-[72ch]">
          {state.keychain.available ? 'Passphrases can be kept in the system’s keychain.' : state.keychain.why}
        </dd>
        {state.readOnly && (
          <>
            <dt className="text-text2">Mode</dt>
            <dd>Read only: this console was started so that it can change nothing.</dd>
          </>
        )}
      </dl>
      <Backup state={state} />
      <Diary />
    </div>
  )
}

function Backup({ state }: { state: AppState }) {
  const backup = useMutation({
    ...orpc.app.backupNow.mutationOptions(),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: orpc.app.state.key() }),
  })
  const at = backup.data?.atMs ?? state.lastBackupAtMs
  return (
    <div className="flex flex-col items-start gap-2">
      <p>
        {at === null ? (
          'No backup has been made yet; one is made every day.'
        ) : (
          <>
            The newest backup was made <Age atMs={at} inSentence className="" />. One is made every day.
          </>
        )}
      </p>
      {backup.data && <Copyable text={backup.data.path} label="Copy the path" />}
      {backup.error && <FaultLines {...said(backup.error)} />}
      <Button disabled={backup.isPending} onClick={() => backup.mutate(undefined)}>
        Back up now
      </Button>
    </div>
  )
}

function Diary() {
  const verify = useMutation({ mutationFn: (): Promise<LedgerVerdict> => client.ledger.verify() })
  const words = verify.data ? ledgerWords(verify.data) : null
  return (
    <div className="flex flex-col items-start gap-2">
      <p className="max-w-[72ch] text-text2">
        The diary is a chain: each entry seals the one before it. A changed, removed, reordered or cut-off entry is
        found. Somebody who rewrites the whole diary and its seal is not.
      </p>
      {words && (
        <p role="status" className={`max-w-[72ch] ${words.intact ? '' : 'text-critical'}`}>
          {words.sentence}
        </p>
      )}
      {verify.error && <FaultLines {...said(verify.error)} />}
      <Button disabled={verify.isPending} onClick={() => verify.mutate()}>
        Verify the diary
      </Button>
    </div>
  )
}
