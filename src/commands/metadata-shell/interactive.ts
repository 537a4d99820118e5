/** The shell that takes one line after the other: on a terminal with editing, completion and history, else line by line. */
import * as readline from 'node:readline'
import type { CommandContext, Output } from '../../cli/context.ts'
import { OK } from '../../cli/exit-codes.ts'
import { OutputStream } from '../../cli/output-stream.ts'
import { LineHistory } from './line-history.ts'
import { type Completion, completePath, type ShellPlace } from './paths.ts'
import { runShellCommand, type ShellSession } from './run-verb.ts'
import { isVerb, VERB_NAMES, VERBS, type Verb } from './verbs.ts'
import { wordsOf, wordsSoFar } from './words.ts'

const PROMPT = '>> '

/** Runs lines until `exit` or the end of the input; resolves to the exit code. */
export async function runInteractiveShell(place: ShellPlace, context: CommandContext): Promise<number> {
  const { stdout, signal } = context
  const history = new LineHistory()
  const session: ShellSession = {
    place,
    interactive: {
      get screenWidth() {
        return context.interactive ? stdout.columns : null
      },
      history: () => history,
    },
  }
  stdout.write('[ Kafka Metadata Shell ]\n')
  const reader = context.interactive ? terminalReader(place, context) : pipeReader(context)
  const close = (): void => reader.close()
  signal.addEventListener('abort', close, { once: true })
  try {
    return await runLines(reader, session, history, stdout)
  } finally {
    signal.removeEventListener('abort', close)
    reader.close()
  }
}

async function runLines(
  reader: readline.Interface,
  session: ShellSession,
  history: LineHistory,
  stdout: Output,
): Promise<number> {
  const lines = reader[Symbol.asyncIterator]()
  for (;;) {
    reader.prompt()
    const { done, value: line } = await lines.next()
    if (done === true) return OK
    history.add(line)
    const output = runShellCommand(wordsOf(line), session)
    if (output === null) return OK
    for (const text of output) if (!stdout.write(text)) await stdout.drain()
  }
}

/** Lines of a file or pipe; the prompt is printed before each, as the script does. */
function pipeReader({ stdin, stdout }: CommandContext): readline.Interface {
  return readline.createInterface({ input: stdin, output: new OutputStream(stdout), terminal: false, prompt: PROMPT })
}

function terminalReader(place: ShellPlace, { stdin, stdout }: CommandContext): readline.Interface {
  const output = new OutputStream(stdout)
  const reader = readline.createInterface({
    input: stdin,
    output,
    terminal: true,
    prompt: PROMPT,
    completer: (line: string) => completerAnswer(completions(place, line), line),
  })
  // Ctrl-C drops the line, as in every shell.
  reader.on('SIGINT', () => {
    output.write('^C\n')
    reader.write(null, { ctrl: true, name: 'e' })
    reader.write(null, { ctrl: true, name: 'u' })
    reader.prompt()
  })
  reader.on('close', () => output.write('\n'))
  return reader
}

/** What the last word of a line may become: a command, or a path where the command takes one. */
export function completions(place: ShellPlace, line: string): Completion[] {
  const [verb, ...operands] = wordsSoFar(line)
  const names = (beginning: string): Completion[] =>
    VERB_NAMES.filter((name) => name.startsWith(beginning)).map((word) => ({ word, isWhole: true }))
  if (operands.length === 0) return names(verb!)
  if (!isVerb(verb!)) return []
  const { operand }: Verb = VERBS[verb]
  if (operand === undefined || operands.length > operand.most || operand.isNumber === true) return []
  return verb === 'man' ? names(operands[0]!) : completePath(place, operands.at(-1)!)
}

/** As readline wants it: the words, a blank behind the only one that is whole, and what they replace. */
function completerAnswer(found: readonly Completion[], line: string): [string[], string] {
  const typed = wordsSoFar(line).at(-1)!
  const only = found.length === 1 && found[0]!.isWhole ? ' ' : ''
  return [found.map(({ word }) => word + only), typed]
}
