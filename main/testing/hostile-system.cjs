// Loaded before a box's real Node (`node -r`): the system around the program lies as the environment asks.
const os = require('node:os')
const fs = require('node:fs')
const { BOX_HOST_NAME, BOX_CLOCK_OFFSET_MS, BOX_FREE_BYTES } = process.env

if (BOX_HOST_NAME) os.hostname = () => decodeURIComponent(BOX_HOST_NAME)
if (BOX_CLOCK_OFFSET_MS) {
  const now = Date.now
  Date.now = () => now() + Number(BOX_CLOCK_OFFSET_MS)
}
if (BOX_FREE_BYTES) {
  const statfs = fs.statfsSync
  fs.statfsSync = (...of) => ({ ...statfs(...of), bsize: 1, bavail: Number(BOX_FREE_BYTES) })
}
