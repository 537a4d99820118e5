import { UsageError } from '../../cli/options.ts'
import { javaParseInt, javaSplit } from '../java-text.ts'

/** `1:2,2:3` -> the brokers of partition 0, of partition 1, ...; every partition has as many replicas as the first. */
export function parseReplicaAssignment(assignment: string): number[][] {
  const partitions: number[][] = []
  for (const [partition, list] of javaSplit(assignment, ',').entries()) {
    const brokers = javaSplit(list, ':').map((broker) => javaParseInt(broker.trim()))
    const duplicates = [...new Set(brokers.filter((broker, at) => brokers.indexOf(broker) !== at))]
    if (duplicates.length > 0) {
      throw new UsageError(`Partition replica lists may not contain duplicate entries: ${duplicates.join(',')}`)
    }
    partitions.push(brokers)
    if (brokers.length !== partitions[0]!.length) {
      throw new UsageError(`Partition ${partition} has different replication factor: [${brokers.join(', ')}]`)
    }
  }
  return partitions
}
