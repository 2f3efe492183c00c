/** Agent runtimes: what runs on a box to observe them, and what their settings mean. */
export { observeMachine } from './machine.ts'
export { observeOpenclaw } from './openclaw/observe.ts'
