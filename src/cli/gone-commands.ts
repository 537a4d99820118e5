import type { CommandEntry, CommandTable } from './command.ts'

/** Left out of `kt --help`: names that are known for the sake of older notes, or of scripts that have no twin. */
export const GONE_COMMANDS: CommandTable = {
  'zookeeper-server-start': {
    summary: 'Says what has become of ZooKeeper',
    script: 'zookeeper-server-start.sh',
    hidden: true,
    load: async () => (await import('../commands/zookeeper-server.ts')).zookeeperServerStart,
  },
  'zookeeper-server-stop': {
    summary: 'Says that there is no ZooKeeper to stop',
    script: 'zookeeper-server-stop.sh',
    hidden: true,
    load: async () => (await import('../commands/zookeeper-server.ts')).zookeeperServerStop,
  },
  'zookeeper-shell': {
    summary: 'Look at the paths that Kafka kept in ZooKeeper',
    script: 'zookeeper-shell.sh',
    hidden: true,
    load: async () => (await import('../commands/zookeeper-shell/index.ts')).zookeeperShell,
  },
  'preferred-replica-election': {
    summary: 'Old form of kt leader-election',
    script: 'kafka-preferred-replica-election.sh',
    hidden: true,
    load: async () => (await import('../commands/preferred-replica-election.ts')).preferredReplicaElection,
  },
  'mirror-maker': {
    summary: 'Says what took the place of MirrorMaker 1',
    script: 'kafka-mirror-maker.sh',
    hidden: true,
    load: async () => (await import('../commands/mirror-maker.ts')).mirrorMaker,
  },
  'connect-standalone': foreign('connect-standalone', 'connect-standalone.sh'),
  'connect-distributed': foreign('connect-distributed', 'connect-distributed.sh'),
  'connect-plugin-path': foreign('connect-plugin-path', 'connect-plugin-path.sh'),
  'connect-mirror-maker': foreign('connect-mirror-maker', 'connect-mirror-maker.sh'),
  jmx: foreign('jmx', 'kafka-jmx.sh'),
  trogdor: foreign('trogdor', 'trogdor.sh'),
}

function foreign(name: string, script: string): CommandEntry {
  return {
    summary: `Says where ${script} stands`,
    script,
    hidden: true,
    load: async () => (await import('../commands/foreign.ts')).foreignCommand(name),
  }
}
