// The `backup` commands of a small runtime. How it behaves is the word in `behaves` beside the config; absent: well.
import { createHash } from 'node:crypto'
import { existsSync, openSync, readFileSync, statSync, writeFileSync, writeSync } from 'node:fs'
import path from 'node:path'

const stateDir = process.env.OPENCLAW_STATE_DIR ?? path.join(process.env.HOME, '.openclaw')
const behavesFile = path.join(stateDir, 'behaves')
const behaves = existsSync(behavesFile) ? readFileSync(behavesFile, 'utf8').trim() : ''
const [area, verb, ...rest] = process.argv.slice(2)
const say = (value) => process.stdout.write(`${JSON.stringify(value)}\n`)

if (area === 'config' && verb === 'validate') say({ valid: true })
else if (area === 'backup' && verb === 'create') create(rest[rest.indexOf('--output') + 1])
else if (area === 'backup' && verb === 'verify') verify(rest[0])
else process.exit(1)

function create(folder) {
  const archivePath = path.join(folder, `${Date.now()}-openclaw-backup.tar.gz`)
  const answer = {
    archivePath,
    verified: behaves !== 'unchecked',
    assets:
      behaves === 'other-state' ? [{ kind: 'config', sourcePath: '/etc' }] : [{ kind: 'state', sourcePath: stateDir }],
  }
  if (behaves === 'full') {
    try {
      writeSync(openSync('/dev/full', 'w'), 'x')
    } catch (error) {
      process.stderr.write(`Error: ${error.message}\n`)
      process.exit(1)
    }
  }
  if (behaves === 'fails') {
    process.stderr.write('Error: the state database is locked\n')
    process.exit(1)
  }
  if (behaves === 'elsewhere') answer.archivePath = path.join(stateDir, 'openclaw.json')
  else if (behaves !== 'missing') writeFileSync(archivePath, behaves === 'empty' ? '' : packed(), { mode: 0o600 })
  if (behaves === 'hangs') {
    writeFileSync(path.join(stateDir, 'hanging'), String(process.pid))
    setInterval(() => {}, 1000)
    return
  }
  say(answer)
}

function packed() {
  const hash = createHash('sha256')
    .update(readFileSync(path.join(stateDir, 'openclaw.json')))
    .digest('hex')
  return `backup ${hash}`
}

function verify(archive) {
  if (behaves === 'broken') {
    say({ ok: false })
    return
  }
  say({ ok: statSync(archive).size > 0, runtimeVersion: '2026.9.6', assetCount: 1, entryCount: 3 })
}
