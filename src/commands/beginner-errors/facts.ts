/** Observed facts in words; each is one line. */
import type { PartitionDescription, TopicDescription } from '../../client/admin-types.ts'
import type { Found } from './found.ts'
import { fateOf, localNodes } from './local-nodes.ts'
import type { Look } from './look.ts'
import type { Step } from './step.ts'

const MAX_NAMES = 8

/** `1, 2, 3`, and how many more there are. */
export function list(items: readonly (string | number)[], limit = MAX_NAMES): string {
  const shown = items.slice(0, limit).join(', ')
  return items.length > limit ? `${shown} and ${items.length - limit} more` : shown
}

/** `1 record`, `2 records`. */
export function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`
}

/** `5 min`, `2.5 s`: as a person says it. */
export function duration(ms: number): string {
  const units = [
    ['day', 86_400_000],
    ['h', 3_600_000],
    ['min', 60_000],
    ['s', 1_000],
  ] as const
  const [unit, size] = units.find(([, each]) => ms >= each) ?? (['ms', 1] as const)
  const value = Math.round((ms / size) * 10) / 10
  return unit === 'day' && value !== 1 ? `${value} days` : `${value} ${unit}`
}

/** `orders-0: leader 2, replicas 1,2,3, in sync 2,3`. */
export function partitionText(topic: string, { partition, leader, replicas, isr }: PartitionDescription): string {
  const led = leader < 0 ? 'no leader' : `leader ${leader}`
  return `${topic}-${partition}: ${led}, replicas ${replicas.join(',')}, in sync ${isr.join(',') || 'none'}`
}

/** `3 partitions, 2 replicas each`. */
export function shapeText({ partitions }: TopicDescription): string {
  return `${count(partitions.length, 'partition')}, ${count(partitions[0]?.replicas.length ?? 0, 'replica')} each`
}

/** Which brokers are in service. */
export async function tellBrokers(look: Look, found: Found): Promise<readonly number[] | null> {
  const cluster = await look.cluster()
  if (cluster === null) return null
  const ids = cluster.brokers.map(({ id }) => id).sort((a, b) => a - b)
  found.fact(`brokers in service: ${list(ids)}`)
  return ids
}

/** What is known of nodes of the local cluster that do not run: their ids. Empty elsewhere. */
export async function stoppedNodes(look: Look): Promise<readonly number[]> {
  return [...(await localNodes(look)).values()].filter(({ running }) => !running).map(({ nodeId }) => nodeId)
}

/** How replicas that are not in sync come back: started here, or looked at elsewhere. */
export async function bringBack(missing: readonly number[], look: Look): Promise<Step> {
  const local = await localNodes(look)
  const stopped = missing.filter((id) => local.get(id)?.running === false)
  if (stopped.length > 0) return { run: 'kt cluster start', does: `starts ${list(stopped)} again` }
  const paused = missing.filter((id) => local.get(id)?.state === 'paused')
  if (paused.length > 0) return { run: `kt cluster resume ${paused.join(' ')}`, does: 'lets the paused process go on' }
  return { run: 'kt describe', does: `where ${missing.length === 1 ? 'broker' : 'brokers'} ${list(missing)} should be` }
}

/** What has become of each broker that is not in service, as far as this machine shows it. */
export async function tellGone(down: readonly number[], look: Look, found: Found): Promise<void> {
  found.fact(`not in service: ${down.length === 1 ? 'broker' : 'brokers'} ${list(down)}`)
  for (const id of down.slice(0, MAX_NAMES)) {
    const fate = await fateOf(id, look)
    if (fate !== '') found.fact(`broker ${id}: ${fate}`)
  }
}

/** Replicas of the partition that are not in sync, and whether their brokers are in service. */
export async function tellMissing(
  topic: string,
  description: PartitionDescription,
  look: Look,
  found: Found,
): Promise<readonly number[]> {
  found.fact(partitionText(topic, description))
  const missing = description.replicas.filter((id) => !description.isr.includes(id))
  const alive = new Set((await look.cluster())?.brokers.map(({ id }) => id))
  const down = missing.filter((id) => !alive.has(id))
  const behind = missing.filter((id) => alive.has(id))
  if (alive.size > 0 && down.length > 0) await tellGone(down, look, found)
  if (behind.length > 0)
    found.fact(`in service, but behind: ${behind.length === 1 ? 'broker' : 'brokers'} ${list(behind)}`)
  return missing
}
