/** One way to start Node in the login shell of a box; `command` is a prefix of a command line. */
export interface LauncherCandidate {
  readonly launcher: string
  /** As an operator would recognise it in "tried: …". */
  readonly name: string
  /** Forms for Windows have been checked against the shells' sources and one real node.exe, never on a real Windows machine. */
  readonly seen: boolean
}

const posix = (launcher: string, name = launcher): LauncherCandidate => ({ launcher, name, seen: true })
const windows = (launcher: string, name: string): LauncherCandidate => ({ launcher, name, seen: false })

/** Runs the newest `node` of a folder of versions; the word after the script becomes `$0`, so a prefix stays a prefix. */
const newestIn = (folder: string, tail: string): string =>
  `/bin/sh -c 'exec "$(ls -d ${folder}/*/${tail} | sort -V | tail -n 1)" "$@"' node`
/** Lets the shell of the login read its own start files first: brew, nvm and volta put Node on the PATH there. */
const throughLoginShell = (shell: string): string => `${shell} -lc 'exec node "$@"' node`

/**
 * Ways to start Node, in the order they are tried (openclaw.md §6, bets.md §3). A non-interactive login has no PATH of
 * brew, nvm or volta. No one form of a path with spaces works in cmd and PowerShell alike, hence two of each.
 */
export const launcherCandidates: readonly LauncherCandidate[] = [
  posix('node'),
  posix('/opt/homebrew/bin/node'),
  posix('/usr/local/bin/node'),
  posix('~/.volta/bin/node'),
  posix(newestIn('~/.nvm/versions/node', 'bin/node'), '~/.nvm/versions/node/*/bin/node'),
  posix(
    newestIn('~/.local/share/fnm/node-versions', 'installation/bin/node'),
    '~/.local/share/fnm/node-versions/*/installation/bin/node',
  ),
  posix('~/.local/bin/node'),
  posix(throughLoginShell('/bin/zsh'), "/bin/zsh -lc 'node'"),
  posix(throughLoginShell('/bin/bash'), "/bin/bash -lc 'node'"),
  posix('/opt/local/bin/node'),
  posix('/usr/bin/node'),
  posix('/snap/bin/node'),
  windows('"C:\\Program Files\\nodejs\\node.exe"', 'C:\\Program Files\\nodejs\\node.exe (cmd)'),
  windows("& 'C:\\Program Files\\nodejs\\node.exe'", 'C:\\Program Files\\nodejs\\node.exe (PowerShell)'),
  windows('"%LOCALAPPDATA%\\Volta\\bin\\node.exe"', '%LOCALAPPDATA%\\Volta\\bin\\node.exe (cmd)'),
  windows("& (Join-Path $env:LOCALAPPDATA 'Volta\\bin\\node.exe')", 'Volta\\bin\\node.exe (PowerShell)'),
]

/** Node from which all facts can be read: `node:sqlite` without a flag, opened by URL. */
const comfortableNode = [22, 15] as const

/** Orders `v22.9.0` below `v24.0.0`; text that is not a version is below all. */
export function compareNode(a: string, b: string): number {
  const [left, right] = [numbers(a), numbers(b)]
  for (let part = 0; part < 3; part++) {
    const difference = (left[part] ?? -1) - (right[part] ?? -1)
    if (difference !== 0) return difference
  }
  return 0
}

const numbers = (version: string): number[] => (/^v?(\d+)\.(\d+)\.(\d+)/.exec(version) ?? []).slice(1).map(Number)

export const isComfortable = (version: string): boolean => compareNode(version, `v${comfortableNode.join('.')}.0`) >= 0

/**
 * Did the command end because there is no such Node, and not because the program failed? 126 and 127 are the shells'
 * own codes, 9009 is cmd's; the words are those of sh, bash, zsh, fish, tcsh, cmd and PowerShell.
 */
export function isAbsent(exitCode: number | null, stderr: string): boolean {
  if (exitCode === 126 || exitCode === 127 || exitCode === 9009) return true
  if (exitCode === 0 || exitCode === null) return false
  return /not found|No such file|not recognized|Unknown command|cannot find the path|Permission denied|CommandNotFound|is not a directory|syntax error|ParserError|UnexpectedToken/i.test(
    stderr,
  )
}
