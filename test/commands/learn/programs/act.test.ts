/** What programs of lessons do, on a node in this process: they write, they read slowly, they are stuck. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createAdmin } from '../../../../src/client/admin.ts'
import type { Admin } from '../../../../src/client/admin-types.ts'
import { Producer } from '../../../../src/client/producer.ts'
import { startCluster } from '../../../../src/cluster/start-cluster.ts'
import type { LocalCluster } from '../../../../src/cluster/types.ts'
import { type CommandResult, runCommand } from '../../../support/run-command.ts'

let cluster: LocalCluster
let admin: Admin
beforeAll(async () => {
  cluster = await startCluster({ config: { 'group.initial.rebalance.delay.ms': '0' } })
  admin = createAdmin({ bootstrapServers: [cluster.bootstrapServers] })
})
afterAll(async () => {
  await admin.close()
  await cluster[Symbol.asyncDispose]()
})

interface Program {
  readonly ended: Promise<CommandResult>
  end(): Promise<CommandResult>
}

function act(line: string): Program {
  const ending = new AbortController()
  const words = ['learn', 'act', ...line.split(' '), '--bootstrap-server', cluster.bootstrapServers]
  const ended = runCommand(words, { signal: ending.signal })
  const end = (): Promise<CommandResult> => {
    ending.abort('SIGINT')
    return ended
  }
  return { ended, end }
}

async function until(isThere: () => Promise<boolean>): Promise<void> {
  while (!(await isThere())) await new Promise((resolve) => setTimeout(resolve, 20))
}

async function endOf(topic: string): Promise<number> {
  const [end] = await admin.listOffsets([{ topic, partition: 0, spec: 'latest' }])
  return end !== undefined && 'value' in end ? end.value.offset : -1
}

async function committed(group: string): Promise<number> {
  const all = (await admin.listGroupOffsets([group])).get(group)
  const offsets = all !== undefined && 'value' in all ? all.value : []
  return offsets[0]?.offset ?? -1
}

async function topicWith(name: string, values: readonly string[]): Promise<void> {
  await admin.createTopics([{ name, partitions: 1, replicationFactor: 1 }])
  const producer = new Producer({ bootstrapServers: [cluster.bootstrapServers] }, { acks: 'all', lingerMs: 0 })
  for (const value of values) await producer.send({ topic: name, key: null, value: Buffer.from(value) })
  await producer.close()
}

it('writes records with keys, one after the other, until it is ended', async () => {
  await topicWith('written', [])
  const till = act('--name till --topic written --delay-ms 1')
  await until(async () => (await endOf('written')) >= 5)
  expect((await till.end()).stderr).toBe('')
  const { stdout } = await runCommand([
    ...[
      'console-consumer',
      '--topic',
      'written',
      '--max-messages',
      '2',
      '--from-beginning',
      '--formatter-property',
      'print.key=true',
    ],
    ...['--bootstrap-server', cluster.bootstrapServers],
  ])
  expect(stdout).toBe('bob\torder 1\ncarol\torder 2\n')
})

it('reads as a member of a group, writes what it has dealt with, and commits that', async () => {
  await topicWith('orders', ['one', 'two', 'three'])
  await topicWith('booked', [])
  const booking = act('--name booking --topic orders --group books --to booked --delay-ms 1')
  await until(async () => (await endOf('booked')) === 3)
  await booking.end()
  expect(await committed('books')).toBe(3)
  // It goes on where it has ended.
  const again = act('--name booking --topic orders --group books --to booked --delay-ms 1')
  await topicWith('more', [])
  await again.end()
  expect(await endOf('booked')).toBe(3)
})

it('tries a record that it cannot deal with again and again, and never commits beyond it', async () => {
  await topicWith('bills', ['10 euro', 'none', '20 euro'])
  await topicWith('billed', [])
  const really = act('--name really --topic bills --group billers --to billed --delay-ms 1 --stuck-on none')
  await until(async () => (await endOf('billed')) === 1 && (await committed('billers')) === 1)
  const { stdout } = await really.end()
  expect(stdout).toContain("cannot book 'none': no amount. Trying again.")
  expect([await endOf('billed'), await committed('billers')]).toEqual([1, 1])
})
