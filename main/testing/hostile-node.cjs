// What a box's `node` may be: started in place of it by a wrapper in that box's PATH, with the fault as first argument.
const fault = process.argv[2]
const programOf = (text) => text.slice(10, 10 + Number(text.slice(0, 10)))

const misbehave = {
  'drop mid-answer': (say) => {
    say('{"id":1,"ok":{"programVersion":1,"mach', () => process.kill(process.ppid, 'SIGKILL'))
  },
  'endless answer': () => {
    const chunk = Buffer.alloc(1_000_000, 'x')
    let left = 200
    const more = () => {
      while (left-- > 0) if (!process.stdout.write(chunk)) return process.stdout.once('drain', more)
    }
    more()
  },
  'broken JSON': (say) => say('{"id":1,"ok":{"programVersion":}}\n'),
  'wrong shape': (say) => say('{"id":1,"ok":{"programVersion":"one","machine":"<b>none</b>"}}\n'),
  crash: () => {
    process.stderr.write('Segmentation fault (core dumped)\n')
    process.exit(139)
  },
}

let text = ''
let program = ''
const say = (line, then = () => {}) => {
  const nonces = new Set(program.match(/[0-9a-f]{24}/g))
  process.stdout.write([...nonces].map((nonce) => `${nonce} ${line}`).join(''), then)
}
process.stdin.setEncoding('latin1')
process.stdin.on('data', (chunk) => {
  text += chunk
  if (program === '') {
    if (text.length < 10 || text.length < 10 + Number(text.slice(0, 10))) return
    program = programOf(text)
    text = text.slice(10 + program.length)
    say('{"ready":true,"node":"v24.0.0"}\n')
  }
  if (!text.includes('\n')) return
  text = ''
  misbehave[fault](say)
})
process.stdin.on('end', () => process.exit(0))
