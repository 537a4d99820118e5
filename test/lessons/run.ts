/**
 * `npm run lessons`: proves every lesson of the course on a bundled cluster of its own; `-- --apache` on Apache Kafka, as
 * far as a lesson can be done there. Ends with 1 when one of them is not as it should be.
 */
import { parseArgs } from 'node:util'
import { COURSE } from '../../src/learn/lessons/index.ts'
import { apacheCluster, reserveApacheCluster, stopApacheCluster } from '../support/apache-cluster.ts'
import { APACHE_KAFKA_VERSION, apacheConnectHome, apacheKafkaHome } from '../support/apache-kafka.ts'
import { byControllers } from './by-controllers.ts'
import { type Proof, prove } from './prove.ts'
import { LessonWorld } from './world.ts'

const USAGE = `npm run lessons -- [--lesson 15,16] [--apache] [--bootstrap-server HOST:PORT]
  --lesson            these alone; else all
  --apache            on three brokers of Apache Kafka ${APACHE_KAFKA_VERSION}, which are started for it
  --bootstrap-server  on a cluster that runs already; lessons make and delete topics and groups kt-NN-* there
KAFKA_HOME=/path/to/kafka names an Apache Kafka whose Connect and MirrorMaker run; without it they are fetched with --apache,
and else those lessons are "not here".
KT_SKIP_BUILD=1 takes dist/ as it is.
`

const { values: flags } = parseArgs({
  options: {
    lesson: { type: 'string' },
    apache: { type: 'boolean', default: false },
    'bootstrap-server': { type: 'string' },
    help: { type: 'boolean', short: 'h' },
  },
})

const isBundled = !flags.apache && flags['bootstrap-server'] === undefined

async function openWorld(controllers: number): Promise<{ world: LessonWorld; end: () => Promise<void> }> {
  const named = flags['bootstrap-server']
  if (named !== undefined) return { world: await LessonWorld.on(named), end: async () => undefined }
  if (!flags.apache) return { world: await LessonWorld.bundled(controllers), end: async () => undefined }
  const home = await apacheKafkaHome()
  if (home === null) throw new Error('Apache Kafka needs Java, and Maven for the first time')
  const directory = reserveApacheCluster()
  process.env.KT_APACHE_CLUSTER = directory
  const end = (): Promise<void> => stopApacheCluster(directory)
  try {
    const { bootstrapServers } = await apacheCluster(home)
    return { world: await LessonWorld.on(bootstrapServers, await apacheConnectHome()), end }
  } catch (error) {
    // What was started does not outlive a build that fails.
    await end()
    throw error
  }
}

function report({ number, title, durationMs, skipped, failures }: Proof): void {
  const word = failures.length > 0 ? 'FAILED' : skipped !== null ? 'not here' : 'ok'
  const seconds = `${(durationMs / 1000).toFixed(1)} s`
  const why = skipped === null ? '' : `: ${skipped}`
  process.stdout.write(`${String(number).padStart(2)}  ${word.padEnd(8)}  ${seconds.padStart(7)}  ${title}${why}\n`)
  for (const failure of failures) process.stdout.write(`      ${failure.replaceAll('\n', '\n      ')}\n`)
}

async function main(): Promise<number> {
  if (flags.help === true) {
    process.stdout.write(USAGE)
    return 0
  }
  const wanted = flags.lesson?.split(',').map(Number)
  const chosen = COURSE.filter(({ number }) => wanted === undefined || wanted.includes(number))
  const began = performance.now()
  const proofs: Proof[] = []
  let close = async (): Promise<void> => undefined
  // Nodes outlive the process that started them.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void close().finally(() => process.exit(1)))
  }
  for (const [controllers, entries] of isBundled ? await byControllers(chosen) : new Map([[1, chosen]])) {
    const { world, end } = await openWorld(controllers)
    close = async () => {
      await world[Symbol.asyncDispose]()
      await end()
    }
    try {
      for (const entry of entries) {
        const proof = await prove(entry, world)
        report(proof)
        proofs.push(proof)
      }
    } finally {
      await close()
      close = async () => undefined
    }
  }
  const failed = proofs.filter(({ failures }) => failures.length > 0).length
  const skipped = proofs.filter((proof) => proof.skipped !== null).length
  const seconds = ((performance.now() - began) / 1000).toFixed(0)
  process.stdout.write(
    `${proofs.length - failed - skipped} proved, ${failed} failed, ${skipped} not here, ${seconds} s\n`,
  )
  return failed === 0 && proofs.length > 0 ? 0 : 1
}

process.exitCode = await main()
