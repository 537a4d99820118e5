/**
 * `kt run-class CLASS ...`, Kafka's `kafka-run-class.sh`: there is no JVM to run a class in; says which command does what
 * the class did, and runs that.
 */
import { KtError } from '../base/errors.ts'
import type { Command, CommandTable } from '../cli/command.ts'
import type { CommandContext } from '../cli/context.ts'
import { OK } from '../cli/exit-codes.ts'
import { type Example, helpText } from '../cli/help.ts'
import { JAVA_CLASSES, wordsOfClass } from '../cli/java-classes.ts'
import { nearest } from '../cli/nearest.ts'

const SUMMARY = 'Runs the command that does what a Java class of Kafka did'
const WORDS = 'CLASS [...]'
const EXAMPLES: readonly Example[] = [
  {
    command: 'kafka-run-class.sh kafka.tools.GetOffsetShell --broker-list localhost:9092 --topic orders --time -1',
    does: 'kt get-offsets, with the same options',
  },
  {
    command: 'kt run-class org.apache.kafka.tools.TopicCommand --list',
    does: 'kt topics --list',
  },
]

/** The command; `commands` are those that classes stand for. */
export function runClassCommand(commands: CommandTable): Command {
  return {
    name: 'run-class',
    script: 'kafka-run-class.sh',
    grammar: async () => ({ summary: SUMMARY, options: {}, words: WORDS, examples: EXAMPLES }),
    run: (args, context) => runClass(args, commands, context),
  }
}

async function runClass(args: readonly string[], commands: CommandTable, context: CommandContext): Promise<number> {
  const { className, rest } = withoutLauncherOptions(args)
  if (className === undefined || className === '--help') {
    const subject = { summary: SUMMARY, script: 'kafka-run-class.sh', options: {}, words: WORDS, examples: EXAMPLES }
    context[className === undefined ? 'stderr' : 'stdout'].write(await helpText(subject, context))
    return className === undefined ? 1 : OK
  }
  const name = JAVA_CLASSES[className]
  const entry = name === undefined ? undefined : commands[name]
  if (name === undefined || entry === undefined) throw unknownClass(className)
  context.stderr.write(`${context.programName}: ${className} is \`kt ${name}\`\n`)
  return (await entry.load()).run(wordsOfClass(className, rest), context)
}

/** What the script takes for itself, in front of the class: `-daemon`, `-name X`, `-loggc` and the JVM's own flags. */
function withoutLauncherOptions(args: readonly string[]): { className: string | undefined; rest: readonly string[] } {
  let at = 0
  while (args[at]?.startsWith('-') && args[at] !== '--help') at += args[at] === '-name' ? 2 : 1
  return { className: args[at], rest: args.slice(at + 1) }
}

function unknownClass(className: string): KtError {
  const known = nearest(className, Object.keys(JAVA_CLASSES))
  return new KtError(
    'not-found',
    `${className}: there is no JVM here to run a class in, and no command does the same`,
    {
      facts: known.map((each) => `${each} is \`kt ${JAVA_CLASSES[each]}\``),
      next: 'kt --help',
    },
  )
}
