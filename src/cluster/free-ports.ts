/** Ports that nobody listens on, chosen so that they stay free while their node is stopped. */
import { KtError } from '../base/errors.ts'
import { type Random, systemRandom } from '../base/random.ts'
import { portIsFree } from './port-holder.ts'

/**
 * Below where systems take the local ports of outgoing connections (32768 and above on Linux, 49152 elsewhere): a port
 * from there could be taken while its node is down, and the node could not come back to it.
 */
const FIRST_PORT = 20_000
const LAST_PORT = 32_000
const MAX_TRIES = 1_000

/** `count` different ports of `host`, free a moment ago. */
export async function freePorts(host: string, count: number, random: Random = systemRandom): Promise<number[]> {
  const found = new Set<number>()
  for (let tries = 0; tries < MAX_TRIES && found.size < count; tries++) {
    const port = FIRST_PORT + (random.bytes(4).readUInt32BE() % (LAST_PORT - FIRST_PORT))
    if (!found.has(port) && (await portIsFree(host, port))) found.add(port)
  }
  if (found.size < count) throw new KtError('conflict', `there are no ${count} free ports on ${host}`)
  return [...found]
}
