/**
 * `kt replica-verification`, Kafka's `kafka-replica-verification.sh`: reads the same offsets from every replica and says
 * where they differ, until it is interrupted.
 */
import type { CommandContext } from '../cli/context.ts'
import { defineScriptCommand } from '../cli/script-command.ts'
import { checkVerification, VERIFICATION_OPTIONS, type VerificationGiven } from './replica-verification/options.ts'

export const replicaVerification = defineScriptCommand({
  name: 'replica-verification',
  script: 'kafka-replica-verification.sh',
  summary: 'Compare the replicas of partitions with each other',
  options: VERIFICATION_OPTIONS,
  examples: [
    { command: 'kt replica-verification --topics-include orders --time -2', does: 'all records, from the beginning' },
    { command: 'kt replica-verification --report-interval-ms 1000', does: 'what comes from now on, told every second' },
    {
      command: "kt replica-verification --topics-include 'orders|payments' --time -2 --format json",
      does: 'two topics, a line of JSON for each report',
    },
  ],
  check: checkVerification,
  run: async (given: VerificationGiven, context: CommandContext) =>
    (await import('./replica-verification/run.ts')).verifyReplicas(given, context),
})
