/** One run of the commit laboratory: a consumer in a process of its own is killed amid its work, and another one goes on. */
import { type ChildProcess, spawn } from 'node:child_process'
import { KtError } from '../../base/errors.ts'
import type { CommandContext } from '../../cli/context.ts'
import type { ConnectionFlags } from '../../cli/own-command.ts'
import { readRecords, writeRecords } from '../../learn/facts/records.ts'
import {
  COMMIT_ORDERS,
  type CommitRun,
  commitGroup,
  crashAt,
  invoicesTopic,
  orderOf,
  TIMINGS,
  type Timing,
  tallyCommit,
} from '../../learn/lab/commit.ts'
import type { Place } from '../learn/place.ts'
import { interrupted, until } from './nodes.ts'

export interface CommitParts {
  readonly place: Place
  readonly context: Pick<CommandContext, 'clock' | 'signal' | 'env'>
  readonly flags: ConnectionFlags
  readonly orders: number
  readonly say: (line: string) => void
}

const READY_LIMIT_MS = 20_000
/** A group waits six seconds for the dead member; the rest is work. */
const WORK_LIMIT_MS = 120_000

/** Deletes what an earlier run left and makes the orders anew. */
export async function prepareCommit(parts: CommitParts): Promise<void> {
  const { place, context, orders } = parts
  const topics = [COMMIT_ORDERS, ...TIMINGS.map(invoicesTopic)]
  const groups = TIMINGS.map(commitGroup)
  await until(context, READY_LIMIT_MS, 'what an earlier run left is deleted', async () => {
    const admin = await place.admin()
    const known = (await admin.listGroups()).map(({ groupId }) => groupId).filter((id) => groups.includes(id as never))
    if (known.length > 0) await admin.deleteGroups(known)
    await admin.deleteTopics(topics)
    const [left, members] = await Promise.all([admin.listTopics(), admin.listGroups()])
    const isThere =
      left.some(({ name }) => topics.includes(name)) || members.some(({ groupId }) => groups.includes(groupId as never))
    return isThere ? null : true
  })
  await until(context, READY_LIMIT_MS, 'the topics are made', async () => {
    const admin = await place.admin()
    await admin.createTopics(topics.map((name) => ({ name, partitions: 1, replicationFactor: -1 })))
    const made = await admin.describeTopics(topics)
    return topics.every((name) => {
      const found = made.get(name)
      return found?.ok === true && found.value.partitions[0]?.leader !== -1
    })
      ? true
      : null
  })
  const values = Array.from({ length: orders }, (_, at) => ({ value: orderOf(at + 1) }))
  await writeRecords(await place.connection(), COMMIT_ORDERS, values)
}

/** The topics are there, with orders and without invoices. Throws `KtError` when it could not be brought about. */
export async function commitExperiment(timing: Timing, parts: CommitParts): Promise<CommitRun> {
  const { place, context, orders, say } = parts
  const at = crashAt(orders)
  const [first, pid] = await workerRun(timing, parts, at)
  interrupted(context.signal)
  const group = commitGroup(timing)
  const committed = (await (await place.admin()).listGroupOffsets([group])).get(group)
  const offset = (committed?.ok ? committed.value : []).find(({ topic }) => topic === COMMIT_ORDERS)?.offset ?? 0
  say(`commit ${timing}: consumer ${pid} wrote ${first} invoices and was killed; committed is ${offset}`)
  say(`commit ${timing}: another one takes over, once the group has waited 6 s for the dead one`)
  await workerRun(timing, parts, null)
  interrupted(context.signal)
  const invoices = await readRecords(await place.connection(), invoicesTopic(timing), [0], context.clock)
  return tallyCommit(
    { timing, orders, committed: offset },
    invoices.map(({ value }) => value),
  )
}

/** Runs a consumer, to be killed after so many invoices, or to its end. Resolves with how many it told of, and its pid. */
async function workerRun(timing: Timing, parts: CommitParts, killAfter: number | null): Promise<[number, number]> {
  const { context } = parts
  const child = spawnWorker(timing, parts)
  const end = (): void => void child.kill('SIGKILL')
  context.signal.addEventListener('abort', end, { once: true })
  const timer = context.clock.setTimer(WORK_LIMIT_MS, end)
  let told = 0
  let said = ''
  child.stdout!.on('data', (chunk: Buffer) => {
    told += chunk.toString('utf8').split('\n').length - 1
    if (killAfter !== null && told >= killAfter) end()
  })
  child.stderr!.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString('utf8')).slice(-MAX_SAID)
  })
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', resolve)
  }).finally(() => {
    timer.cancel()
    context.signal.removeEventListener('abort', end)
  })
  const isAsMeant = killAfter === null ? code === 0 : code === null && told >= killAfter
  if (!isAsMeant && !context.signal.aborted) {
    const facts = [`its exit code was ${code}, it told of ${told} invoices`, ...(said === '' ? [] : [said.trim()])]
    throw new KtError('timeout', `The consumer that commits ${timing} its work ended otherwise than was meant`, {
      facts,
    })
  }
  return [told, child.pid ?? -1]
}

const MAX_SAID = 1_000

/** The same program in a process of its own. */
function spawnWorker(timing: Timing, { flags, context }: CommitParts): ChildProcess {
  const { bootstrapServer, commandConfig, profile } = flags
  const words = [
    ...['__lab-worker', '--commit', timing],
    ...(bootstrapServer === undefined ? [] : ['--bootstrap-server', bootstrapServer]),
    ...(commandConfig === undefined ? [] : ['--command-config', commandConfig]),
    ...(profile === undefined ? [] : ['--profile', profile]),
  ]
  const program = [...process.execArgv, process.argv[1]!]
  return spawn(process.execPath, [...program, ...words], {
    env: { ...context.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}
