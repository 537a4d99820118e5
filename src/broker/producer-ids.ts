import type { Clock } from '../base/clock.ts'
import type { ControllerChannel } from '../controller/types.ts'
import { ErrorCode, errorName, KafkaError } from '../protocol/error-codes.ts'
import { allocateProducerIds } from '../protocol/messages/67-allocate-producer-ids.ts'
import { ANONYMOUS } from './principal.ts'

/** How long a client waits for the controller's next block. */
const ALLOCATE_TIMEOUT_MS = 5_000

/** Producer ids of this broker, from blocks the controller hands out (KIP-730): each id once in the cluster's life. */
export class ProducerIds {
  private readonly controller: ControllerChannel
  private readonly clock: Clock
  private readonly nodeId: number
  private readonly brokerEpoch: () => number
  private next = 0n
  private end = 0n
  private allocation: Promise<void> | null = null

  constructor(options: { controller: ControllerChannel; clock: Clock; nodeId: number; brokerEpoch: () => number }) {
    this.controller = options.controller
    this.clock = options.clock
    this.nodeId = options.nodeId
    this.brokerEpoch = options.brokerEpoch
  }

  /** Throws COORDINATOR_LOAD_IN_PROGRESS, which clients retry, while no block can be had. */
  async take(): Promise<bigint> {
    while (this.next >= this.end) {
      this.allocation ??= this.allocate().finally(() => {
        this.allocation = null
      })
      await this.allocation
    }
    return this.next++
  }

  private async allocate(): Promise<void> {
    const request = { brokerId: this.nodeId, brokerEpoch: BigInt(this.brokerEpoch()) }
    const context = {
      principal: ANONYMOUS,
      clientId: null,
      deadlineMs: this.clock.monotonic() + ALLOCATE_TIMEOUT_MS,
    }
    // Whatever the controller's trouble is, it is not the client's: some clients take any other error as final.
    const block = await this.controller.send(allocateProducerIds, 0, request, context).catch((error) => {
      throw new KafkaError('COORDINATOR_LOAD_IN_PROGRESS', `no producer ids: ${error}`)
    })
    if (block.errorCode !== undefined && block.errorCode !== ErrorCode.NONE) {
      throw new KafkaError('COORDINATOR_LOAD_IN_PROGRESS', `no producer ids: ${errorName(block.errorCode)}`)
    }
    const { producerIdStart = 0n, producerIdLen = 0 } = block
    if (producerIdLen <= 0) throw new KafkaError('COORDINATOR_LOAD_IN_PROGRESS', 'no producer ids: an empty block')
    this.next = producerIdStart
    this.end = producerIdStart + BigInt(producerIdLen)
  }
}
