/** `kt mirror-maker`: MirrorMaker 1, which Kafka 4.0 dropped. Says what took its place and shows how to copy topics now. */
import { KtError } from '../base/errors.ts'
import { shellWord } from '../base/shell-word.ts'
import type { Command } from '../cli/command.ts'
import { optionalText, text } from '../cli/options.ts'
import { parseOptions } from '../cli/parse-options.ts'

const OPTIONS = {
  'consumer.config': text('file', 'How to connect to the cluster that is read.'),
  'producer.config': text('file', 'How to connect to the cluster that is written.'),
  include: text('regex', 'Topics to copy.'),
  whitelist: text('regex', 'Old name of --include.', { deprecated: true }),
  'num.streams': text('count', 'Consumers at once.'),
  'new.consumer': optionalText('', 'As in older notes; there is no other consumer.', { deprecated: true }),
  'abort.on.send.failure': text('true|false', 'End when a record cannot be written.'),
  'offset.commit.interval.ms': text('ms', 'How often offsets are committed.'),
}

export const mirrorMaker: Command = {
  name: 'mirror-maker',
  script: 'kafka-mirror-maker.sh',
  grammar: async () => ({
    summary: 'Says what took the place of MirrorMaker 1, and how to copy topics',
    options: OPTIONS,
    examples: [],
  }),
  run: async (args, { programName }) => {
    throw new KtError('usage', `${programName}: MirrorMaker 1 was removed in Kafka 4.0`, {
      facts: [
        'its successor, MirrorMaker 2, runs on Kafka Connect: `kt connect-mirror-maker` runs that of Apache Kafka in KAFKA_HOME',
        'records are copied as they are, headers, timestamps and tombstones included, by a pipe:',
      ],
      next: pipeOf(args),
    })
  },
}

/** The same copy as a pipe of two commands, with the files that were given. */
function pipeOf(args: readonly string[]): string {
  const given = valuesOf(args)
  const include = given.include ?? given.whitelist ?? 'orders'
  const topics = /^[\w.-]+$/.test(include) ? `--topic ${include}` : `--include ${shellWord(include)}`
  const [from, to] = [given['consumer.config'] ?? 'source.properties', given['producer.config'] ?? 'target.properties']
  const topic = /^[\w.-]+$/.test(include) ? include : 'TOPIC'
  return (
    `kt console-consumer --command-config ${shellWord(from)} ${topics} --from-beginning --format json | ` +
    `kt console-producer --command-config ${shellWord(to)} --topic ${topic} --format json`
  )
}

function valuesOf(args: readonly string[]): Partial<Record<keyof typeof OPTIONS, string>> {
  try {
    const { given } = parseOptions(args, OPTIONS)
    return Object.fromEntries([...given].map(([name, values]) => [name, values[0] ?? '']))
  } catch {
    // What cannot be read would not run either way.
    return {}
  }
}
