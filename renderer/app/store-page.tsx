import { useMutation } from '@tanstack/react-query'
import type { AppState } from '../../shared/contract/index.ts'
import { orpc, queryClient } from '../api/queries.ts'
import { sentenceOf } from '../api/sentence.ts'
import { Age } from '../ui/age.tsx'
import { Button } from '../ui/button.tsx'
import { Copyable } from '../ui/copyable.tsx'

type Unusable = Exclude<AppState['store'], { state: 'ready' }>

/** In place of every page while the store cannot be used: what is the matter, and what a person can do about it. */
export function StorePage({ store }: { store: Unusable }) {
  return (
    <main className="readable flex h-full flex-1 flex-col gap-4 p-6">
      <h1 className="text-title">{titles[store.state]}</h1>
      <Words store={store} />
    </main>
  )
}

const titles: Record<Unusable['state'], string> = {
  newer: 'This data belongs to a newer Wheelhouse',
  damaged: 'The database is damaged',
  locked: 'Another Wheelhouse has this data open',
  'disk-full': 'The disk is full',
  unusable: 'The data folder cannot be used',
}

function Words({ store }: { store: Unusable }) {
  switch (store.state) {
    case 'newer':
      return (
        <p className="max-w-[72ch]">
          The database has format {store.found}; this version knows {store.known}. Nothing was read or written. Install
          the newer version, or start with another data folder.
        </p>
      )
    case 'locked':
      return (
        <p className="max-w-[72ch]">
          {store.holder.charAt(0).toUpperCase() + store.holder.slice(1)} holds the data folder. Close that one, then
          start this window again. Nothing was written here.
        </p>
      )
    case 'disk-full':
      return (
        <>
          <p className="max-w-[72ch]">Nothing more can be recorded, so nothing is done. Make room, then start again.</p>
          <Copyable text={store.path} />
        </>
      )
    case 'unusable':
      return (
        <>
          <p className="max-w-[72ch]">
            Nothing was read or written: {store.why}. Put that right, or start with another data folder.
          </p>
          <Copyable text={store.path} />
        </>
      )
    case 'damaged':
      return <Damaged store={store} />
  }
}

function Damaged({ store }: { store: Extract<Unusable, { state: 'damaged' }> }) {
  const recover = useMutation({
    ...orpc.app.recoverStore.mutationOptions(),
    onSuccess: () => queryClient.invalidateQueries(),
  })
  const backup = store.newestBackup
  if (store.setAside === null)
    return (
      <p className="max-w-[72ch]">
        This window only reads, so the file stands where it was, unchanged. Start Wheelhouse without read-only to set it
        aside and {backup ? 'go on from a backup' : 'begin with an empty store; there is no good backup'}.
      </p>
    )
  return (
    <>
      <p className="max-w-[72ch]">
        It was set aside unchanged and nothing of it was deleted.{' '}
        {backup ? (
          <>
            The newest good backup was made <Age atMs={backup.atMs} inSentence className="" />. What was recorded since
            is missing from it.
          </>
        ) : (
          'There is no good backup, so the only way on is an empty store.'
        )}
      </p>
      <Copyable text={store.setAside} label="Copy the path" />
      {recover.error && <p className="text-critical">{sentenceOf(recover.error)}</p>}
      <div className="flex gap-2">
        {backup && (
          <Button look="primary" disabled={recover.isPending} onClick={() => recover.mutate({ from: 'backup' })}>
            Go on from the backup
          </Button>
        )}
        <Button
          look={backup ? 'default' : 'primary'}
          disabled={recover.isPending}
          onClick={() => recover.mutate({ from: 'empty' })}
        >
          Begin with an empty store
        </Button>
      </div>
    </>
  )
}
