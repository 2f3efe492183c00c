import { createHash } from 'node:crypto'
import { mkdirSync, utimesSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { deflateSync } from 'node:zlib'

export interface CheckoutPlan {
  /** Files of the one tree that all commits share: path → content. */
  readonly files: Readonly<Record<string, string>>
  /** Commits that origin has and this checkout lacks. */
  readonly behind: number
  readonly checkedOutAtMs: number
  readonly upstreamAtMs: number
  readonly fetchedAtMs: number
}

/** Writes a git checkout with real objects; git itself is not needed. @returns the commit that is checked out. */
export function writeCheckout(folder: string, plan: CheckoutPlan): string {
  const git = path.join(folder, '.git')
  for (const name of ['objects', 'refs/heads', 'refs/remotes/origin'])
    mkdirSync(path.join(git, name), { recursive: true })
  const blobs = Object.entries(plan.files)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, content]) => ({
      name,
      size: Buffer.byteLength(content),
      id: writeObject(git, 'blob', Buffer.from(content)),
    }))
  const tree = writeObject(
    git,
    'tree',
    Buffer.concat(blobs.flatMap(({ name, id }) => [Buffer.from(`100644 ${name}\0`), Buffer.from(id, 'hex')])),
  )
  const commit = (parent: string | null, atMs: number, subject: string): string => {
    const person = `OpenClaw <dev@openclaw.invalid> ${Math.round(atMs / 1000)} +0000`
    const parents = parent === null ? '' : `parent ${parent}\n`
    return writeObject(
      git,
      'commit',
      Buffer.from(`tree ${tree}\n${parents}author ${person}\ncommitter ${person}\n\n${subject}\n`),
    )
  }
  const head = commit(
    commit(null, plan.checkedOutAtMs - 3_600_000, 'Prepare the release'),
    plan.checkedOutAtMs,
    'Release',
  )
  let tip = head
  for (let number = 1; number <= plan.behind; number++) {
    const share = number / plan.behind
    tip = commit(tip, plan.checkedOutAtMs + share * (plan.upstreamAtMs - plan.checkedOutAtMs), `Change ${number}`)
  }
  const write = (name: string, content: string | Buffer) => writeFileSync(path.join(git, name), content)
  write('HEAD', 'ref: refs/heads/main\n')
  write('refs/heads/main', `${head}\n`)
  write('refs/remotes/origin/main', `${tip}\n`)
  write(
    'config',
    '[core]\n\trepositoryformatversion = 0\n\tbare = false\n[remote "origin"]\n\turl = https://git.openclaw.invalid/openclaw.git\n' +
      '\tfetch = +refs/heads/*:refs/remotes/origin/*\n[branch "main"]\n\tremote = origin\n\tmerge = refs/heads/main\n',
  )
  write('index', indexFile(blobs))
  write('FETCH_HEAD', `${tip}\t\tbranch 'main' of https://git.openclaw.invalid/openclaw\n`)
  utimesSync(path.join(git, 'FETCH_HEAD'), plan.fetchedAtMs / 1000, plan.fetchedAtMs / 1000)
  for (const [name, content] of Object.entries(plan.files)) writeFileSync(path.join(folder, name), content)
  return head
}

/** A loose object as git stores it (gitformat-loose): zlib of `kind length NUL content`, named by its SHA-1. */
function writeObject(git: string, kind: 'blob' | 'tree' | 'commit', content: Buffer): string {
  const whole = Buffer.concat([Buffer.from(`${kind} ${content.length}\0`), content])
  const id = createHash('sha1').update(whole).digest('hex')
  const folder = path.join(git, 'objects', id.slice(0, 2))
  mkdirSync(folder, { recursive: true })
  writeFileSync(path.join(folder, id.slice(2)), deflateSync(whole))
  return id
}

/** Version 2 of gitformat-index, without stat data: git then compares contents. */
function indexFile(blobs: readonly { name: string; size: number; id: string }[]): Buffer {
  const head = Buffer.alloc(12)
  head.write('DIRC')
  head.writeUInt32BE(2, 4)
  head.writeUInt32BE(blobs.length, 8)
  const entries = blobs.map(({ name, size, id }) => {
    const length = 62 + name.length
    const entry = Buffer.alloc(length + 8 - (length % 8))
    entry.writeUInt32BE(0o100644, 24)
    entry.writeUInt32BE(size, 36)
    Buffer.from(id, 'hex').copy(entry, 40)
    entry.writeUInt16BE(name.length, 60)
    entry.write(name, 62)
    return entry
  })
  const body = Buffer.concat([head, ...entries])
  return Buffer.concat([body, createHash('sha1').update(body).digest()])
}
