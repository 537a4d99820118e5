/** A member whose work takes longer than max.poll.interval.ms, of a client that counts it: what librdkafka says is explained. */
import { describe, expect, it, vi } from 'vitest'
import { startCluster } from '../../../src/index.ts'
import { runProcess } from '../../support/apache-kafka.ts'
import { runCommand } from '../../support/run-command.ts'
import { hasPythonModule, PYTHON } from './tools.ts'

const SCRIPT = `
import sys, time
from confluent_kafka import Consumer
c = Consumer({'bootstrap.servers': sys.argv[1], 'group.id': 'late', 'session.timeout.ms': 6000,
              'max.poll.interval.ms': 6000, 'auto.offset.reset': 'earliest'})
c.subscribe(['orders'])
while not c.assignment(): c.poll(0.2)
time.sleep(7.5)
c.poll(1)
`

describe.skipIf(!hasPythonModule('confluent_kafka'))('a member of librdkafka that polls too late', () => {
  it('says so in words that are known, and the group shows that it is gone', async () => {
    const cluster = await startCluster()
    try {
      const connect = ['--bootstrap-server', cluster.bootstrapServers]
      await runCommand(['topics', '--create', '--topic', 'orders', ...connect])
      const { stderr } = await runProcess(PYTHON, ['-c', SCRIPT, cluster.bootstrapServers], { timeoutMs: 60_000 })
      expect(stderr).toContain('Application maximum poll interval (6000ms) exceeded by')
      // A cluster that is busy does not answer within the second that an explanation waits for it.
      const { stdout } = await vi.waitUntil(
        async () => {
          const answer = await runCommand(['explain', stderr, '--group', 'late', ...connect], { columns: 200 })
          return answer.stdout.includes("group 'late'") && answer
        },
        { timeout: 20_000 },
      )
      expect(stdout).toContain('The consumer took too long between two polls')
      expect(stdout).toMatch(/max.poll.interval.ms was 6000, which is 6 s\s+it polled [\d.]+ m?s too late/)
      expect(stdout).toMatch(/rdkafka~\w{4} at 127.0.0.1 is gone/)
    } finally {
      await cluster.close()
    }
  }, 90_000)
})
