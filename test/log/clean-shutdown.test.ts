import * as fs from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { nodeFileSystem } from '../../src/base/file-system.ts'
import { CleanShutdownMarker } from '../../src/log/clean-shutdown.ts'
import { scratchDirectory } from './support.ts'

describe('the clean shutdown marker', () => {
  it('is written, read and removed', () => {
    const directory = scratchDirectory()
    const marker = new CleanShutdownMarker(nodeFileSystem, directory)
    expect([marker.exists(), marker.brokerEpoch()]).toEqual([false, null])
    marker.remove()
    marker.write(17)
    expect(fs.readFileSync(join(directory, '.kafka_cleanshutdown'), 'utf8')).toBe('{"version":0,"brokerEpoch":17}')
    expect([marker.exists(), marker.brokerEpoch()]).toEqual([true, 17])
    marker.remove()
    expect(marker.exists()).toBe(false)
  })

  it.each(['', '{}', 'not json', '{"brokerEpoch":"x"}'])('counts without an epoch, too: %j', (text) => {
    const directory = scratchDirectory()
    fs.writeFileSync(join(directory, '.kafka_cleanshutdown'), text)
    const marker = new CleanShutdownMarker(nodeFileSystem, directory)
    expect([marker.exists(), marker.brokerEpoch()]).toEqual([true, null])
  })
})
