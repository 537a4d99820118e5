/** The figures `kt` is held to: each measures its sides in turn in one run and gives a ratio with its target. */
import * as fs from 'node:fs'
import * as path from 'node:path'
import {
  createTopic,
  deleteFilesAtOnce,
  deleteTopic,
  fetchLoad,
  type ProduceLoad,
  produceLatencies,
  produceLoad,
  RawConnection,
} from './load.ts'
import { inTurn, percentile, seconds } from './measure.ts'
import { memoryMegabytes, type Sides, startNode } from './sides.ts'

export interface Result {
  readonly figure: string
  readonly value: number
  readonly unit: string
  /** `<=` or `>=` and the value to reach; null where there is only something to report. */
  readonly target: { readonly at: '<=' | '>='; readonly value: number } | null
  readonly detail: string
}

export interface Figure {
  readonly name: string
  run(sides: Sides): Promise<Result[]>
}

const atMost = (value: number) => ({ at: '<=', value }) as const
const atLeast = (value: number) => ({ at: '>=', value }) as const
const ms = (value: number): string => `${(value * 1000).toFixed(0)} ms`
const mega = (value: number): string => `${value.toFixed(0)} MB/s`
const MIB = 1024 * 1024

/** `kt topics --list` against bare node and the script, on the same cluster. */
const listTopics: Figure = {
  name: 'list',
  async run(sides) {
    const args = ['--bootstrap-server', sides.kt.bootstrapServers, '--list']
    const times = await inTurn(7, {
      kt: () => seconds({ command: sides.node, args: [sides.ktBin, 'topics', ...args] }),
      node: () => seconds({ command: sides.node, args: ['-e', '0'] }),
    })
    const results: Result[] = [
      {
        figure: 'kt topics --list / node -e 0',
        value: times.kt / times.node,
        unit: 'x',
        target: atMost(3),
        detail: `${ms(times.kt)} / ${ms(times.node)}`,
      },
    ]
    if (sides.script === null) return results
    const script = await inTurn(3, { script: () => seconds({ command: sides.script!('kafka-topics'), args }) })
    results.push({
      figure: 'kafka-topics.sh --list / kt topics --list',
      value: script.script / times.kt,
      unit: 'x',
      target: atLeast(12),
      detail: `${ms(script.script)} / ${ms(times.kt)}`,
    })
    return results
  },
}

const firstRecord: Figure = {
  name: 'first-record',
  async run(sides) {
    const args = ['--bootstrap-server', sides.kt.bootstrapServers, '--topic', sides.linesTopic, '--from-beginning']
    const kt = await inTurn(5, {
      kt: () =>
        seconds({ command: sides.node, args: [sides.ktBin, 'console-consumer', ...args], untilFirstByte: true }),
    })
    if (sides.script === null) return []
    const script = await inTurn(3, {
      script: () => seconds({ command: sides.script!('kafka-console-consumer'), args, untilFirstByte: true }),
    })
    return [
      {
        figure: 'first record: script / kt console-consumer',
        value: script.script / kt.kt,
        unit: 'x',
        target: atLeast(10),
        detail: `${ms(script.script)} / ${ms(kt.kt)}`,
      },
    ]
  },
}

/** A million lines in, each side to a topic of its own on the same node. */
const consoleProducer: Figure = {
  name: 'console-producer',
  async run(sides) {
    const server = sides.kt.bootstrapServers
    const inputFile = sides.linesFile
    const into = (command: string, argsFor: (topic: string) => string[]) => () =>
      onFresh(server, 'bench-in', (topic) => seconds({ command, args: argsFor(topic), inputFile }))
    const flags = (topic: string): string[] => ['--bootstrap-server', server, '--topic', topic]
    const runs: Record<string, () => Promise<number>> = {
      kt: into(sides.node, (topic) => [sides.ktBin, 'console-producer', ...flags(topic)]),
    }
    if (sides.kcat !== null) {
      runs.kcat = into(sides.kcat, (topic) => ['-P', '-b', server, '-t', topic, '-l', inputFile])
    }
    const times = await inTurn(3, runs)
    const results: Result[] = []
    if (times.kcat !== undefined) {
      results.push({
        figure: 'console-producer 1M x 100 B: kt / kcat',
        value: times.kt! / times.kcat,
        unit: 'x',
        target: atMost(1.5),
        detail: `${ms(times.kt!)} / ${ms(times.kcat)}`,
      })
    }
    if (sides.script !== null) {
      const script = await inTurn(1, { s: into(sides.script('kafka-console-producer'), flags) })
      results.push({
        figure: 'console-producer 1M x 100 B: script / kt',
        value: script.s / times.kt!,
        unit: 'x',
        target: atLeast(5),
        detail: `${ms(script.s)} / ${ms(times.kt!)}`,
      })
    }
    return results
  },
}

const consoleConsumer: Figure = {
  name: 'console-consumer',
  async run(sides) {
    const outputFile = path.join(sides.directory, 'out.txt')
    const base = ['--bootstrap-server', sides.kt.bootstrapServers, '--topic', sides.linesTopic, '--from-beginning']
    const args = [...base, '--max-messages', '1000000']
    const runs: Record<string, () => Promise<number>> = {
      kt: () => seconds({ command: sides.node, args: [sides.ktBin, 'console-consumer', ...args], outputFile }),
    }
    const kcat = [
      '-C',
      '-b',
      sides.kt.bootstrapServers,
      '-t',
      sides.linesTopic,
      '-o',
      'beginning',
      '-c',
      '1000000',
      '-q',
    ]
    if (sides.kcat !== null) runs.kcat = () => seconds({ command: sides.kcat!, args: kcat, outputFile })
    const times = await inTurn(3, runs)
    await runs.kt!()
    const same = fs.readFileSync(outputFile).equals(fs.readFileSync(sides.linesFile))
    const results: Result[] = [
      { figure: 'console-consumer output = input', value: same ? 1 : 0, unit: '', target: atLeast(1), detail: '' },
    ]
    if (times.kcat !== undefined) {
      results.push({
        figure: 'console-consumer 1M x 100 B: kt / kcat',
        value: times.kt! / times.kcat,
        unit: 'x',
        target: atMost(1),
        detail: `${ms(times.kt!)} / ${ms(times.kcat)}`,
      })
    }
    if (sides.script !== null) {
      const command = sides.script('kafka-console-consumer')
      const script = await inTurn(1, { s: () => seconds({ command, args, outputFile }) })
      results.push({
        figure: 'console-consumer 1M x 100 B: script / kt',
        value: script.s / times.kt!,
        unit: 'x',
        target: atLeast(5),
        detail: `${ms(script.s)} / ${ms(times.kt!)}`,
      })
    }
    return results
  },
}

const LOADS: readonly (ProduceLoad & { label: string; target: number })[] = [
  { label: '64 KiB of 1 KiB', batchBytes: 65536, valueBytes: 1024, totalBytes: 300 * MIB, inFlight: 5, target: 1.2 },
  { label: '16 KiB of 100 B', batchBytes: 16384, valueBytes: 100, totalBytes: 150 * MIB, inFlight: 5, target: 3 },
]

async function fresh(address: string, topic: string): Promise<string> {
  const connection = await RawConnection.connect(address)
  const name = `${topic}-${Math.random().toString(36).slice(2, 8)}`
  await createTopic(connection, name)
  connection.close()
  return name
}

/** Has `work` done with a topic of its own, whose files are gone before the next. */
async function onFresh(address: string, prefix: string, work: (topic: string) => Promise<number>): Promise<number> {
  const topic = await fresh(address, prefix)
  const result = await work(topic)
  const connection = await RawConnection.connect(address)
  await deleteFilesAtOnce(connection)
  await deleteTopic(connection, topic)
  connection.close()
  return result
}

const nodeProduce: Figure = {
  name: 'node-produce',
  async run(sides) {
    if (sides.apache === null) return []
    const results: Result[] = []
    for (const load of LOADS) {
      const run = (address: string): Promise<number> =>
        onFresh(address, 'bench-produce', (topic) => produceLoad(address, topic, load))
      const rates = await inTurn(4, {
        kt: () => run(sides.kt.bootstrapServers),
        apache: () => run(sides.apache!.bootstrapServers),
      })
      results.push({
        figure: `node produce, ${load.label}: kt / Apache`,
        value: rates.kt / rates.apache,
        unit: 'x',
        target: atLeast(load.target),
        detail: `${mega(rates.kt)} / ${mega(rates.apache)}`,
      })
    }
    return results
  },
}

const nodeFetch: Figure = {
  name: 'node-fetch',
  async run(sides) {
    if (sides.apache === null) return []
    const results: Result[] = []
    for (const load of LOADS) {
      const topics: Record<string, string> = {}
      for (const side of [sides.kt, sides.apache]) {
        const topic = await fresh(side.bootstrapServers, 'bench-fetch')
        await produceLoad(side.bootstrapServers, topic, { ...load, totalBytes: 100 * MIB })
        topics[side.bootstrapServers] = topic
      }
      const run = (address: string): Promise<number> => fetchLoad(address, topics[address]!, 1000 * MIB)
      const rates = await inTurn(4, {
        kt: () => run(sides.kt.bootstrapServers),
        apache: () => run(sides.apache!.bootstrapServers),
      })
      results.push({
        figure: `node fetch, ${load.label}: kt / Apache`,
        value: rates.kt / rates.apache,
        unit: 'x',
        target: atLeast(0.9),
        detail: `${mega(rates.kt)} / ${mega(rates.apache)}`,
      })
    }
    return results
  },
}

const latency: Figure = {
  name: 'latency',
  async run(sides) {
    if (sides.apache === null) return []
    const run = async (address: string): Promise<number> =>
      percentile(await produceLatencies(address, await fresh(address, 'bench-latency'), 3000), 0.5)
    const p50 = await inTurn(5, {
      kt: () => run(sides.kt.bootstrapServers),
      apache: () => run(sides.apache!.bootstrapServers),
    })
    return [
      {
        figure: 'produce latency p50: kt / Apache',
        value: p50.kt / p50.apache,
        unit: 'x',
        target: atMost(2),
        detail: `${p50.kt.toFixed(0)} us / ${p50.apache.toFixed(0)} us`,
      },
    ]
  },
}

/** From nothing (no data directory) to the first acknowledged record. */
const start: Figure = {
  name: 'start',
  async run(sides) {
    const once = async (): Promise<number> => {
      const started = process.hrtime.bigint()
      const node = await startNode(sides)
      await produceLatencies(node.bootstrapServers, await fresh(node.bootstrapServers, 'first'), 1)
      const elapsed = Number(process.hrtime.bigint() - started) / 1e9
      await node.stop()
      return elapsed
    }
    const { kt } = await inTurn(5, { kt: once })
    return [
      {
        figure: 'kt cluster start, nothing to first acknowledged record',
        value: kt * 1000,
        unit: 'ms',
        target: atMost(700),
        detail: '',
      },
    ]
  },
}

function cpuSeconds(pid: number): number {
  const fields = fs.readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ')
  return (Number(fields[11]) + Number(fields[12])) / 100
}

const idle: Figure = {
  name: 'idle',
  async run(sides) {
    if (process.platform !== 'linux') return []
    const node = await startNode(sides)
    await new Promise((resolve) => setTimeout(resolve, 3000))
    const before = cpuSeconds(node.pid)
    await new Promise((resolve) => setTimeout(resolve, 20_000))
    const cpu = ((cpuSeconds(node.pid) - before) / 20) * 100
    const memory = memoryMegabytes(node.pid)
    await node.stop()
    return [
      { figure: 'idle node, resident memory', value: memory, unit: 'MB', target: atMost(90), detail: '' },
      { figure: 'idle node, CPU', value: cpu, unit: '%', target: atMost(1), detail: 'of one core, over 20 s' },
    ]
  },
}

export const FIGURES: readonly Figure[] = [
  listTopics,
  firstRecord,
  consoleProducer,
  consoleConsumer,
  nodeProduce,
  nodeFetch,
  latency,
  start,
  idle,
]
