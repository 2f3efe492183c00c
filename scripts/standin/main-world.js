// Read as text and run in the page's own world before its scripts: the receiving end of contextBridge, data only.
document.addEventListener('__expose', (event) => {
  const freeze = (value) => {
    if (value === null || typeof value !== 'object') return value
    for (const part of Object.values(value)) freeze(part)
    return Object.freeze(value)
  }
  const [key, api] = JSON.parse(event.detail)
  Object.defineProperty(window, key, { value: freeze(api), writable: false, configurable: false })
})
