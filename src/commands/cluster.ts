/**
 * `kt cluster ...`: the local cluster as processes of this machine, to be started, broken and mended. What happens to a
 * cluster that is not ours is `commands/cluster/`'s other half: the verbs of kafka-cluster.sh.
 */
import type { Command as CommanderCommand } from 'commander'
import { type Act, addFormatOption, defineCommand } from '../cli/own-command.ts'
import { kill, pause, restart, resume } from './cluster/deeds.ts'
import { heal, isolate } from './cluster/isolation.ts'
import { logs } from './cluster/logs.ts'
import { add, remove } from './cluster/membership.ts'
import { listScriptVerbs, withScriptVerbs } from './cluster/script-verbs.ts'
import { restore, snapshot } from './cluster/snapshot.ts'
import { reset, start, stop } from './cluster/start.ts'
import { status } from './cluster/status.ts'
import { timeline } from './cluster/timeline.ts'

const localCluster = defineCommand({
  name: 'cluster',
  summary: 'The bundled Kafka cluster on this machine: no Java, no Docker, listening on loopback only.',
  examples: [
    { command: 'kt cluster start', does: 'three brokers on 9092-9094 and a controller, data kept until reset' },
    { command: 'kt cluster start --brokers 1', does: 'one node that is broker and controller' },
    { command: 'kt cluster status', does: 'processes, roles, pids, ports, memory, who is fenced, who is in control' },
    { command: 'kt cluster start --format json', does: 'the same, for a program: ids, ports, process ids' },
    { command: 'kt cluster kill 2', does: 'broker 2 dies without a word; kt describe --watch shows what follows' },
    { command: 'kt cluster isolate 3 --from nodes', does: 'broker 3 hears clients but no other node; heal ends it' },
    { command: 'kt cluster logs -f', does: "follow the nodes' logs" },
    {
      command: 'kt cluster timeline --for 5s',
      does: 'what happens inside the nodes: appends, fetches, ISR, elections',
    },
  ],
  configure(command, act) {
    const subcommand = (name: string, summary: string): CommanderCommand =>
      addFormatOption(
        command
          .command(name)
          .description(summary)
          .option('--name <name>', 'name of the local cluster; else KT_CLUSTER, else local'),
      )
    const named: Act = (action) =>
      act(async (words, flags: { readonly name?: string }, context) => {
        const { clusterName } = await import('../cluster/cluster-directory.ts')
        return action(words, { ...flags, name: flags.name ?? clusterName(context.env) } as never, context)
      })
    configureWhole(subcommand, named)
    configureNodes(subcommand, named)
    listScriptVerbs(command)
  },
})

export const cluster = withScriptVerbs(localCluster)

type Subcommand = (name: string, summary: string) => CommanderCommand

function configureWhole(subcommand: Subcommand, act: Act): void {
  subcommand('start', 'start every node that is not running; the first start makes the cluster')
    .option('--brokers <count>', 'brokers of a new cluster: 3 unless told otherwise')
    .option('--controllers <count>', 'controllers of a new cluster: 1 unless told otherwise, or 3 or 5')
    .option(
      '--port <port>',
      "the first broker's port: what it used before, else 9092 or the next that is free; 0 takes any free ones",
    )
    .option('--host <address>', 'address brokers listen on; anything but loopback is open to the network')
    .option('--override <key=value...>', "a broker property of Kafka's, repeatable; kept in server.properties")
    .action(act(start))
  subcommand('status', 'processes, roles, ports, memory, and what the cluster says of them').action(act(status))
  subcommand('stop', 'controlled shutdown of everything, or of the nodes named').argument('[ids...]').action(act(stop))
  subcommand('reset', 'stop everything and delete its data').option('-y, --yes', 'do not ask').action(act(reset))
  subcommand('snapshot', 'keep the cluster as it is, for after an experiment; nodes that run are restarted')
    .argument('[label]', "what it is called; left out: 'last'")
    .option('--list', 'those that were taken')
    .action(act(snapshot))
  subcommand('restore', 'the cluster as it was when the snapshot was taken; what came after goes')
    .argument('[label]', "left out: 'last'")
    .option('-y, --yes', 'do not ask')
    .action(act(restore))
  subcommand('logs', "the end of the nodes' logs, merged by time")
    .argument('[ids...]')
    .option('-n, --lines <count>', 'lines to show', '50')
    .option('-f, --follow', 'go on showing new lines until Ctrl-C')
    .action(act(logs))
  subcommand('timeline', 'what happens inside the nodes, as it happens, merged by time')
    .argument('[ids...]')
    .option('--topic <topic...>', 'only what concerns these topics, and the cluster as a whole')
    .option('--group <group...>', 'only what concerns these groups, and the cluster as a whole')
    .option('--for <time>', 'end after this time, 10s or 1m; else with Ctrl-C')
    .action(act(timeline))
}

function configureNodes(subcommand: Subcommand, act: Act): void {
  const ids = (name: string, summary: string): CommanderCommand => subcommand(name, summary).argument('<ids...>')
  ids('kill', 'SIGKILL: the node is gone without a word').action(act(kill))
  ids('pause', 'SIGSTOP: the node hangs, its connections stay open').action(act(pause))
  ids('resume', 'SIGCONT: a paused node goes on').action(act(resume))
  ids('restart', 'stop if it runs, then start').action(act(restart))
  subcommand('add', 'one more broker')
    .option('--override <key=value...>', "a broker property of Kafka's, repeatable")
    .action(act(add))
  ids('remove', 'take a broker out for good; refused while it holds replicas').action(act(remove))
  ids('isolate', 'cut nodes off from the others, from clients, or from both')
    .option('--from <whom>', 'nodes, clients or all', 'all')
    .action(act(isolate))
  subcommand('heal', 'connect nodes again: those named, else all').argument('[ids...]').action(act(heal))
}
