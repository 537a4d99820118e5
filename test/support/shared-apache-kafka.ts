/**
 * One Apache node for all interop files that do not ask for properties of their own: started before the first, stopped
 * after the last, found through `KT_APACHE_BOOTSTRAP`. The cluster of three brokers is started by the first file that
 * asks for it (`apache-cluster.ts`).
 */
import { reserveApacheCluster, stopApacheCluster } from './apache-cluster.ts'
import { apacheKafkaHome, startApacheKafka } from './apache-kafka.ts'

export default async function shareApacheKafka(): Promise<(() => Promise<void>) | undefined> {
  const home = await apacheKafkaHome()
  if (home === null) return undefined
  const ends: (() => Promise<void>)[] = []
  if (process.env.KT_APACHE_BOOTSTRAP === undefined) {
    const kafka = await startApacheKafka(home)
    process.env.KT_APACHE_BOOTSTRAP = kafka.bootstrapServers
    ends.push(() => kafka.stop())
  }
  if (process.env.KT_APACHE_CLUSTER === undefined) {
    const directory = reserveApacheCluster()
    process.env.KT_APACHE_CLUSTER = directory
    ends.push(() => stopApacheCluster(directory))
  }
  return async () => {
    await Promise.all(ends.map((end) => end()))
  }
}
