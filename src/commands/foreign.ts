/**
 * Scripts of Kafka that have no twin here: each says in one line where it stands, and fails. Those of Kafka Connect run on
 * Java alone: where KAFKA_HOME names an Apache Kafka, its own script is run.
 */
import { KtError } from '../base/errors.ts'
import type { Command } from '../cli/command.ts'
import { findKafkaHome } from '../cli/kafka-home.ts'

/** What is told of a script, and what to do instead. */
export interface Standing {
  readonly script: string
  readonly why: string
  readonly next?: string
  /** Apache Kafka's own is run where there is one. */
  readonly isRunByKafka?: true
}

const CONNECT = 'Kafka Connect and its connectors run on a JVM'

/** By the command's name. */
export const FOREIGN: Readonly<Record<string, Standing>> = {
  'connect-standalone': { script: 'connect-standalone.sh', why: CONNECT, isRunByKafka: true },
  'connect-distributed': { script: 'connect-distributed.sh', why: CONNECT, isRunByKafka: true },
  'connect-plugin-path': {
    script: 'connect-plugin-path.sh',
    why: 'it inspects jars of Kafka Connect plugins; there are none without the JVM',
    isRunByKafka: true,
  },
  'connect-mirror-maker': {
    script: 'connect-mirror-maker.sh',
    why: 'MirrorMaker 2 is a part of Kafka Connect, which runs on a JVM',
    isRunByKafka: true,
  },
  jmx: {
    script: 'kafka-jmx.sh',
    why: 'JMX is an interface of the JVM; the nodes of kt have none, and those of Apache Kafka are read by its own script',
    next: 'kt describe --watch   (leaders, ISR, lag, sizes, live)',
  },
  trogdor: {
    script: 'trogdor.sh',
    why: 'Trogdor tests Kafka itself with agents written in Java; it is a tool of its developers',
    next: 'kt cluster kill 2   (faults of the local cluster: kill, pause, isolate)',
  },
}

/** The command of that name. */
export function foreignCommand(name: keyof typeof FOREIGN & string): Command {
  const { script, why, next, isRunByKafka } = FOREIGN[name]!
  return {
    name,
    script,
    grammar: async () => ({ summary: why, options: {}, words: '[...]', examples: [] }),
    run: async (args, context) => {
      const { programName, env } = context
      const own = isRunByKafka === true ? (findKafkaHome(env)?.script(script) ?? null) : null
      if (own !== null) return (await import('./kafka-script.ts')).runKafkaScript(own, args, context)
      throw new KtError('usage', `${programName}: ${why}`, {
        ...(isRunByKafka === true ? { facts: [kafkaHomeFact(env.KAFKA_HOME, script)] } : {}),
        ...(next === undefined ? {} : { next }),
      })
    },
  }
}

function kafkaHomeFact(home: string | undefined, script: string): string {
  if (home === undefined || home === '')
    return `with KAFKA_HOME=/path/to/kafka in the environment, bin/${script} of that Apache Kafka is run`
  return `KAFKA_HOME is ${home}, and no Apache Kafka with bin/${script} and libs/ is there`
}
