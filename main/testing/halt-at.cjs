// Read by every Node of a test's box before its program: stands still once a call to the file system has been made that
// `~/halt` names, so that a test can end the process at exactly that point, or break something else before it goes on,
// which it does when there is a file `~/go-on`. Says that it stands in `~/halted`.
const fs = require('node:fs')
const path = require('node:path')

const { HOME = '' } = process.env
const asked = path.join(HOME, 'halt')
const goOn = path.join(HOME, 'go-on')

for (const name of ['renameSync', 'chmodSync']) {
  const original = fs[name]
  fs[name] = (...given) => {
    const result = original(...given)
    const last = String(name === 'renameSync' ? given[1] : given[0])
    if (fs.existsSync(asked) && last.endsWith(fs.readFileSync(asked, 'utf8'))) {
      // Whoever else comes to that point goes on.
      fs.rmSync(asked)
      fs.writeFileSync(path.join(HOME, 'halted'), '')
      const still = new Int32Array(new SharedArrayBuffer(4))
      while (!fs.existsSync(goOn)) Atomics.wait(still, 0, 0, 10)
      fs.rmSync(goOn)
    }
    return result
  }
}
