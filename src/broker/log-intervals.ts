import type { MaintenanceIntervals } from '../log/maintenance.ts'
import type { NodeConfig } from '../metadata/config/index.ts'

/** How often the log floor looks after its logs, as server.properties has it. */
export function logIntervals(config: NodeConfig): MaintenanceIntervals {
  return {
    retentionCheckIntervalMs: config.getLong('log.retention.check.interval.ms'),
    flushSchedulerIntervalMs: config.getLong('log.flush.scheduler.interval.ms'),
    recoveryPointCheckpointIntervalMs: config.getLong('log.flush.offset.checkpoint.interval.ms'),
    logStartOffsetCheckpointIntervalMs: config.getLong('log.flush.start.offset.checkpoint.interval.ms'),
    highWatermarkCheckpointIntervalMs: config.getLong('replica.high.watermark.checkpoint.interval.ms'),
    producerExpirationCheckIntervalMs: config.getLong('producer.id.expiration.check.interval.ms'),
  }
}
