/**
 * `kt replica-verification`, Kafka's `kafka-replica-verification.sh`: reads the same offsets from every replica and says
 * where they differ, until it is interrupted.
 */
import type { CommandContext } from '../cli/context.ts'
import { integer, long, text } from '../cli/options.ts'
import { defineScriptCommand, type Given } from '../cli/script-command.ts'
import { checkServers } from './bootstrap-check.ts'

const options = {
  'broker-list': text('host:port,...', 'Brokers to connect to. Left out: KT_BOOTSTRAP_SERVER, else the local cluster.'),
  'fetch-size': integer('bytes', 'Most bytes of a partition in one answer.', { default: String(1024 * 1024) }),
  'max-wait-ms': integer('ms', 'How long a broker may wait for records.', { default: '1000' }),
  'topics-include': text('regex', 'Topics whose whole names match.', { default: '.*' }),
  time: long('ms', 'Where to begin: -1 the end, -2 the beginning, or the first record at or after this time.', {
    default: '-1',
  }),
  'report-interval-ms': long('ms', 'How often the largest lag is told.', { default: '30000' }),
}
export type VerificationGiven = Given<typeof options>

export const replicaVerification = defineScriptCommand({
  name: 'replica-verification',
  script: 'kafka-replica-verification.sh',
  summary: 'Compare the replicas of partitions with each other',
  options,
  examples: [
    { command: 'kt replica-verification --topics-include orders --time -2', does: 'all records, from the beginning' },
    { command: 'kt replica-verification --report-interval-ms 1000', does: 'what comes from now on, told every second' },
  ],
  check: checkVerification,
  run: async (given: VerificationGiven, context: CommandContext) =>
    (await import('./replica-verification/run.ts')).verifyReplicas(given, context),
})

/** Numbers are read before anything connects; the script finds some of them out late. */
function checkVerification(given: VerificationGiven): void {
  const servers = given.value('broker-list')
  if (servers !== undefined) checkServers(servers)
  given.value('fetch-size')
  given.value('max-wait-ms')
  given.value('time')
  given.value('report-interval-ms')
}
