/** What the table of scripts cannot read from the code: options that are read without effect, and those that are missing, with reasons. */

export interface OptionNote {
  /** `no effect`: read, and nothing depends on it. `missing`: refused. */
  readonly status: 'no effect' | 'missing'
  readonly why: string
}

/** Script -> option (`subcommand option` where there are subcommands) -> note. */
export const OPTION_NOTES: Readonly<Record<string, Readonly<Record<string, OptionNote>>>> = {
  'kafka-console-producer.sh': {
    'socket-buffer-size': { status: 'no effect', why: "the operating system's size is used" },
    'retry-backoff-ms': { status: 'no effect', why: 'retries wait as long as the producer finds right' },
    'metadata-expiry-ms': {
      status: 'no effect',
      why: 'metadata is asked for anew when an answer shows that it is old',
    },
  },
}

/** Scripts whose twin is not a mirror, and why; their options are not held against ours. */
export const SCRIPT_NOTES: Readonly<Record<string, string>> = {
  'connect-distributed.sh': 'Kafka Connect runs connectors written in Java; a worker without the JVM is not there yet',
  'connect-standalone.sh': 'Kafka Connect runs connectors written in Java; a worker without the JVM is not there yet',
  'connect-mirror-maker.sh': 'MirrorMaker 2 runs on Kafka Connect, which is not there yet',
  'connect-plugin-path.sh': 'inspects jars of Kafka Connect plugins; there are none without the JVM',
  'kafka-jmx.sh': 'JMX is an interface of the JVM; these nodes have none',
  'trogdor.sh': 'a test framework of Kafka for its own developers, driven over REST by agents in Java',
  'kafka-run-class.sh': 'runs a Java class; known classes are answered with the command to use instead',
}
