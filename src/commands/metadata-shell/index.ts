/** `kt metadata-shell`, Kafka's `kafka-metadata-shell.sh`: the cluster's metadata as a tree of files. Reads a file, no cluster. */
import { defineWordsCommand } from '../../cli/argparse-command.ts'
import { text } from '../../cli/options.ts'

export const metadataShell = defineWordsCommand({
  name: 'metadata-shell',
  script: 'kafka-metadata-shell.sh',
  summary: 'Look around in a snapshot or a segment of the metadata log',
  words: '[COMMAND]',
  options: {
    snapshot: text('file', 'A snapshot (.checkpoint) or a segment (.log) of __cluster_metadata-0.', {
      short: 's',
      required: true,
    }),
  },
  examples: [
    {
      command: 'kt metadata-shell --snapshot __cluster_metadata-0/00000000000000000000.log',
      does: 'a shell: ls, cd, cat, tree, find; help lists them, Tab completes',
    },
    {
      command: 'kt metadata-shell -s 00000000000000000000.log cat /image/topics/byName/orders/0',
      does: 'the registration of one partition',
    },
    { command: 'kt metadata-shell -s 00000000000000000000.log ls /image/cluster/brokers', does: 'who is registered' },
  ],
  helpExitCode: 1,
  run: async (given, words, context) =>
    (await import('./shell.ts')).runMetadataShell(given.value('snapshot')!, words, context),
})
