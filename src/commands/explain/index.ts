/** `kt explain`: what a command line, an option, a setting, an error, a file or a word of Kafka's output means. */
import { KtError } from '../../base/errors.ts'
import type { Command, CommandTable } from '../../cli/command.ts'
import type { CommandContext } from '../../cli/context.ts'
import { exitCodeFor, OK } from '../../cli/exit-codes.ts'
import { formatDocument, STRUCTURED_FORMATS } from '../../cli/format.ts'
import { type Example, helpText } from '../../cli/help.ts'
import { addedByKt, text } from '../../cli/options.ts'
import { readStdin } from '../read-stdin.ts'
import { answerText, liveText } from './answer-text.ts'
import { readAsked } from './asked.ts'
import { ClusterFinder } from './live.ts'
import type { Question } from './meaning.ts'
import { type Answer, recognise } from './recognise.ts'

const SUMMARY = 'Explains command lines old and new, options, settings, errors, files and the words of outputs'
const WORDS = 'LINE|WORD...'
const OPTIONS = addedByKt({
  format: text('json|yaml', 'Print a documented structure instead of text.', { choices: STRUCTURED_FORMATS }),
  topic: text('topic', 'Of a setting: its value on this topic.'),
  broker: text('id', 'Of a setting: its value on this broker.'),
  group: text('group', 'Of a setting: its value on this group.'),
  'bootstrap-server': text(
    'host:port',
    'The cluster whose live values are shown; else one that runs already, or none.',
  ),
  'command-config': text('file', 'Java properties file with client settings.'),
  profile: text('name', 'A connection saved by kt profile add.'),
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
  { command: 'kt explain min.insync.replicas', does: 'a setting, with its live value where a cluster runs' },
  { command: 'kt explain retention.ms --topic orders', does: 'what holds for one topic, and what it comes from' },
  { command: 'kt explain --from-beginning', does: 'an option, in every command that has it' },
  { command: 'kt explain NOT_LEADER_OR_FOLLOWER', does: 'an error: by name, by number, by the Java class' },
  { command: 'kt explain "high watermark"', does: 'a word of an output: ISR, LAG, ELR, CURRENT-OFFSET' },
  { command: 'kt explain .timeindex', does: 'a file of a data directory; of a path also what is in it' },
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
  const asked = readAsked(args, commands)
  if (asked.text === null && context.stdin.isTerminal) return showHelp(context, 'stderr')
  const line = asked.text ?? (await readStdin(context.stdin, MAX_LINE_BYTES))
  const finder = new ClusterFinder(asked.target, context)
  try {
    const { scope, connect } = asked
    const question: Question = { text: line, commands, scope, connect, env: context.env, live: () => finder.find() }
    const isText = asked.format === undefined
    const coming = recognise(question)
    const isShown = isText && (await isSlow(coming)) && (await showOffline(question, context))
    const answer = await coming
    if (!isKnown(answer)) throw nothingOfKafkas(answer)
    if (isText) {
      const text = isShown ? liveText : answerText
      context.stdout.write(text(answer, finder.why, context.stdout.columns, await context.colours()))
    } else {
      context.stdout.write(formatDocument(asked.format!, 'Explanation', fieldsOf(answer)))
    }
    return OK
  } finally {
    await finder.close()
  }
}

const isKnown = ({ meanings, commands }: Answer): boolean =>
  meanings.length > 0 || commands.some(({ command }) => command !== null)

/** A cluster that answers does so within this time; what is known without one is not kept back any longer. */
const PATIENCE_MS = 250

async function isSlow(coming: Promise<Answer>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const patience = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(true), PATIENCE_MS)
  })
  // A failure is told by who awaits the answer itself.
  const answered = coming.then(
    () => false,
    () => false,
  )
  const isLate = await Promise.race([answered, patience])
  clearTimeout(timer)
  return isLate
}

/** What is known without the cluster; false, and nothing was shown, where it alone can say what the words are. */
async function showOffline(question: Question, context: CommandContext): Promise<boolean> {
  const answer = await recognise({ ...question, live: async () => null })
  if (!isKnown(answer)) return false
  const colours = await context.colours()
  context.stdout.write(answerText(answer, null, context.stdout.columns, colours))
  context.stdout.write(`\n${colours.dim('The cluster is asked for live values ...')}\n`)
  return true
}

async function showHelp(context: CommandContext, stream: 'stdout' | 'stderr'): Promise<number> {
  const help = await helpText({ summary: SUMMARY, options: OPTIONS, words: WORDS, examples: EXAMPLES }, context)
  context[stream].write(help)
  return stream === 'stdout' ? OK : exitCodeFor('usage', false)
}

function nothingOfKafkas({ commands, near }: Answer): KtError {
  const words = commands.map(({ line }) => line).join(' ')
  if (near.length > 0) {
    const facts = [`did you mean ${near.join(' or ')}?`]
    return new KtError('not-found', `'${words}' is no setting, option, error, file, metric or word of Kafka`, { facts })
  }
  if (/^\S+$/.test(words)) {
    const facts = ['no program, setting, option, error, file, metric or word of an output has this name']
    return new KtError('not-found', `nothing is known of '${words}'`, { facts, next: 'kt explain --help' })
  }
  const facts = commands.map(({ line, meaning }) => `${line}: ${meaning}`)
  return new KtError('usage', "there is none of Kafka's programs in it", { facts, next: 'kt explain --help' })
}

function fieldsOf({ commands, mended, meanings, unknown }: Answer) {
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
    unknown: unknown.map(({ word, near }) => ({ word, near })),
    terms: meanings.map(({ term, kind, of, meaning, details }) => ({ term, kind, of, meaning, details })),
  }
}
