/** A host key's fingerprint cut so that it can be read aloud: the hash name, then groups of four characters. */
export type SpeakableFingerprint = { hash: string; groups: string[] }

/** Cuts `SHA256:…` into groups of four; text without a hash name is grouped whole. */
export function speakable(fingerprint: string): SpeakableFingerprint {
  const colon = fingerprint.indexOf(':')
  const hash = colon > 0 && colon < 10 ? fingerprint.slice(0, colon) : ''
  const body = hash ? fingerprint.slice(colon + 1) : fingerprint
  return { hash, groups: body.match(/.{1,4}/gsu) ?? [] }
}

/** Indexes of the groups in which two fingerprints differ; a missing group differs. */
export function differingGroups(left: string, right: string): Set<number> {
  const a = speakable(left).groups
  const b = speakable(right).groups
  const differing = new Set<number>()
  for (let at = 0; at < Math.max(a.length, b.length); at++) if (a[at] !== b[at]) differing.add(at)
  return differing
}

/** The commands that show a machine's own fingerprint, for whoever sits at it, by key algorithm (sshd's default paths). */
export function fingerprintCommands(algorithm: string): { where: string; command: string }[] {
  const kind = algorithm.includes('ed25519') ? 'ed25519' : algorithm.includes('ecdsa') ? 'ecdsa' : 'rsa'
  return [
    { where: 'macOS and Linux', command: `ssh-keygen -lf /etc/ssh/ssh_host_${kind}_key.pub` },
    { where: 'Windows (PowerShell)', command: `ssh-keygen -lf $env:ProgramData\\ssh\\ssh_host_${kind}_key.pub` },
  ]
}
