/** What the nodes of a real cluster tell of themselves: beside a command, and live while a leader dies. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type RunningCluster, runningCluster } from '../support/running-cluster.ts'

const TIMEOUT_MS = 180_000

describe('the timeline of a cluster', { timeout: TIMEOUT_MS }, () => {
  let cluster: RunningCluster
  beforeAll(async () => {
    cluster = await runningCluster({ brokers: 3 })
  }, TIMEOUT_MS)
  afterAll(() => cluster?.[Symbol.asyncDispose]())

  const inside = (stderr: string): string[] => stderr.split('\n').filter((line) => line.startsWith('      inside '))

  it('is told between request and answer: a topic', async () => {
    const { stderr } = await cluster.kt([
      ...['topics', '--create', '--topic', 'told', '--partitions', '1', '--replication-factor', '3', '--explain'],
    ])
    const lines = stderr.split('\n')
    const asked = lines.findIndex((line) => line.startsWith('CreateTopics'))
    const written = lines.findIndex((line) => line.includes('TopicRecord told; PartitionRecord told-0 leader'))
    const answered = lines.findLastIndex((line) => line.startsWith('    answer after'))
    expect([asked < written, written < answered]).toEqual([true, true])
    expect(stderr).toMatch(/inside broker \d: told-0: leads from now on, leader epoch 0 begins at offset 0/)
  })

  it('is told between request and answer: a record on its way to every replica', async () => {
    const produce = ['console-producer', '--topic', 'told', '--explain']
    const { stderr } = await cluster.kt(produce, 'hello\n')
    const text = inside(stderr).join('\n')
    expect(text).toMatch(/told-0: appended offset 0 as leader, leader epoch 0, \d+ bytes/)
    expect(text).toMatch(/Produce waits in purgatory, 1500 ms at most, for high watermark of told-0 at 1 \(now 0, ISR /)
    expect(text.match(/told-0: appended offset 0 as follower/g)).toHaveLength(2)
    expect(text).toMatch(/told-0: high watermark 0 -> 1\n/)
    expect(text).toMatch(/Produce leaves purgatory after [\d.]+ ms: what it waited for is there/)
  })

  it('speaks of what the command speaks of', async () => {
    await cluster.kt(['topics', '--create', '--topic', 'other', '--partitions', '1'])
    const { stderr } = await cluster.kt(['console-producer', '--topic', 'other', '--explain'], 'x\n')
    expect(inside(stderr).join('\n')).toContain('other-0: appended')
    expect(inside(stderr).join('\n')).not.toContain('told-0')
  })

  it('shows live how a leader dies and another one takes over', async () => {
    const described = await cluster.kt(['topics', '--describe', '--topic', 'told'])
    const leader = Number(/Leader: (\d)/.exec(described.stdout)![1])
    const live = cluster.kt(['cluster', 'timeline', '--topic', 'told', '--for', '14s', '--format', 'json'])
    await new Promise((resolve) => setTimeout(resolve, 3000))
    await cluster.kt(['cluster', 'kill', String(leader)])
    const { stdout, stderr, code } = await live
    expect(code).toBe(0)
    const events = stdout
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Record<string, unknown>)
    for (const event of events) expect(event).toMatchObject({ apiVersion: 'kt/v1', kind: 'TimelineEvent' })
    const times = events.map(({ machineMs }) => Number(machineMs))
    expect(times).toEqual([...times].sort((a, b) => a - b))
    expect(stderr).toContain(`broker ${leader} has gone`)
    expect(events).toContainEqual(expect.objectContaining({ type: 'broker-fenced', brokerId: leader }))
    const elected = events.find(({ type, role }) => type === 'leader-epoch' && role === 'leader')
    expect(elected).toMatchObject({ partition: 'told-0', leaderEpoch: 1, endOffset: 1 })
    expect(events.find(({ type, step }) => type === 'metadata' && step === 'written')).toBeDefined()
  })

  it('says when there is nobody to watch', async () => {
    const wrong = await cluster.kt(['cluster', 'timeline', '99'])
    expect([wrong.code, wrong.stderr]).toEqual([8, expect.stringContaining('99')])
    const bad = await cluster.kt(['cluster', 'timeline', '--for', 'soon'])
    expect([bad.code, bad.stderr]).toEqual([2, expect.stringContaining('is no length of time')])
  })
})
