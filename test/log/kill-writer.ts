/** Run by the kill -9 test: appends until it is killed, and acknowledges each offset on stdout once it is stored. */
import * as fs from 'node:fs'
import { systemClock } from '../../src/base/clock.ts'
import { nodeFileSystem } from '../../src/base/file-system.ts'
import { silentLogger } from '../../src/base/logger.ts'
import { systemRandom } from '../../src/base/random.ts'
import { BufferPool } from '../../src/log/buffer-pool.ts'
import { openLog } from '../../src/log/loader.ts'
import { OpenFiles } from '../../src/log/log-file.ts'
import { encodeBatch } from '../../src/protocol/records/record.ts'
import { TEST_CONFIG } from './config.ts'

const directory = process.argv[2]!
const log = openLog(
  {
    files: nodeFileSystem,
    clock: systemClock,
    random: systemRandom,
    logger: silentLogger,
    buffers: new BufferPool(),
    openFiles: new OpenFiles(),
    producerIdExpirationMs: 86_400_000,
    deleteLater: () => undefined,
    onFailure: (_, error) => {
      throw error
    },
  },
  { directory, topic: 'orders', partition: 0, topicId: null, config: { ...TEST_CONFIG, segmentBytes: 50_000 } },
)
for (let sequence = 0; ; sequence++) {
  const value = Buffer.from(`record ${sequence} ${'x'.repeat(500)}`)
  const batch = encodeBatch([{ timestamp: Date.now(), key: null, value }], {
    producerId: 9n,
    producerEpoch: 0,
    baseSequence: sequence,
  })
  const { lastOffset } = log.appendAsLeader(batch, { leaderEpoch: 0, origin: 'client' })
  fs.writeSync(1, `${lastOffset}\n`)
}
