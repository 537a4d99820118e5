/** `kt client-metrics` and Apache's script over the same subscriptions. */
import { beforeAll, describe, it } from 'vitest'
import { type ApacheKafka, apacheKafkaHome, startApacheKafka } from '../../support/apache-kafka.ts'
import { compareWithScript, type ScriptCase } from '../../support/compare-with-script.ts'

const NEW = ['client-metrics --alter --name {x} --interval 60000 --metrics a.,b. --match client_id=x']
const DESCRIBE = ['client-metrics --describe --name {x}']
const GONE = ['client-metrics --delete --name {x}']
const changing = (args: string, more: Partial<ScriptCase> = {}): ScriptCase => ({
  args,
  afterwards: DESCRIBE,
  after: GONE,
  ...more,
})
/** Other cases' subscriptions come and go. */
const own = (text: string): string =>
  text
    .split(/(?=^Client metrics configs)/m)
    .filter((block) => block.includes('{x}') || block.startsWith('Error'))
    .join('')
const ownNames = (text: string): string =>
  text
    .split('\n')
    .filter((line) => line.includes('{x}'))
    .join('\n')
const anyName = (text: string): string => text.replace(/for [\w-]{22}\./, 'for ID.')

const CASES: ScriptCase[] = [
  changing(
    '--alter --name {x} --interval 60000 --metrics org.apache.kafka.,x. --match client_id=a,client_source_port=9',
  ),
  changing('--alter --name {x} --metrics m'),
  changing("--alter --name {x} --metrics ''", { before: NEW }),
  changing("--alter --name {x} --interval '' --match ''", { before: NEW }),
  changing('--alter --name {x} --interval 100', { before: NEW }),
  changing('--alter --name {x} --interval 99'),
  changing('--alter --name {x} --match nonsense=1'),
  changing('--alter --name {x} --match client_id=[', { before: NEW }),
  changing('--alter --name {x}'),
  { args: '--alter --generate-name --interval 60000', normalise: anyName },
  { args: '--alter --generate-name --name {x}', stderr: true },
  { args: '--alter', stderr: true },
  { args: '--alter --name {x} --interval abc', stderr: true },
  { args: '--describe --name {x}', before: NEW, after: GONE },
  { args: '--describe --name {x}' },
  { args: '--describe', before: NEW, after: GONE, normalise: own },
  { args: '--list', before: NEW, after: GONE, normalise: ownNames },
  { args: '--list --command-config /dev/null', normalise: ownNames },
  changing('--delete --name {x}', { before: NEW }),
  { args: '--delete --name {x}' },
  { args: '--delete', stderr: true },
  { args: '--delete --name a --interval 1', stderr: true },
  { args: '--delete --name a --match b=c', stderr: true },
  { args: '--describe --metrics a', stderr: true },
  { args: '--describe --generate-name', stderr: true },
  { args: '--list --name a', stderr: true },
  { args: '--list --metrics a', stderr: true },
  { args: '--list --describe', stderr: true },
  { args: '', stderr: true },
  { args: '--name a', stderr: true },
  { args: '--nonsense', stderr: true },
  { args: '--list --command-config /no/such/file', ownWords: true },
  { args: '--version' },
  { args: '--help', ownWords: true },
]

const home = await apacheKafkaHome()

describe.skipIf(home === null)('kt client-metrics beside kafka-client-metrics.sh', () => {
  let kafka: ApacheKafka
  beforeAll(async () => {
    kafka = await startApacheKafka(home!)
    return () => kafka.stop()
  })

  it.concurrent.each(CASES)('$args', async (given) => {
    const { bootstrapServers } = kafka
    const subject = { home: home!, script: 'kafka-client-metrics', command: 'client-metrics', bootstrapServers }
    await compareWithScript(subject, given)
  })
})
