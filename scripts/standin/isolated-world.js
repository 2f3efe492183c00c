// Read as text and run in the page's isolated world before the preload: the `electron` module a sandboxed preload sees.
// Frames to the page come by `__in`, frames from it leave by the binding `__host`, both in batches of JSON.
;(() => {
  const ports = new Map()
  const listeners = new Map()
  let queue = []
  let armed = false
  let made = 0
  const encode = (data) =>
    typeof data === 'string' ? [0, data] : data instanceof Uint8Array ? [2, data.toBase64()] : [1, data]
  const decode = (kind, data) => (kind === 2 ? Uint8Array.fromBase64(data) : data)
  const wake = new MessageChannel()
  wake.port1.onmessage = () => {
    armed = false
    const batch = queue
    queue = []
    __host(JSON.stringify(batch))
  }
  const send = (frame) => {
    queue.push(frame)
    if (armed) return
    armed = true
    wake.port2.postMessage(0)
  }
  const keep = (id, port) => {
    ports.set(id, port)
    port.onmessage = (event) => send(['m', id, ...encode(event.data)])
  }
  const adopt = (id) => {
    const channel = new MessageChannel()
    keep(id, channel.port1)
    return channel.port2
  }
  globalThis.__in = (json) => {
    for (const [kind, id, ...rest] of JSON.parse(json)) {
      if (kind === 'm') ports.get(id)?.postMessage(decode(rest[0], rest[1]))
      else if (kind === 'c') {
        ports.get(id)?.close()
        ports.delete(id)
      } else if (kind === 'i') {
        const event = { ports: rest[1].map(adopt) }
        for (const listener of listeners.get(id) ?? []) listener(event, ...rest[0])
      }
    }
  }
  const ipcRenderer = {
    send: (channel, ...args) => send(['s', channel, args]),
    postMessage(channel, message, transfer = []) {
      const ids = transfer.map((port) => {
        const id = `r${++made}`
        keep(id, port)
        return id
      })
      send(['p', channel, message, ids])
    },
    on: (channel, listener) => {
      listeners.set(channel, [...(listeners.get(channel) ?? []), listener])
    },
  }
  const contextBridge = {
    exposeInMainWorld(key, api) {
      document.dispatchEvent(new CustomEvent('__expose', { detail: JSON.stringify([key, structuredClone(api)]) }))
    },
  }
  globalThis.require = (name) => {
    if (name !== 'electron') throw new Error(`module not found (sandboxed preload): ${name}`)
    return { ipcRenderer, contextBridge }
  }
  globalThis.module = { exports: {} }
  globalThis.exports = globalThis.module.exports
})()
