import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, utimesSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { deflateSync } from 'node:zlib'

/** A made-up repository: commit 0, 1, 2 … up to the newest, the same ids in every checkout of it. */
export interface Upstream {
  /** Files of the tree of a commit: name → content. */
  readonly filesOf: (commit: number) => Readonly<Record<string, string>>
  readonly dateOf: (commit: number) => number
}

export interface CheckoutPlan {
  /** Address of its remote. */
  readonly remote: string
  readonly upstream: Upstream
  /** The commit that is checked out. */
  readonly head: number
  /** The newest commit that origin had at the last fetch. */
  readonly fetched: number
  readonly fetchedAtMs: number
}

/** Writes a git checkout with real objects; git itself is not needed. @returns the commit that is checked out. */
export function writeCheckout(folder: string, plan: CheckoutPlan): string {
  const git = path.join(folder, '.git')
  for (const name of ['objects', 'refs/heads', 'refs/remotes/origin'])
    mkdirSync(path.join(git, name), { recursive: true })
  const ids = writeCommits(git, plan.upstream, Math.max(plan.head, plan.fetched))
  const head = ids[plan.head] ?? ''
  const tip = ids[plan.fetched] ?? ''
  const files = plan.upstream.filesOf(plan.head)
  const write = (name: string, content: string | Buffer) => writeFileSync(path.join(git, name), content)
  write('HEAD', 'ref: refs/heads/main\n')
  write('refs/heads/main', `${head}\n`)
  write('refs/remotes/origin/main', `${tip}\n`)
  write(
    'config',
    `[core]\n\trepositoryformatversion = 0\n\tbare = false\n[remote "origin"]\n\turl = ${plan.remote}\n` +
      '\tfetch = +refs/heads/*:refs/remotes/origin/*\n[branch "main"]\n\tremote = origin\n\tmerge = refs/heads/main\n',
  )
  write('index', indexFile(blobsOf(git, files)))
  write('FETCH_HEAD', `${tip}\t\tbranch 'main' of ${plan.remote}\n`)
  utimesSync(path.join(git, 'FETCH_HEAD'), plan.fetchedAtMs / 1000, plan.fetchedAtMs / 1000)
  for (const [name, content] of Object.entries(files)) writeFileSync(path.join(folder, name), content)
  return head
}

interface Blob {
  readonly name: string
  readonly size: number
  readonly id: string
}

const blobsOf = (git: string, files: Readonly<Record<string, string>>): Blob[] =>
  Object.entries(files)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, content]) => ({
      name,
      size: Buffer.byteLength(content),
      id: writeObject(git, 'blob', Buffer.from(content)),
    }))

/** @returns the ids, oldest first. */
function writeCommits(git: string, { filesOf, dateOf }: Upstream, newest: number): string[] {
  const ids: string[] = []
  for (let number = 0; number <= newest; number++) {
    const entries = blobsOf(git, filesOf(number)).flatMap(({ name, id }) => [
      Buffer.from(`100644 ${name}\0`),
      Buffer.from(id, 'hex'),
    ])
    const tree = writeObject(git, 'tree', Buffer.concat(entries))
    const person = `OpenClaw <dev@openclaw.invalid> ${Math.round(dateOf(number) / 1000)} +0000`
    const parent = number === 0 ? '' : `parent ${ids.at(-1)}\n`
    const text = `tree ${tree}\n${parent}author ${person}\ncommitter ${person}\n\nChange ${number}\n`
    ids.push(writeObject(git, 'commit', Buffer.from(text)))
  }
  return ids
}

/** A loose object as git stores it (gitformat-loose): zlib of `kind length NUL content`, named by its SHA-1. */
function writeObject(git: string, kind: 'blob' | 'tree' | 'commit', content: Buffer): string {
  const whole = Buffer.concat([Buffer.from(`${kind} ${content.length}\0`), content])
  const id = createHash('sha1').update(whole).digest('hex')
  const folder = path.join(git, 'objects', id.slice(0, 2))
  const file = path.join(folder, id.slice(2))
  if (existsSync(file)) return id
  mkdirSync(folder, { recursive: true })
  writeFileSync(file, deflateSync(whole))
  return id
}

/** Version 2 of gitformat-index, without stat data: git then compares contents. */
function indexFile(blobs: readonly Blob[]): Buffer {
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
