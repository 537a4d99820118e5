/** What the clients have been promised: the ledger that the invariants compare the cluster with. */

export interface Acknowledged {
  readonly baseOffset: number
  readonly lastOffset: number
}

/** Value of a record: who wrote it, and the how-manieth of its producer in this partition it is. */
export function payload(producer: string, partition: number, number: number, padding: number): Buffer {
  return Buffer.from(`${producer}/${partition}/${number}/${'.'.repeat(padding)}`)
}

export interface Payload {
  readonly producer: string
  readonly partition: number
  readonly number: number
}

export function parsePayload(value: Buffer): Payload {
  const [producer, partition, number] = value.toString('latin1').split('/', 3)
  return { producer: producer!, partition: Number(partition), number: Number(number) }
}
