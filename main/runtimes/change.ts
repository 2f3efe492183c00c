/** What changes an agent, apart from what observes it: the probe, which writes nothing, must not carry it. */

export {
  type CheckoutMove,
  endGit,
  fetchFor,
  findMove,
  isAt,
  isLeftAt,
  moveCheckout,
  moveCheckoutBack,
  moveMs,
} from './move-checkout.ts'
export { candidateOf } from './openclaw/candidate.ts'
export { checkDownloaded, type Download, startDownload } from './openclaw/download-package.ts'
export { entryOf } from './openclaw/find-install.ts'
export { askChannels } from './openclaw/gateway-control.ts'
export {
  dropPackages,
  isSwapped,
  type PackageSwap,
  swapBack,
  swapIn,
  withVersion,
} from './openclaw/package-swap.ts'
export { loadConfig, secretsOf } from './openclaw/read-config.ts'
export { findGateway } from './openclaw/read-gateway.ts'
export { workspaceOf } from './openclaw/read-own-files.ts'
export { askValidity } from './openclaw/read-validity.ts'
export { commandEnvironment, findRunnable, type RunnableAgent, searchPathOf } from './openclaw/running-agent.ts'
export { isWrittenBy, settleConfig, sideOf } from './openclaw/settle-config.ts'
export {
  endStarted,
  type HowItRan,
  howItRuns,
  restGateway,
  type Started,
  type StartedProcess,
  startGateway,
} from './openclaw/start-gateway.ts'
export { stopChannel } from './openclaw/stop-channel.ts'
export { smallestOperations } from './operations.ts'
export { clip, readPlainFile, why } from './reading.ts'
export { endLeftLine, endLine, lastWordsOf, runLine } from './run-line.ts'
