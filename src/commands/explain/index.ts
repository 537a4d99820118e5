/** `kt explain "LINE"`: what a Kafka command line of any generation means, part by part, and how it is written today. */
import { KtError } from '../../base/errors.ts'
import type { Command, CommandTable } from '../../cli/command.ts'
import type { CommandContext } from '../../cli/context.ts'
import { exitCodeFor, OK } from '../../cli/exit-codes.ts'
import { formatDocument, formatNamed, STRUCTURED_FORMATS, type StructuredFormat } from '../../cli/format.ts'
import { type Example, helpText } from '../../cli/help.ts'
import { addedByKt, text } from '../../cli/options.ts'
import { readStdin } from '../read-stdin.ts'
import { type Explanation, explain } from './explanation.ts'
import { explanationText } from './render.ts'
import { typed } from './shell-words.ts'

const SUMMARY = 'Explains a Kafka command line, old or new, part by part, and gives the modern form; nothing is run'
const WORDS = 'LINE'
const OPTIONS = addedByKt({
  format: text('json|yaml', 'Print a documented structure instead of text.', { choices: STRUCTURED_FORMATS }),
})
const EXAMPLES: readonly Example[] = [
  {
    command: 'kt explain "bin/kafka-topics.sh --create --zookeeper localhost:2181 --replication-factor 1 --topic t"',
    does: 'each part, what to watch out for, and how it is written today',
  },
  {
    command: 'kt explain kafka-console-consumer.sh --bootstrap-server localhost:9092 --topic t --group g',
    does: 'the same without quotes',
  },
  { command: 'kt explain retention.ms', does: 'a setting; errors, metrics and files of log directories as well' },
  {
    command:
      "echo 'kafka-run-class.sh kafka.tools.GetOffsetShell --broker-list b:9092 --topic t --time -1' | kt explain",
    does: 'lines from standard input',
  },
]
/** More than a page of notes. */
const MAX_LINE_BYTES = 100_000

/** The command; `commands` are those whose lines it can explain. */
export function explainCommand(commands: CommandTable): Command {
  return {
    name: 'explain',
    grammar: async () => ({ summary: SUMMARY, options: OPTIONS, words: WORDS, examples: EXAMPLES }),
    run: (args, context) => runExplain(args, commands, context),
  }
}

async function runExplain(args: readonly string[], commands: CommandTable, context: CommandContext): Promise<number> {
  if (args.length === 1 && (args[0] === '--help' || args[0] === '-h')) return showHelp(context, 'stdout')
  const { format, words } = withFormat(args)
  if (words.length === 0 && context.stdin.isTerminal) return showHelp(context, 'stderr')
  const line = await lineOf(words, context)
  const explanation = await explain(line, commands)
  const isNothing = explanation.terms.length === 0 && explanation.commands.every(({ command }) => command === null)
  if (isNothing) throw nothingOfKafkas(explanation)
  if (format === undefined) {
    context.stdout.write(explanationText(explanation, context.stdout.columns, await context.colours()))
  } else {
    context.stdout.write(formatDocument(format, 'Explanation', fieldsOf(explanation)))
  }
  return OK
}

async function showHelp(context: CommandContext, stream: 'stdout' | 'stderr'): Promise<number> {
  const help = await helpText({ summary: SUMMARY, options: OPTIONS, words: WORDS, examples: EXAMPLES }, context)
  context[stream].write(help)
  return stream === 'stdout' ? OK : exitCodeFor('usage', false)
}

/** Ours stands before the line: whatever follows is to be explained. */
function withFormat(args: readonly string[]): { format: StructuredFormat | undefined; words: readonly string[] } {
  const given = args[0] === '--format' ? args[1] : /^--format=(.*)$/.exec(args[0] ?? '')?.[1]
  if (given === undefined) return { format: undefined, words: args }
  return { format: formatNamed(given), words: args.slice(args[0] === '--format' ? 2 : 1) }
}

/** One word is a whole line; several are one line that the shell has taken apart; none, and it is read. */
async function lineOf(words: readonly string[], { stdin }: CommandContext): Promise<string> {
  if (words.length === 1) return words[0]!
  if (words.length > 1) return typed(words)
  return readStdin(stdin, MAX_LINE_BYTES)
}

function nothingOfKafkas({ commands, near }: Explanation): KtError {
  if (near.length > 0) {
    const words = commands.map(({ line }) => line).join(' ')
    const facts = [`did you mean ${near.join(' or ')}?`]
    return new KtError('not-found', `'${words}' is no setting, error, file or metric of Kafka`, { facts })
  }
  const facts = commands.map(({ line, meaning }) => `${line}: ${meaning}`)
  return new KtError('usage', "there is none of Kafka's programs in it", { facts, next: 'kt explain --help' })
}

function fieldsOf({ commands, mended, terms }: Explanation) {
  return {
    commands: commands.map((each) => ({
      ...{ line: each.line, command: each.command, meaning: each.meaning },
      variables: [...each.variables],
      parts: each.parts.map(({ words, option, values, meaning, status, modern, settings = [] }) => ({
        ...{ words, option: option ?? null, values, meaning, status, modern },
        settings: settings.map((setting) => ({ ...setting })),
      })),
      shell: [...each.shell],
      pitfalls: each.pitfalls,
      modern: each.modern,
    })),
    mended,
    terms: terms.map((term) => ({ ...term })),
  }
}
