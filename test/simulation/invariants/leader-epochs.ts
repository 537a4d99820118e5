/**
 * What a node that has just come into service takes for the history of its logs agrees with what lies in them: by it
 * followers find where they part from their leader, and cut their logs there.
 */
import type { LoggedBatch, LogModel } from '../world/log-model.ts'
import type { SimNode } from '../world/sim-node.ts'
import type { Invariant, Observed } from './invariants.ts'

const FILE = 'leader-epoch-checkpoint'
/** Version and count stand above the entries. */
const HEADER_LINES = 2

export class LeaderEpochs implements Invariant {
  private readonly observed: Observed

  constructor(observed: Observed) {
    this.observed = observed
  }

  onService(node: SimNode): void {
    const logs = this.observed.logs(node.id)
    for (const partition of logs.partitions) {
      const found = node.disk.find(`/data/${partition}/${FILE}`)
      if (found !== null) this.check(node, partition, logs.get(partition)!, epochStarts(node, partition))
    }
  }

  private check(node: SimNode, partition: string, log: LogModel, starts: ReadonlyMap<number, number>): void {
    for (const { epoch, baseOffset } of firstBatches(log)) {
      const start = starts.get(epoch)
      if (start === baseOffset) continue
      this.observed.world.violated(
        'leader epochs are those of the log',
        `node ${node.id} has epoch ${epoch} of ${partition} start at ${start}, its first batch is at ${baseOffset}`,
      )
    }
  }
}

function epochStarts(node: SimNode, partition: string): Map<number, number> {
  const lines = node.disk.file(`/data/${partition}/${FILE}`, 'look').view().toString('latin1').trimEnd().split('\n')
  return new Map(lines.slice(HEADER_LINES).map((line) => line.split(' ').map(Number) as [number, number]))
}

/** Of each epoch whose beginning the log holds; an earlier part of the first one may have been deleted. */
function firstBatches(log: LogModel): LoggedBatch[] {
  const found: LoggedBatch[] = []
  let before: number | null = null
  for (const batch of log.batches()) {
    if (before !== null && batch.epoch !== before) found.push(batch)
    before = batch.epoch
  }
  return found
}
