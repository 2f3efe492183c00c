import path from 'node:path'

export interface Launch {
  readonly demo: boolean
  readonly readOnly: boolean
  /** Folder of the store, the logs and the window's own files. */
  readonly dataDir: string
}

/**
 * Reads the command line of the app. Arguments it does not know are left alone: Electron and the system add their own.
 * `appDataDir` is the system's folder for the data of applications.
 */
export function readArguments(argv: readonly string[], appDataDir: string, workingDir: string): Launch {
  const demo = argv.includes('--demo')
  const folder = given(argv, '--data')
  const dataDir = folder
    ? path.resolve(workingDir, folder)
    : path.join(appDataDir, demo ? 'Wheelhouse Demo' : 'Wheelhouse')
  return { demo, readOnly: argv.includes('--read-only'), dataDir }
}

function given(argv: readonly string[], name: string): string | undefined {
  const at = argv.indexOf(name)
  const next = at < 0 ? undefined : argv[at + 1]
  if (next && !next.startsWith('--')) return next
  const joined = argv.find((argument) => argument.startsWith(`${name}=`))
  return joined?.slice(name.length + 1) || undefined
}
