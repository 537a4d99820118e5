/** Steps from a terminal or a pipe, one after the other, and what is to be seen after each. */
import * as readline from 'node:readline'
import { KtError } from '../../base/errors.ts'
import type { CommandContext } from '../../cli/context.ts'
import { reportError, toKtError } from '../../cli/errors.ts'
import { exitCodeFor, OK } from '../../cli/exit-codes.ts'
import { formatNamed, type StructuredFormat } from '../../cli/format.ts'
import { type ConnectionFlags, targetOfFlags } from '../../cli/own-command.ts'
import { PASSWORD_AS_IS, sendsPasswordAsIs } from '../../cli/plain-password.ts'
import { ClusterClient } from '../../client/cluster-client.ts'
import { requireServed } from '../../client/coordinators.ts'
import { endTxn } from '../../protocol/messages/26-end-txn.ts'
import { stepDocument } from './document.ts'
import { parseStep, type Step, VERBS } from './parse-step.ts'
import { refusalOf } from './refusal.ts'
import { type StepResult, stepText } from './render.ts'
import { PLAIN, Stage } from './stage.ts'

export interface TransactFlags extends ConnectionFlags {
  readonly topic?: readonly string[]
  readonly last: string
  readonly timeout: string
  readonly format?: string
}

/** Width of what goes into a pipe. */
const PIPE_COLUMNS = 110

const HELP = `${Object.values(VERBS)
  .map((text) => `  ${text}\n`)
  .join(
    '',
  )}  ${PLAIN}> write ...           without a transaction\nEach producer has the transactional id kt-transact-NAME unless ` as ` gives it another; two may share one.\n`

/** Runs until `exit` or the end of the input. Exit code: that of the last refused step, as scripts want it. */
export async function runTransact(flags: TransactFlags, context: CommandContext): Promise<number> {
  const format = formatNamed(flags.format)
  const options = { last: whole(flags.last, '--last'), transactionTimeoutMs: whole(flags.timeout, '--timeout') }
  const connection = await context.connection(targetOfFlags(flags))
  if (sendsPasswordAsIs(connection)) context.stderr.write(PASSWORD_AS_IS)
  const client = new ClusterClient(connection)
  try {
    await requireServed(client, endTxn)
    const stage = new Stage(client, options)
    for (const topic of flags.topic ?? []) await stage.watch(topic)
    return await new Session(stage, format, context).run()
  } finally {
    client.close()
  }
}

function whole(text: string, option: string): number {
  if (/^\d{1,9}$/.test(text) && Number(text) > 0) return Number(text)
  throw new KtError('usage', `${option} is not a whole number above 0: ${text}`)
}

class Session {
  readonly #stage: Stage
  readonly #format: StructuredFormat | undefined
  readonly #context: CommandContext
  #exitCode = OK
  #steps = 0
  #leaving = false

  constructor(stage: Stage, format: StructuredFormat | undefined, context: CommandContext) {
    this.#stage = stage
    this.#format = format
    this.#context = context
  }

  async run(): Promise<number> {
    const { context } = { context: this.#context }
    try {
      for await (const line of this.#lines()) {
        await this.#step(line).catch((error: unknown) => this.#failed(error))
        await context.stdout.drain()
        if (this.#leaving || context.signal.aborted) break
      }
    } finally {
      const aborted = await this.#stage.close()
      if (aborted.length > 0) context.stderr.write(`Still open, and aborted now: ${aborted.join(', ')}\n`)
    }
    return this.#exitCode
  }

  /** At a terminal with a prompt that names who acts. */
  async *#lines(): AsyncGenerator<string> {
    const { interactive, stdin, signal } = this.#context
    if (!interactive) {
      const reader = readline.createInterface({ input: stdin, terminal: false })
      const close = (): void => reader.close()
      signal.addEventListener('abort', close, { once: true })
      try {
        yield* reader
      } finally {
        signal.removeEventListener('abort', close)
        reader.close()
      }
      return
    }
    const { LineEditor } = await import('../../cli/shell/line-editor.ts')
    const editor = new LineEditor(this.#context, async (line) => completeVerb(line), [])
    const close = (): void => editor.close()
    signal.addEventListener('abort', close, { once: true })
    this.#context.stdout.write('begin, write TOPIC KEY:VALUE, commit or abort; help tells the rest, Ctrl-D leaves.\n')
    try {
      for (;;) {
        const prompt = `${this.#stage.current}> `
        const line = await editor.next(prompt, () => prompt)
        if (line === null) return
        yield line
      }
    } finally {
      signal.removeEventListener('abort', close)
      editor.close()
    }
  }

  async #step(line: string): Promise<void> {
    const { stdout, stderr } = this.#context
    let step: Step | null
    try {
      step = parseStep(line)
    } catch (error) {
      return this.#failed(error)
    }
    if (step === null) return
    const { action } = step
    if (action.verb === 'help') stderr.write(HELP)
    else if (action.verb === 'exit') this.#leaving = true
    else {
      const producer = step.producer ?? this.#stage.current
      const result = await this.#act(producer, step)
      this.#steps += 1
      const head = { step: this.#steps, line: line.trim(), producer, action: action.verb }
      stdout.write(
        this.#format === undefined
          ? await this.#text(step.producer === null ? `${producer}> ${head.line}` : head.line, result)
          : stepDocument(head, result, this.#format),
      )
    }
  }

  /** A line that cannot be read, a cluster that is not there for a while: the session goes on. */
  #failed(error: unknown): void {
    const failure = toKtError(error)
    reportError(failure, this.#context)
    this.#exitCode = exitCodeFor(failure.kind, false)
  }

  async #act(producer: string, { action }: Step): Promise<StepResult> {
    let delivered: StepResult['delivered'] = []
    let failure: unknown = null
    try {
      delivered = await this.#stage.act(producer, action)
    } catch (error) {
      failure = error
    }
    const view = await this.#stage.look()
    if (failure === null) return { delivered, refusal: null, view }
    const kind = toKtError(failure).kind
    this.#exitCode = exitCodeFor(kind, false)
    const actor = view.actors.find(({ name }) => name === producer)
    return { delivered, refusal: refusalOf(failure, actor, view), view }
  }

  /** A script's output says which step it is about: nobody has typed it above. */
  async #text(line: string, result: StepResult): Promise<string> {
    const { stdout, interactive } = this.#context
    const columns = stdout.isTerminal ? stdout.columns : PIPE_COLUMNS
    const text = stepText(result, columns, await this.#context.colours())
    return interactive ? text : `${line}\n${text}\n`
  }
}

function completeVerb(line: string): [string[], string] {
  const word = /[^>\s]*$/.exec(line)![0]
  const isFirst = /^\s*(?:\w+>\s*)?[^\s>]*$/.test(line)
  const found = isFirst ? Object.keys(VERBS).filter((verb) => verb.startsWith(word)) : []
  return [found.length === 1 ? [`${found[0]} `] : found, word]
}
