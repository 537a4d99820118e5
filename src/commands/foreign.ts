/** Scripts of Kafka that have no twin here: each says in one line where it stands, and fails. */
import { KtError } from '../base/errors.ts'
import type { Command } from '../cli/command.ts'

/** What is told of a script, and what to do instead. */
export interface Standing {
  readonly script: string
  readonly why: string
  readonly next?: string
}

const CONNECT = 'Kafka Connect runs connectors written in Java; a worker without the JVM is not there yet'

/** By the command's name. */
export const FOREIGN: Readonly<Record<string, Standing>> = {
  'connect-standalone': { script: 'connect-standalone.sh', why: CONNECT },
  'connect-distributed': { script: 'connect-distributed.sh', why: CONNECT },
  'connect-plugin-path': {
    script: 'connect-plugin-path.sh',
    why: 'it inspects jars of Kafka Connect plugins; there are none without the JVM',
  },
  'connect-mirror-maker': {
    script: 'connect-mirror-maker.sh',
    why: 'MirrorMaker 2 runs on Kafka Connect, which is not there yet',
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
  const { script, why, next } = FOREIGN[name]!
  return {
    name,
    script,
    grammar: async () => ({ summary: why, options: {}, words: '[...]', examples: [] }),
    run: async (_args, { programName }) => {
      throw new KtError('usage', `${programName}: ${why}`, next === undefined ? {} : { next })
    },
  }
}
