import { expect, it } from 'vitest'
import { settingsOf } from '../../../src/commands/explain/part-settings.ts'
import type { Part } from '../../../src/commands/explain/read-arguments.ts'

const part = (option: string, ...values: string[]): Part => ({
  ...{ words: [`--${option}`, ...values], option, values },
  ...{ meaning: '', status: 'known', modern: [] },
})

const isKnown = async (command: string, at: number, ...parts: Part[]) =>
  (await settingsOf(command, parts[at]!, parts)).map(({ status }) => status)

it.each<[string, number, Part[]]>([
  ['topics', 0, [part('config', 'retention.ms=1')]],
  ['configs', 1, [part('entity-type', 'brokers'), part('add-config', 'num.io.threads=4')]],
  ['configs', 1, [part('topic', 't'), part('delete-config', 'retention.ms')]],
  ['configs', 1, [part('group', 'g'), part('add-config', 'share.auto.offset.reset=earliest')]],
  ['configs', 1, [part('user', 'u'), part('add-config', 'request_percentage=5')]],
  ['configs', 1, [part('client-metrics', 'm'), part('add-config', 'interval.ms=1000')]],
  ['console-consumer', 0, [part('consumer-property', 'max.poll.records=5')]],
  ['console-consumer', 0, [part('property', 'print.key=true')]],
  ['console-share-consumer', 0, [part('formatter-property', 'print.delivery=true')]],
  ['server-start', 0, [part('override', 'log.retention.hours=1')]],
])('%s: settings of option %i', async (command, at, parts) => {
  expect(await isKnown(command, at, ...parts)).toEqual(['known'])
})

it('takes each of several values', async () => {
  expect(await isKnown('producer-perf-test', 0, part('producer-props', 'acks=1', 'linger.ms=5'))).toHaveLength(2)
})

it('finds none elsewhere', async () => {
  expect(await isKnown('topics', 0, part('topic', 'retention.ms=1'))).toEqual([])
  expect(await isKnown('configs', 0, part('add-config', 'a=b'))).toEqual([])
  expect(await settingsOf('topics', { ...part('x'), option: undefined }, [])).toEqual([])
})
