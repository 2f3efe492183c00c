export { type EmbeddedBox, type EmbeddedBoxOptions, startEmbeddedBox } from '../demo/embedded-box.ts'
export { ed25519 } from '../demo/keys.ts'
