import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'

/** A model provider (OpenAI's shape, streaming) and a Telegram Bot API in one, on loopback: real messages flow through a real gateway. */
export interface FakeProvider {
  readonly url: string
  /** Sends a direct message to the bot. */
  message(from: number, text: string): void
  /** What the bot sent, oldest first. */
  readonly sent: readonly { chat: string; text: string }[]
  /** Whether the model answers, or refuses the key. */
  model: 'answers' | 'refuses'
  stop(): Promise<void>
}

interface Update {
  readonly update_id: number
  readonly message: unknown
}

export async function startFakeProvider(): Promise<FakeProvider> {
  const updates: Update[] = []
  const waiting = new Set<() => void>()
  const sent: { chat: string; text: string }[] = []
  let nextId = 1000
  let model: FakeProvider['model'] = 'answers'

  const json = (response: ServerResponse, value: unknown, status = 200) => {
    response.writeHead(status, { 'content-type': 'application/json' })
    response.end(JSON.stringify(value))
  }
  const poll = (response: ServerResponse, offset: number, timeoutMs: number) => {
    const answer = () => {
      waiting.delete(answer)
      clearTimeout(timer)
      json(response, { ok: true, result: updates.filter((update) => update.update_id >= offset) })
    }
    const timer = setTimeout(answer, timeoutMs)
    if (updates.some((update) => update.update_id >= offset)) return answer()
    waiting.add(answer)
  }
  const telegram = (method: string, data: Record<string, unknown>, response: ServerResponse) => {
    const bot = { id: 7777, is_bot: true, first_name: 'Bot', username: 'test_bot' }
    if (method === 'getUpdates')
      return poll(response, Number(data.offset ?? 0), Math.min(Number(data.timeout ?? 0), 20) * 1000)
    if (method === 'getMe')
      return json(response, {
        ok: true,
        result: { ...bot, can_join_groups: true, can_read_all_group_messages: false, supports_inline_queries: false },
      })
    if (method === 'getWebhookInfo')
      return json(response, { ok: true, result: { url: '', has_custom_certificate: false, pending_update_count: 0 } })
    if (method === 'sendMessage' || method === 'editMessageText') {
      sent.push({ chat: String(data.chat_id), text: String(data.text) })
      const chat = { id: Number(data.chat_id), type: 'private' }
      return json(response, {
        ok: true,
        result: { message_id: nextId++, date: Math.floor(Date.now() / 1000), chat, from: bot, text: String(data.text) },
      })
    }
    return json(response, { ok: true, result: true })
  }
  const complete = (data: Record<string, unknown>, response: ServerResponse) => {
    if (model === 'refuses')
      return json(
        response,
        { error: { message: 'invalid api key', type: 'invalid_request_error', code: 'invalid_api_key' } },
        401,
      )
    const text = 'Pong. This is a test reply.'
    const base = { id: 'c1', created: Math.floor(Date.now() / 1000), model: 'm1' }
    const usage = { prompt_tokens: 12, completion_tokens: 9, total_tokens: 21 }
    if (data.stream !== true)
      return json(response, {
        ...base,
        object: 'chat.completion',
        choices: [{ index: 0, message: { role: 'assistant', content: text }, finish_reason: 'stop' }],
        usage,
      })
    response.writeHead(200, { 'content-type': 'text/event-stream', connection: 'close' })
    const chunk = (choices: unknown[], more = {}) =>
      response.write(`data: ${JSON.stringify({ ...base, object: 'chat.completion.chunk', choices, ...more })}\n\n`)
    chunk([{ index: 0, delta: { role: 'assistant', content: text }, finish_reason: null }])
    chunk([{ index: 0, delta: {}, finish_reason: 'stop' }])
    chunk([], { usage })
    response.end('data: [DONE]\n\n')
  }
  const server = createServer((request, response) => {
    void readBody(request).then((data) => {
      const method = /^\/bot[^/]+\/(\w+)/.exec(request.url ?? '')?.[1]
      if (method !== undefined) telegram(method, data, response)
      else if (request.url?.endsWith('/chat/completions')) complete(data, response)
      else json(response, { object: 'list', data: [{ id: 'm1', object: 'model' }] })
    })
  })
  const port = await new Promise<number>((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      resolve(typeof address === 'object' && address !== null ? address.port : 0)
    })
  })
  return {
    url: `http://127.0.0.1:${port}`,
    sent,
    get model() {
      return model
    },
    set model(next) {
      model = next
    },
    message(from, text) {
      const sender = { id: from, is_bot: false, first_name: 'Ann', username: `u${from}` }
      const chat = { id: from, type: 'private', first_name: 'Ann' }
      updates.push({
        update_id: nextId++,
        message: { message_id: nextId++, date: Math.floor(Date.now() / 1000), chat, from: sender, text },
      })
      for (const answer of [...waiting]) answer()
    },
    stop: () =>
      new Promise((resolve) => {
        for (const answer of [...waiting]) answer()
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function readBody(request: IncomingMessage): Promise<Record<string, unknown>> {
  let text = ''
  for await (const chunk of request) text += String(chunk)
  const query = Object.fromEntries(new URL(request.url ?? '/', 'http://x').searchParams)
  try {
    return { ...query, ...(JSON.parse(text) as Record<string, unknown>) }
  } catch {
    return { ...query, ...Object.fromEntries(new URLSearchParams(text)) }
  }
}

/** Settings of an agent that talks to the fake: a Telegram bot that answers `allowed` and a model. */
export const fakeSettings = (url: string, allowed: readonly string[]): Record<string, unknown> => ({
  channels: {
    telegram: {
      enabled: true,
      botToken: '123456789:AAFakeTokenForTestsOnly_0123456789abcdef',
      apiRoot: url,
      dmPolicy: 'allowlist',
      allowFrom: allowed,
      groupPolicy: 'disabled',
    },
  },
  agents: { defaults: { model: { primary: 'fake/m1' } } },
  models: {
    providers: {
      fake: {
        baseUrl: `${url}/v1`,
        apiKey: 'not-a-real-key-0123456789',
        api: 'openai-completions',
        models: [
          {
            id: 'm1',
            name: 'm1',
            contextWindow: 64_000,
            maxTokens: 4000,
            input: ['text'],
            reasoning: false,
            cost: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 },
          },
        ],
      },
    },
  },
})
