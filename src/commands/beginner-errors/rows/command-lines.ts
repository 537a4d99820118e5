/** Options of older notes. */
import type { Found } from '../found.ts'
import type { Look } from '../look.ts'
import type { Said } from '../said.ts'
import type { BeginnerError } from '../types.ts'

async function tellServers(_said: Said, look: Look, found: Found): Promise<void> {
  const live = await look.live()
  if (live !== null) found.fact(`a cluster answers at ${live.servers}`)
}

export const COMMAND_LINES: readonly BeginnerError[] = [
  {
    id: 'zookeeper-option',
    title: 'ZooKeeper is gone',
    texts: ['zookeeper is not a recognized option', 'Missing required argument "[zookeeper]"'],
    when: [/\bzookeeper is not a recognized option/, /Missing required argument "\[zookeeper\]"/],
    why: "ZooKeeper has left Kafka: tools talk to brokers. The option was removed in 3.0, ZooKeeper itself in 4.0. --zookeeper HOST:2181 is --bootstrap-server HOST:9092 now; 2181 never was a broker's port.",
    next: [{ run: 'kt topics --list', does: 'the same without the option; kt explain translates whole lines' }],
    where: 'every command that reads options; where it can, kt translates --zookeeper and says so',
    async observe(said, look, found) {
      await tellServers(said, look, found)
      const line = said.lineWith({ zookeeper: null })
      if (line !== null) found.do({ run: line, does: 'the same line without the option' })
    },
  },
  {
    id: 'broker-list-option',
    title: '--broker-list has a new name',
    texts: ['broker-list is not a recognized option'],
    when: [/\bbroker-list is not a recognized option/],
    why: '--broker-list and --bootstrap-server say the same: where to connect first. The old name was removed in 4.0.',
    next: [{ run: 'kt console-producer --bootstrap-server HOST:PORT --topic TOPIC' }],
    where: 'every command that reads options; where it can, kt reads it as --bootstrap-server and says so',
    async observe(said, look, found) {
      await tellServers(said, look, found)
      const line = said.lineWith({ 'broker-list': null, 'bootstrap-server': said.option('broker-list') ?? null })
      if (line !== null) found.do({ run: line })
    },
  },
  {
    id: 'renamed-option',
    title: 'Options that have been renamed',
    texts: [
      'Warning: --property is deprecated and will be removed in a future version. Use --reader-property instead.',
      'Option --producer.config has been deprecated and will be removed in a future version. Use --command-config instead.',
      'Warning: --consumer-property is deprecated and will be removed in a future version. Use --command-property instead.',
    ],
    when: [
      /--(property|producer-property|consumer-property|(producer|consumer)[.-]config)\b.*\bdeprecated/s,
      /\[?(property|(producer|consumer)[.-](property|config))\]? .*\bdeprecated/,
    ],
    why: 'Since 4.2 the scripts share their names (KIP-1147): --command-config for a file, --command-property for a client setting, --reader-property for what reads lines, --formatter-property for what prints records. The old names still work.',
    next: [
      {
        run: 'kt explain "kafka-console-producer.sh --topic TOPIC --property parse.key=true"',
        does: "a line in today's words",
      },
    ],
    where: 'console-producer, console-consumer, perf tests: the warning itself names the new option',
    shown: 'by itself',
  },
]
