import { showRecords } from '../../checks/records.ts'
import type { Check, Lesson, Look } from '../../lesson.ts'
import { names } from '../../names.ts'
import type { Stage } from '../../stage.ts'
import { seen } from '../../verdict.ts'
import { atTime, backAt, countWords, difference, lastCounts, linesOf, wrongCount } from './checks.ts'
import { type FilePlaces, LINES, programText, sinkText, sourceText, workerText } from './files.ts'

const { name } = names(35)
const orders = name('orders')
const counts = name('counts')
const source = name('source')
/** The sink connector, and its group. */
const sink = name('sink')
/** The application's id, and its group. */
const words = name('words')
const STORE = 'counts'
/** Kafka Streams calls it so. */
const changelog = `${words}-${STORE}-changelog`
const connect = 'connect-standalone worker.properties source.properties sink.properties'
const IN_FILES = 'cd "$(kt learn files)"'
const STREAMS = 'java -cp "$KAFKA_HOME/libs/*" Words.java'
const MORE = 'alice buys a lamp'

const written = async ({ facts }: Look): Promise<string[]> =>
  (await facts.records(orders)).map(({ value }) => value ?? '')

const inTopic: Check = async (look) => {
  const wanted = linesOf(look.facts.file('orders.txt'))
  const wrong = difference(wanted, await written(look))
  const expected = `the ${wanted.length} lines of orders.txt as records of ${orders}, in their order`
  return seen(wanted.length > 0 && wrong === null, { expected, observed: wrong ?? expected, show: showRecords(orders) })
}

const inCopy: Check = async ({ facts }) => {
  const wanted = linesOf(facts.file('orders.txt'))
  const wrong = difference(wanted, linesOf(facts.file('copy.txt')))
  const expected = 'copy.txt with the same lines as orders.txt'
  return seen(wanted.length > 0 && wrong === null, {
    expected,
    observed: wrong ?? expected,
    show: 'kt learn files copy.txt',
  })
}

const wentOn: Check = async (look) => {
  const wanted = linesOf(look.facts.file('orders.txt'))
  const back = backAt(look.journal.events, sink)
  const found = await written(look)
  const wrong = difference(wanted, found)
  const expected = 'the worker ended and started again, a line more, and no line twice'
  const observed = `back: ${atTime(back)}; ${found.length} records for ${wanted.length} lines, ${LINES.length} at first`
  return seen(back !== undefined && wanted.length > LINES.length && wrong === null, {
    ...{ expected, observed, show: showRecords(orders) },
  })
}

const counted: Check = async (look) => {
  const { facts } = look
  const expected = `the count of each word in ${counts}, and a changelog topic of the application's own`
  const show = `kt console-consumer --topic ${counts} --exit-at-end --meta`
  if ((await facts.topic(changelog)) === null) {
    return seen(false, { expected, observed: `no topic ${changelog}`, show: 'kt topics --list' })
  }
  const wrong = wrongCount(countWords(await written(look)), lastCounts(await facts.records(counts)))
  return seen(wrong === null, { expected, observed: wrong ?? expected, show })
}

/** Writes what the learner starts from. */
async function prepare(stage: Stage): Promise<void> {
  await stage.topic(orders, { partitions: 1 })
  await stage.topic(counts, { partitions: 1 })
  const plugin = stage.kafka?.jar('connect-file') ?? ''
  const places: FilePlaces = { servers: await stage.servers(), plugin, path: (file) => stage.path(file) }
  stage.file('orders.txt', LINES.map((line) => `${line}\n`).join(''))
  stage.file('worker.properties', workerText(places))
  stage.file('source.properties', sourceText(source, orders, places))
  stage.file('sink.properties', sinkText(sink, orders, places))
  stage.file('Words.java', programText({ id: words, from: orders, to: counts, store: STORE }, places))
}

const started = async ({ facts }: Look): Promise<string> =>
  `connect-standalone ${['worker', 'source', 'sink'].map((each) => facts.path(`${each}.properties`)).join(' ')}`

export const lesson: Lesson = {
  number: 35,
  name: 'connect',
  title: 'Connect moves data, Streams works on it',
  inShort:
    'Connect moves data between Kafka and other systems with settings instead of programs; Streams computes topics from topics.',
  where: 'anywhere',
  needs: [{ kind: 'kafka-home', script: 'connect-standalone.sh', what: 'Kafka Connect' }],
  answers: ['002:53', '002:59', '000:18', '000:20', '000:78', '001:113', '001:128', '002:46'],
  beliefs: [
    {
      older: 'a stream processor is a constant stream of messages',
      today:
        'never: it is a program that reads topics and writes topics. Kafka Streams is a library inside of yours. Flink is a cluster of its own, which runs such programs for you.',
    },
    {
      older: 'Streams: a library plus the cluster technology of the server',
      today: 'true since 0.10 as far as topics and groups go: nothing of it is installed on the brokers.',
    },
  ],
  text: `Orders of the phone are typed into a file, orders.txt. Nobody should write a program for that: Kafka Connect has
connectors. A source reads a system and writes a topic; a sink reads a topic and writes a system. A worker is the
process that runs them. The files of this lesson are in the directory that \`kt learn files\` tells.

Start the worker with both connectors, and look at copy.txt. Then end it with Ctrl-C, append an order to orders.txt, and
start it again: does it begin anew?

At last start Words.java beside it. It counts the words of all orders: a Kafka Streams application in some thirty lines.
(Connect and Streams run on Java. \`kt connect-standalone\` starts that of Apache Kafka in KAFKA_HOME. The
files of this lesson know no TLS and no login: it needs a cluster with a PLAINTEXT listener.)`,
  type: [
    `${IN_FILES}     (in another terminal)`,
    `kt ${connect}`,
    'cat copy.txt     (Ctrl-C ends the worker)',
    `echo '${MORE}' >> orders.txt`,
    `kt ${connect}`,
    `${STREAMS}     (in a third terminal, same directory)`,
    `kt console-consumer --topic ${counts} --from-beginning --meta`,
  ],
  watch: { topics: [orders, counts], groups: [sink, words] },
  setUp: prepare,
  questions: [
    {
      name: 'again',
      ask: `The worker is ended, and started again. ${LINES.length} lines were copied before, one came since. How many records has the topic then?`,
      choices: ['6', '7', '13'],
      answer: async () => '7',
      because:
        'A source keeps how far it has read, here in the file position; a sink is a consumer group, and has its committed offset. Both go on there. After a crash the last lines may come twice: at least once.',
    },
  ],
  goals: [
    {
      name: 'every line of orders.txt is a record',
      check: inTopic,
      hints: [
        'Start the worker; it takes some seconds until Java runs.',
        'A worker gets its own settings first, then those of each connector. All three files are there.',
        `\`${IN_FILES}\`, then \`kt ${connect}\``,
      ],
    },
    {
      name: 'and every record is a line of copy.txt',
      check: inCopy,
      hints: [
        'The sink runs in the same worker.',
        'It reads the topic as a consumer group, and writes what it has read every second.',
        `\`${IN_FILES}\`, then \`kt ${connect}\``,
      ],
    },
    {
      name: 'started again, the worker went on where it was',
      check: wentOn,
      hints: [
        'End the worker, append a line to orders.txt, start the worker.',
        'The source has noted how far it was, and the group of the sink has committed.',
        `Ctrl-C, then \`echo '${MORE}' >> orders.txt\`, then \`kt ${connect}\``,
      ],
    },
    {
      name: 'the words of all orders are counted',
      check: counted,
      hints: [
        'Words.java is started by java itself; it needs a JDK of version 17 or later.',
        'The library is in the libs of Apache Kafka. What the application counts it keeps on its own disk, and writes each change to a changelog topic.',
        `\`${IN_FILES}\`, then ${STREAMS}; then \`kt console-consumer --topic ${counts} --from-beginning --meta\``,
      ],
    },
  ],
  solution: [
    { line: connect, lineOf: started, beside: true, until: 'and every record is a line of copy.txt' },
    { line: 'Ctrl-C in the terminal of the worker', ends: true },
    {
      line: `learn files; echo '${MORE}' >> "$(kt learn files)/orders.txt"`,
    },
    { line: connect, lineOf: started, beside: true, until: 'started again, the worker went on where it was' },
    {
      line: `learn files; exec ${STREAMS}`,
      lineOf: async ({ facts }) => `learn files; exec java -cp "$KAFKA_HOME/libs/*" '${facts.path('Words.java')}'`,
      beside: true,
      until: 'the words of all orders are counted',
    },
  ],
  async after(look) {
    const { facts, journal } = look
    const lines = await written(look)
    const often = [...countWords(lines)].sort(([, a], [, b]) => b - a).slice(0, 3)
    const policy = (await facts.topicConfig(changelog)).get('cleanup.policy')?.value
    return `The worker came back at ${atTime(backAt(journal.events, sink))}, and each of the ${lines.length} lines is in ${orders} once: the source had its position in a file, the sink its committed offset in group ${sink}. In distributed mode, where several workers share the work, both positions are kept in Kafka. Most often counted: ${often.map(([word, count]) => `${word} ${count}`).join(', ')}. ${changelog} (cleanup.policy=${policy}) has the last count of each word, so that another machine can go on counting when this one dies. A connector is a producer or a consumer with a position that is kept; a Streams application is both, and keeps state.`
  },
  play: [
    'kt learn files position     (the position of the source, as Java wrote it)',
    `kt consumer-groups --describe --group ${sink}`,
    `kt topics --describe --topic ${changelog}`,
    'start Words.java a second time: both are members of one group, and share partitions',
  ],
}
