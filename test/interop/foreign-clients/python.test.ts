/** The Python clients confluent-kafka (librdkafka) and kafka-python against the bundled node. */
import * as path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type LocalCluster, startCluster } from '../../../src/index.ts'
import { runProcess } from '../../support/apache-kafka.ts'
import { hasPythonModule, PYTHON } from './tools.ts'

const CLIENTS = [
  { module: 'confluent_kafka', script: 'confluent_client.py' },
  { module: 'kafka', script: 'kafka_python_client.py' },
]

for (const { module, script } of CLIENTS) {
  const present = hasPythonModule(module)

  describe.skipIf(!present)(`${module}${present ? '' : ' is not on this machine: skipped'}`, () => {
    let cluster: LocalCluster

    beforeAll(async () => {
      cluster = await startCluster()
    })
    afterAll(() => cluster.close())

    const run = (what: string) =>
      runProcess(PYTHON, [path.join(import.meta.dirname, script), cluster.bootstrapServers, what], {
        timeoutMs: 90_000,
      })

    it.each(['compressions', 'shapes', 'places', 'idempotence', 'group', 'admin'])('%s', async (what) => {
      const { stdout, stderr, code } = await run(what)
      expect({ stdout, code, stderr: code === 0 ? '' : stderr }).toEqual({ stdout: 'ok\n', code: 0, stderr: '' })
    })
  })
}
