import type { ConfigLine } from './config-lines.ts'

const used = new Set([
  'hostname',
  'user',
  'port',
  'identityfile',
  'proxyjump',
  'serveraliveinterval',
  'identitiesonly',
  'addressfamily',
])

const reasons: Record<string, string> = {
  proxycommand: 'Commands from a file are never run. A jump host (ProxyJump) does the same.',
  proxyusefdpass: 'Commands from a file are never run.',
  localcommand: 'Commands from a file are never run.',
  permitlocalcommand: 'Commands from a file are never run.',
  knownhostscommand: 'Commands from a file are never run.',
  remotecommand: 'The console starts its own program on the machine.',
  forwardagent: 'The ssh agent is never forwarded.',
  forwardx11: 'Windows are never forwarded.',
  forwardx11trusted: 'Windows are never forwarded.',
  localforward: 'Ports are not forwarded.',
  remoteforward: 'Ports are not forwarded.',
  dynamicforward: 'Ports are not forwarded.',
  stricthostkeychecking: 'A host key is accepted by a person once and pinned; this cannot be changed by a file.',
  userknownhostsfile: 'Pins are kept in this console; known_hosts can be read in on request.',
  globalknownhostsfile: 'Pins are kept in this console; known_hosts can be read in on request.',
  hostkeyalias: 'Pins belong to the machine here, not to a name.',
  canonicalizehostname: 'Names are not looked up while importing.',
  canonicaldomains: 'Names are not looked up while importing.',
  identityagent: 'The ssh agent of this computer is used.',
  certificatefile: 'Certificates are not supported yet.',
  controlmaster: 'The console keeps its own connections.',
  controlpath: 'The console keeps its own connections.',
  controlpersist: 'The console keeps its own connections.',
  usekeychain: 'Passphrases are kept in the keychain when you say so while adding the machine.',
  addkeystoagent: 'Keys are not added to the ssh agent.',
  bindaddress: 'The way out is chosen by the system.',
  bindinterface: 'The way out is chosen by the system.',
}

const harmlessWhenNo = new Set([
  'forwardagent',
  'forwardx11',
  'forwardx11trusted',
  'permitlocalcommand',
  'canonicalizehostname',
])

/** Why a directive is not used; null when it is, or when it asks for what is so anyway. */
export function whyUnused({ keyword, value }: Pick<ConfigLine, 'keyword' | 'value'>): string | null {
  if (used.has(keyword)) return null
  if (harmlessWhenNo.has(keyword) && value.toLowerCase() === 'no') return null
  if (keyword === 'proxycommand' && value.toLowerCase() === 'none') return null
  return reasons[keyword] ?? 'This console has no use for it.'
}
