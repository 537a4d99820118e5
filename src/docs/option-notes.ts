/** What the table of scripts cannot read from the code: options that are read without effect, and those that are missing, with reasons. */
import { FOREIGN } from '../commands/foreign.ts'

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
  ...Object.fromEntries(
    Object.values(FOREIGN).map(({ script, why, isRunByKafka }) => [
      script,
      isRunByKafka === true ? `${why}: that of Apache Kafka in KAFKA_HOME is run` : why,
    ]),
  ),
  'kafka-run-class.sh': 'there is no JVM; for a known class, the command that does the same is named and run',
}

/** Scripts of older versions that notes still use, and what they do now. */
export const GONE_SCRIPTS: readonly (readonly [script: string, does: string])[] = [
  [
    'zookeeper-server-start.sh',
    'says what has become of ZooKeeper; formats the node beside its file, as notes start that next',
  ],
  ['zookeeper-server-stop.sh', 'says that there is nothing to stop'],
  ['zookeeper-shell.sh', 'a read-only view of /brokers, /config, /controller, /cluster and more, answered from KRaft'],
  [
    'kafka-preferred-replica-election.sh',
    'says that it is `kt leader-election --election-type preferred` now, and runs it',
  ],
  ['kafka-mirror-maker.sh', 'says what took its place, and shows the same copy as a pipe of two commands'],
]
