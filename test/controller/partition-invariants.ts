/** What must hold of every partition after every change, and of every change. */
import type { MetadataImage, PartitionRegistration } from '../../src/metadata/types.ts'

function check(condition: boolean, what: string, partition: PartitionRegistration): void {
  if (!condition) throw new Error(`${what}: ${JSON.stringify(partition)}`)
}

function checkState(image: MetadataImage, partition: PartitionRegistration): void {
  const { replicas, directories, isr, elr, leader } = partition
  const isSubset = isr.every((id) => replicas.includes(id)) && new Set(isr).size === isr.length
  check(isSubset, 'the ISR is a subset of the replicas', partition)
  check(new Set(replicas).size === replicas.length && replicas.length > 0, 'replicas are different', partition)
  check(directories.length === replicas.length, 'every replica has a directory', partition)
  check(leader === -1 || isr.includes(leader), 'the leader is in the ISR', partition)
  check(!elr.some((id) => isr.includes(id)), 'eligible leader replicas are not in the ISR', partition)
  check(leader === -1 || elr.length === 0 || isr.length > 0, 'a leader is in sync with itself', partition)
  const broker = image.brokers.get(leader)
  const serves = broker !== undefined && !broker.fenced && !broker.inControlledShutdown
  check(leader === -1 || serves, 'the leader is in service', partition)
}

function checkChange(before: PartitionRegistration, after: PartitionRegistration): void {
  if (before === after) return
  check(after.partitionEpoch > before.partitionEpoch, 'every change has a new partition epoch', after)
  check(after.leaderEpoch >= before.leaderEpoch, 'leader epochs never go back', after)
  const isNew = after.leader !== before.leader
  check(!isNew || after.leaderEpoch > before.leaderEpoch, 'every leader has an epoch of its own', after)
}

/** Throws, with the partition, when something does not hold. */
export function checkPartitions(before: MetadataImage, after: MetadataImage): void {
  for (const [id, topic] of after.topicsById) {
    for (const [index, partition] of topic.partitions) {
      checkState(after, partition)
      const previous = before.topicsById.get(id)?.partitions.get(index)
      if (previous !== undefined) checkChange(previous, partition)
    }
  }
}
