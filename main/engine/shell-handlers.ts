import { implement } from '@orpc/server'
import { contract } from '../../shared/contract/index.ts'
import type { HandlerParts } from './handler-parts.ts'

const os = implement(contract)

export function terminalHandlers({ house, guardStream }: HandlerParts) {
  const terminals = () => house().shell.terminals
  return {
    open: os.terminal.open.handler(({ input }) => terminals().open(input)),
    sessions: os.terminal.sessions.handler(() => terminals().sessions()),
    output: os.terminal.output.handler(({ input, signal }) =>
      guardStream(terminals().output(input.terminalId, signal)),
    ),
    ack: os.terminal.ack.handler(({ input }) => {
      terminals().ack(input)
      return {}
    }),
    write: os.terminal.write.handler(({ input }) => {
      terminals().write(input)
      return {}
    }),
    resize: os.terminal.resize.handler(({ input }) => {
      terminals().resize(input)
      return {}
    }),
    close: os.terminal.close.handler(({ input }) => {
      terminals().close(input.terminalId)
      return {}
    }),
  }
}

export function commandHandlers({ house, guardStream }: HandlerParts) {
  const commands = () => house().shell.commands
  const snippets = () => house().shell.snippets
  return {
    preview: os.commands.preview.handler(({ input }) => commands().preview(input)),
    start: os.commands.start.handler(({ input }) => commands().start(input)),
    get: os.commands.get.handler(({ input }) => commands().get(input.commandId)),
    watch: os.commands.watch.handler(({ input, signal }) => guardStream(commands().watch(input.commandId, signal))),
    groups: os.commands.groups.handler(({ input }) => commands().groups(input.commandId)),
    output: os.commands.output.handler(({ input }) => commands().output(input)),
    retry: os.commands.retry.handler(({ input }) => commands().retry(input.commandId)),
    cancel: os.commands.cancel.handler(({ input }) => {
      commands().cancel(input.commandId)
      return {}
    }),
    recent: os.commands.recent.handler(({ input }) => commands().recent(input.limit)),
    snippets: os.commands.snippets.handler(() => snippets().snippets()),
    saveSnippet: os.commands.saveSnippet.handler(({ input }) => snippets().saveSnippet(input)),
    removeSnippet: os.commands.removeSnippet.handler(({ input }) => snippets().removeSnippet(input)),
  }
}
