/** What must hold once a cluster has come to rest: every replica has the same records, and all that were acknowledged. */
import type { LoggedBatch, LogModel } from '../world/log-model.ts'
import type { SimNode } from '../world/sim-node.ts'
import type { World } from '../world/world.ts'
import { type Invariants, partitionsOf } from './invariants.ts'

const INVARIANT = 'replicas are equal in the end'

export function checkEnd(world: World, nodes: readonly SimNode[], invariants: Invariants): void {
  const broker = nodes.find(({ plan }) => plan.isBroker)!
  for (const { name, registration } of partitionsOf(broker.node!.image)) {
    const logs = registration.replicas.map((id) => ({ id, log: invariants.logs(id).get(name) }))
    const leader = logs.find(({ id }) => id === registration.leader)!.log
    checkAcknowledged(world, name, leader, invariants)
    for (const { id, log } of logs) checkSame(world, name, registration.leader, leader, id, log)
  }
  checkImages(world, nodes)
}

function checkAcknowledged(world: World, name: string, log: LogModel | null, invariants: Invariants): void {
  for (const batch of invariants.acknowledged.batches(name)) {
    const found = log?.at(batch.baseOffset)
    if (found?.crc === batch.crc) continue
    throw world.broken('no acknowledged record is lost', `${name}: ${batch.baseOffset}-${batch.lastOffset} in the end`)
  }
}

const text = (batch: LoggedBatch | undefined): string =>
  batch === undefined ? 'nothing' : `${batch.baseOffset}-${batch.lastOffset} of epoch ${batch.epoch} (${batch.crc})`

function checkSame(
  world: World,
  name: string,
  leaderId: number,
  leader: LogModel | null,
  id: number,
  log: LogModel | null,
): void {
  const expected = [...(leader?.batches() ?? [])]
  const found = [...(log?.batches() ?? [])]
  for (let i = 0; i < Math.max(expected.length, found.length); i++) {
    const [one, other] = [text(expected[i]), text(found[i])]
    // The newest batches may still be on their way: a cluster at rest writes some of its own.
    if (one === other) continue
    if (i >= Math.min(expected.length, found.length)) break
    throw world.broken(INVARIANT, `${name}: leader ${leaderId} has ${one}, replica ${id} has ${other}`)
  }
}

/** Nodes that have read equally far know the same. */
function checkImages(world: World, nodes: readonly SimNode[]): void {
  const known = new Map<number, { id: number; content: string }>()
  for (const { id, node } of nodes) {
    const { image } = node!
    const content = JSON.stringify([
      partitionsOf(image),
      [...image.brokers.values()].map((broker) => [broker.id, broker.epoch, broker.fenced, broker.incarnationId]),
      [...image.configs].map(([key, values]) => [key, [...values]]),
      [...image.features],
      String(image.nextProducerId),
    ])
    const other = known.get(image.offset)
    if (other !== undefined && other.content !== content) {
      throw world.broken('images at one offset are equal', `nodes ${other.id} and ${id} differ at ${image.offset}`)
    }
    known.set(image.offset, { id, content })
  }
}
