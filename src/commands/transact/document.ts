/** A step as a document: kind `TransactionStep`. */
import { formatDocument, type Structure, type StructuredFormat } from '../../cli/format.ts'
import { ownerOf, type StepResult } from './render.ts'
import type { StageView } from './stage.ts'

export interface StepHead {
  /** Counts from 1. */
  readonly step: number
  /** As it was given. */
  readonly line: string
  readonly producer: string
  readonly action: string
}

/** One line of JSON, or one document of YAML, per step. */
export function stepDocument(head: StepHead, result: StepResult, format: StructuredFormat): string {
  const { delivered, refusal, view } = result
  const text = formatDocument(format, 'TransactionStep', {
    ...head,
    error: refusal === null ? null : { ...refusal },
    delivered: delivered.map(({ topic, partition, offset }) => ({ topic, partition, offset })),
    producers: producersOf(view),
    partitions: view.partitions.map((partition) => ({
      ...{ topic: partition.topic, partition: partition.partition },
      logStartOffset: partition.logStartOffset,
      lastStableOffset: partition.lastStableOffset,
      highWatermark: partition.highWatermark,
      records: partition.entries.map((entry) => ({
        ...entry,
        producer: entry.producerId === null ? null : ownerOf(entry, view),
      })),
    })),
    groups: view.groups.map(({ groupId, offsets }) => ({ groupId, offsets: offsets.map((each) => ({ ...each })) })),
  })
  // Line ends inside of text are escaped: those that are left only lay the document out.
  return format === 'json' ? `${text.trim().replaceAll(/\n */g, ' ')}\n` : `---\n${text}`
}

function producersOf({ actors, transactions }: StageView): Structure {
  return actors.map(({ name, transactionalId, isOpen, identities }) => {
    const own = identities.at(-1)
    const known = transactionalId === null ? undefined : transactions.get(transactionalId)
    return {
      ...{ name, transactionalId, hasBegun: isOpen },
      ...{ producerId: own?.producerId ?? null, producerEpoch: own?.epoch ?? null },
      coordinator:
        known === undefined
          ? null
          : { state: known.state, producerId: known.producerId, producerEpoch: known.producerEpoch },
    }
  })
}
