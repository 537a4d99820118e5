/**
 * One Apache cluster for all interop files that do not ask for properties of their own: started before the first,
 * stopped after the last, found through `KT_APACHE_BOOTSTRAP`.
 */
import { apacheKafkaHome, startApacheKafka } from './apache-kafka.ts'

export default async function shareApacheKafka(): Promise<(() => Promise<void>) | undefined> {
  const home = await apacheKafkaHome()
  if (home === null || process.env.KT_APACHE_BOOTSTRAP !== undefined) return undefined
  const kafka = await startApacheKafka(home)
  process.env.KT_APACHE_BOOTSTRAP = kafka.bootstrapServers
  return () => kafka.stop()
}
