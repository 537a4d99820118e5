/** The shards of one coordinator: one per partition of its topic that this node leads. */
import { KafkaError } from '../protocol/error-codes.ts'
import { Shard, type ShardOptions } from './shard.ts'
import type { CoordinatorResult, StateMachine } from './types.ts'

export class CoordinatorRuntime<M extends StateMachine> {
  private readonly options: ShardOptions<M>
  /** Bounded by the partitions of the topic: only the broker, on being elected, adds one. */
  private readonly shards = new Map<number, Shard<M>>()

  constructor(options: ShardOptions<M>) {
    this.options = options
  }

  /** This node leads `partition` since `epoch`. Resolves when loading has ended, well or badly. */
  load(partition: number, epoch: number): Promise<void> {
    let shard = this.shards.get(partition)
    if (shard === undefined) {
      shard = new Shard(partition, this.options)
      this.shards.set(partition, shard)
    }
    return shard.load(epoch)
  }

  /** Somebody else leads since `epoch`; null: the partition is gone. An epoch that is not newer is ignored. */
  unload(partition: number, epoch: number | null): void {
    const shard = this.shards.get(partition)
    if (shard === undefined || (epoch !== null && shard.epoch >= epoch)) return
    this.shards.delete(partition)
    shard.close()
  }

  /** Partitions that are loading, active or failed here. */
  partitions(): number[] {
    return [...this.shards.keys()]
  }

  state(partition: number): string | null {
    return this.shards.get(partition)?.state ?? null
  }

  async write<R>(partition: number, operation: (machine: M) => CoordinatorResult<R>): Promise<R> {
    return this.shard(partition).write(operation)
  }

  async read<R>(partition: number, operation: (machine: M) => R): Promise<R> {
    return this.shard(partition).read(operation)
  }

  private shard(partition: number): Shard<M> {
    const shard = this.shards.get(partition)
    if (shard === undefined) throw new KafkaError('NOT_COORDINATOR')
    return shard
  }

  close(): void {
    for (const partition of this.partitions()) this.unload(partition, null)
  }
}
