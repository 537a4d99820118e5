import * as fs from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { nodeFileSystem } from '../../src/base/file-system.ts'
import { CleanShutdownMarker } from '../../src/log/clean-shutdown.ts'
import { Dice } from '../simulation/engine/dice.ts'
import { Scheduler } from '../simulation/engine/scheduler.ts'
import { SimDisk } from '../simulation/engine/sim-disk.ts'
import { SimFiles } from '../simulation/engine/sim-files.ts'
import { SimProcess } from '../simulation/engine/sim-process.ts'
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

  it('does not come back after a power failure once it was removed', () => {
    for (let seed = 0; seed < 20; seed++) {
      const disk = new SimDisk('disk', () => 1)
      const files = (): SimFiles => {
        const dice = new Dice(seed)
        return new SimFiles({ disk, process: new SimProcess('node'), scheduler: new Scheduler(), dice })
      }
      files().makeDirectory('/logs')
      new CleanShutdownMarker(files(), '/logs').write(17)
      disk.syncAll()
      new CleanShutdownMarker(files(), '/logs').remove()
      disk.losePower(new Dice(seed))
      expect(new CleanShutdownMarker(files(), '/logs').exists()).toBe(false)
    }
  })

  it.each(['', '{}', 'not json', '{"brokerEpoch":"x"}'])('counts without an epoch, too: %j', (text) => {
    const directory = scratchDirectory()
    fs.writeFileSync(join(directory, '.kafka_cleanshutdown'), text)
    const marker = new CleanShutdownMarker(nodeFileSystem, directory)
    expect([marker.exists(), marker.brokerEpoch()]).toEqual([true, null])
  })
})
