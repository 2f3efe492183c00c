import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'

/** A model provider (OpenAI's shape, streaming) and a Telegram Bot API in one, on loopback: real messages flow through a real gateway. */
export interface FakeProvider {
  readonly url: string
  /** Sends a direct message to the bot; `atMs` is when Telegram says that it was written, else now. */
  message(from: number, text: string, atMs?: number): void
  /** Sends a message to one bot alone, or in a group, where it names the bot. @returns the number it is polled by. */
  deliver(message: FakeMessage): number
  /** What the bots sent, oldest first. `bot`: the number before the colon of its token. */
  readonly sent: readonly { bot: number; chat: string; text: string }[]
  /** Has this bot polled at all, and past every message that was sent to it? */
  hasTaken(bot: number): boolean
  /** How often this bot polled. */
  polls(bot: number): number
  /** Names of the tools that came with each question to the model. */
  readonly offered: readonly (readonly string[])[]
  /** The command that the model runs once a message with the shell tool before it answers; empty: none. */
  command: string
  /** Whether the model answers, refuses the key, or takes the question and never says a word. */
  model: 'answers' | 'refuses' | 'hangs'
  /** How often the model was asked. */
  readonly asked: number
  stop(): Promise<void>
}

interface FakeMessage {
  readonly from: number
  readonly text: string
  /** None: whoever polls first. */
  readonly bot?: number
  readonly group?: number
  readonly atMs?: number
}

interface Update {
  readonly update_id: number
  readonly message: unknown
}

/** The bot that {@link fakeSettings} sets up. */
export const usualBot = 123456789
export const tokenOf = (bot: number): string => `${bot}:AAFakeTokenForTestsOnly_0123456789abcdef`
const nameOf = (bot: number): string => (bot === usualBot ? 'test_bot' : `test_${bot}_bot`)

export async function startFakeProvider(): Promise<FakeProvider> {
  const updates: (Update & { bot: number | undefined })[] = []
  const waiting = new Set<() => void>()
  const sent: { bot: number; chat: string; text: string }[] = []
  const offered: string[][] = []
  /** How often each bot polled, and from which update on. */
  const polled = new Map<number, { times: number; from: number }>()
  let nextId = 1000
  let model: FakeProvider['model'] = 'answers'
  let command = ''
  /** Messages whose command was not run yet. */
  let commandsDue = 0
  let asked = 0

  const json = (response: ServerResponse, value: unknown, status = 200) => {
    response.writeHead(status, { 'content-type': 'application/json' })
    response.end(JSON.stringify(value))
  }
  const due = (id: number, offset: number): Update[] =>
    updates
      .filter(({ bot, update_id }) => update_id >= offset && (bot === undefined || bot === id))
      .map(({ update_id, message }) => ({ update_id, message }))
  const poll = (id: number, response: ServerResponse, offset: number, timeoutMs: number) => {
    polled.set(id, { times: (polled.get(id)?.times ?? 0) + 1, from: offset })
    const answer = () => {
      const result = due(id, offset)
      if (result.length === 0 && !isOver) return
      waiting.delete(answer)
      clearTimeout(timer)
      json(response, { ok: true, result })
    }
    let isOver = false
    const timer = setTimeout(() => {
      isOver = true
      answer()
    }, timeoutMs)
    response.once('close', () => {
      waiting.delete(answer)
      clearTimeout(timer)
    })
    waiting.add(answer)
    answer()
  }
  const telegram = (id: number, method: string, data: Record<string, unknown>, response: ServerResponse) => {
    const bot = { id, is_bot: true, first_name: 'Bot', username: nameOf(id) }
    if (method === 'getUpdates')
      return poll(id, response, Number(data.offset ?? 0), Math.min(Number(data.timeout ?? 0), 20) * 1000)
    if (method === 'getMe')
      return json(response, {
        ok: true,
        result: { ...bot, can_join_groups: true, can_read_all_group_messages: false, supports_inline_queries: false },
      })
    if (method === 'getWebhookInfo')
      return json(response, { ok: true, result: { url: '', has_custom_certificate: false, pending_update_count: 0 } })
    if (method === 'sendMessage' || method === 'editMessageText') {
      sent.push({ bot: id, chat: String(data.chat_id), text: String(data.text) })
      const chat = { id: Number(data.chat_id), type: Number(data.chat_id) < 0 ? 'supergroup' : 'private' }
      return json(response, {
        ok: true,
        result: { message_id: nextId++, date: Math.floor(Date.now() / 1000), chat, from: bot, text: String(data.text) },
      })
    }
    return json(response, { ok: true, result: true })
  }
  const complete = (data: Record<string, unknown>, response: ServerResponse) => {
    asked += 1
    offered.push(toolsIn(data))
    if (model === 'hangs') return
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
    const call = commandsDue > 0 ? toolCall(data, command) : null
    if (call) commandsDue -= 1
    response.writeHead(200, { 'content-type': 'text/event-stream', connection: 'close' })
    const chunk = (choices: unknown[], more = {}) =>
      response.write(`data: ${JSON.stringify({ ...base, object: 'chat.completion.chunk', choices, ...more })}\n\n`)
    const delta = call ? { role: 'assistant', content: null, tool_calls: [call] } : { role: 'assistant', content: text }
    chunk([{ index: 0, delta, finish_reason: null }])
    chunk([{ index: 0, delta: {}, finish_reason: call ? 'tool_calls' : 'stop' }])
    chunk([], { usage })
    response.end('data: [DONE]\n\n')
  }
  const deliver = (message: FakeMessage): number => {
    const update = { update_id: nextId++, message: telegramMessage(message, nextId++), bot: message.bot }
    updates.push(update)
    if (command !== '') commandsDue += 1
    for (const answer of [...waiting]) answer()
    return update.update_id
  }
  const server = createServer((request, response) => {
    void readBody(request).then((data) => {
      const [, bot, method] = /^\/bot(\d+)[^/]*\/(\w+)/.exec(request.url ?? '') ?? []
      if (method !== undefined) telegram(Number(bot), method, data, response)
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
    get command() {
      return command
    },
    set command(next) {
      command = next
    },
    get asked() {
      return asked
    },
    offered,
    hasTaken(bot) {
      const from = polled.get(bot)?.from
      return from !== undefined && due(bot, from).length === 0
    },
    polls: (bot) => polled.get(bot)?.times ?? 0,
    message: (from, text, atMs) => void deliver({ from, text, ...(atMs === undefined ? {} : { atMs }) }),
    deliver,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** As Telegram tells of it. In a group the bot is named, or it would not be meant. */
function telegramMessage({ from, text, bot, group, atMs = Date.now() }: FakeMessage, id: number): unknown {
  const sender = { id: from, is_bot: false, first_name: 'Ann', username: `u${from}` }
  const base = { message_id: id, date: Math.floor(atMs / 1000), from: sender }
  if (group === undefined) return { ...base, chat: { id: from, type: 'private', first_name: 'Ann' }, text }
  const name = `@${nameOf(bot ?? usualBot)}`
  return {
    ...base,
    chat: { id: group, type: 'supergroup', title: 'A group' },
    text: `${name} ${text}`,
    entities: [{ type: 'mention', offset: 0, length: name.length }],
  }
}

function toolsIn({ tools }: Record<string, unknown>): string[] {
  const all = Array.isArray(tools) ? (tools as { function?: { name?: unknown } }[]) : []
  return all.map((tool) => String(tool.function?.name))
}

/** A call of the shell tool, unless the newest message is already its result, or none is asked for. */
function toolCall(data: Record<string, unknown>, command: string): Record<string, unknown> | null {
  const newest = Array.isArray(data.messages) ? (data.messages.at(-1) as { role?: unknown } | undefined) : undefined
  if (command === '' || newest?.role !== 'user') return null
  const input = JSON.stringify({ command })
  return { index: 0, id: `call_${Date.now()}`, type: 'function', function: { name: 'exec', arguments: input } }
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
      botToken: tokenOf(usualBot),
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
