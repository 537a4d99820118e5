/** What every answer of a cluster is made of. */

/** An answer of the cluster: protocol error code, its name, and the broker's own text (or the protocol's default). */
export interface KafkaFailure {
  readonly code: number
  readonly name: string
  readonly message: string
}

/** A result per item, or why there is none. */
export type Outcome<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: KafkaFailure }

export interface BrokerNode {
  readonly id: number
  readonly host: string
  readonly port: number
  readonly rack: string | null
  readonly isFenced?: boolean
}

export interface TopicPartition {
  readonly topic: string
  readonly partition: number
}
