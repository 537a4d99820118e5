import { describe, expect, it } from 'vitest'
import { silentLogger } from '../../src/base/logger.ts'
import { ControllerRegistrar } from '../../src/controller/controller-registration.ts'
import type { ControllerChannel } from '../../src/controller/types.ts'
import { EMPTY_IMAGE } from '../../src/metadata/image.ts'
import type { MetadataImage } from '../../src/metadata/types.ts'
import { KafkaError } from '../../src/protocol/error-codes.ts'
import type { MetadataRecordInput } from '../../src/protocol/metadata/index.ts'
import { feature, replay, uuidOf } from '../metadata/support.ts'
import { ManualClock, settled } from '../support/manual-clock.ts'

const registered = (incarnation: number): MetadataRecordInput => ({
  record: 'registerControllerRecord',
  body: { controllerId: 2, incarnationId: uuidOf(incarnation) },
})

function make(answers: (number | Error)[] = []) {
  const clock = new ManualClock(0)
  const sentAtMs: number[] = []
  const channel = {
    send: async () => {
      sentAtMs.push(clock.monotonic())
      const answer = answers.shift() ?? 0
      if (answer instanceof Error) throw answer
      return { errorCode: answer }
    },
  } as unknown as ControllerChannel
  const registration = {
    controllerId: 2,
    incarnationId: uuidOf(22),
    zkMigrationReady: false,
    listeners: [],
    features: [],
  }
  const registrar = new ControllerRegistrar({ registration, channel, clock, logger: silentLogger })
  let image: MetadataImage = EMPTY_IMAGE
  const learn = (...records: MetadataRecordInput[]): Promise<void> => {
    const next = replay(image, records)
    image = next.image
    registrar.onMetadataUpdate(next.delta, image)
    return settled()
  }
  return { registrar, clock, sentAtMs, learn }
}

const VERSION = feature('metadata.version', 30)

describe('a controller', () => {
  it('registers once there is a cluster, and once', async () => {
    const { registrar, clock, sentAtMs, learn } = make()
    await learn(feature('group.version', 1))
    expect(sentAtMs).toEqual([])
    await learn(VERSION)
    expect([sentAtMs.length, registrar.isRegistered]).toEqual([1, false])
    await learn(registered(22))
    expect(registrar.isRegistered).toBe(true)
    await clock.advance(60_000)
    await learn(feature('group.version', 1))
    expect(sentAtMs).toHaveLength(1)
  })

  it('is content with what the log says of it already', async () => {
    const { sentAtMs, learn } = make()
    await learn(VERSION, registered(22))
    expect(sentAtMs).toEqual([])
  })

  it('registers again when the log speaks of an earlier process', async () => {
    const { sentAtMs, learn } = make()
    await learn(VERSION, registered(21))
    expect(sentAtMs).toHaveLength(1)
  })

  it('tries again after refusals and failures, ever more slowly', async () => {
    const { clock, sentAtMs, learn } = make([41, new KafkaError('REQUEST_TIMED_OUT'), 41, 41])
    await learn(VERSION)
    await clock.advance(1_600)
    expect(sentAtMs).toEqual([0, 100, 300, 700, 1_500])
  })

  it('does not hurry because metadata changes meanwhile', async () => {
    const { sentAtMs, learn } = make([41])
    await learn(VERSION)
    await learn(feature('group.version', 1))
    expect(sentAtMs).toEqual([0])
  })

  it('tries again when what was accepted never comes', async () => {
    const { clock, sentAtMs, learn } = make()
    await learn(VERSION)
    await clock.advance(10_000)
    expect(sentAtMs).toEqual([0, 10_000])
  })

  it('that is closed says nothing more', async () => {
    const { registrar, clock, sentAtMs, learn } = make([41])
    await learn(VERSION)
    registrar.close()
    await clock.advance(60_000)
    await learn(feature('group.version', 1))
    expect([sentAtMs.length, clock.timerCount]).toEqual([1, 0])
  })
})
