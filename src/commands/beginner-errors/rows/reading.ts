/** What readers do not see, see twice, or see in another order than they thought. */
import { count, duration } from '../facts.ts'
import type { Found } from '../found.ts'
import type { Look } from '../look.ts'
import type { Said } from '../said.ts'
import { again, diagnoseSilence, isHeldBack } from '../silence.ts'
import type { BeginnerError } from '../types.ts'

async function tellSilence(said: Said, look: Look, found: Found): Promise<void> {
  const topic = said.name('TOPIC')
  if (topic === undefined) return
  const partition = said.name('PARTITION')
  const reader = {
    topic,
    partition: partition === undefined ? null : Number(partition),
    group: said.name('GROUP') ?? null,
    fromBeginning: said.has('from-beginning'),
    isCommitted: said.option('isolation-level') === 'read_committed',
    assigned: said.option('assigned') === undefined ? null : Number(said.option('assigned')),
  }
  await diagnoseSilence(reader, look, found)
}

async function tellGroupOffsets(said: Said, look: Look, found: Found): Promise<void> {
  const group = said.name('GROUP')
  if (group === undefined) return
  const topic = said.name('TOPIC')
  const offsets = (await look.committed(group)).filter((each) => topic === undefined || each.topic === topic)
  for (const each of offsets.slice(0, 8)) {
    found.fact(`group '${group}' goes on at offset ${each.offset} of ${each.topic}-${each.partition}`)
  }
  const first = topic ?? offsets[0]?.topic
  if (first !== undefined) found.do(...again(group, first))
}

async function tellRange(said: Said, look: Look, found: Found): Promise<void> {
  const topic = said.name('TOPIC')
  if (topic === undefined) return
  const partition = said.name('PARTITION')
  for (const range of await look.ranges(topic)) {
    if (partition !== undefined && range.partition !== Number(partition)) continue
    found.fact(`${topic}-${range.partition} holds offsets ${range.start} to ${range.end}`)
  }
  const offset = said.number('OFFSET') ?? said.option('offset')
  if (offset !== undefined) found.fact(`asked for was ${offset}`)
}

async function tellOrder(said: Said, look: Look, found: Found): Promise<void> {
  const topic = said.name('TOPIC')
  if (topic === undefined) return
  const ranges = await look.ranges(topic)
  const filled = ranges.filter(({ start, end }) => (end ?? 0) > (start ?? 0))
  if (ranges.length > 0)
    found.fact(`topic '${topic}': records in ${filled.length} of ${count(ranges.length, 'partition')}`)
}

/** The three clocks that run until a record is gone. */
async function tellClocks(said: Said, look: Look, found: Found): Promise<void> {
  const topic = said.name('TOPIC')
  const setting = async (name: string, ofBroker: string): Promise<number | null> => {
    const ofTopic = topic === undefined ? null : ((await look.configs('TOPIC', topic, [name])).get(name) ?? null)
    const value = ofTopic ?? (await look.brokerSetting(ofBroker))
    return value === null ? null : Number(value)
  }
  const retention = await setting('retention.ms', 'log.retention.ms')
  const segment = await setting('segment.ms', 'log.roll.ms')
  const check = await look.brokerSetting('log.retention.check.interval.ms')
  const fileDelete = await setting('file.delete.delay.ms', 'log.segment.delete.delay.ms')
  if (retention !== null)
    found.fact(`retention.ms ${retention} (${duration(retention)}): a segment goes when its newest record is older`)
  if (segment !== null)
    found.fact(`segment.ms ${segment} (${duration(segment)}): until then a segment with newer records stays whole`)
  if (check !== null)
    found.fact(`log.retention.check.interval.ms ${check}: the next look is within ${duration(Number(check))}`)
  if (fileDelete !== null)
    found.fact(`file.delete.delay.ms ${fileDelete}: its files stay ${duration(fileDelete)} longer on the disk`)
  if (topic === undefined) return
  for (const { partition, start, end } of (await look.ranges(topic)).slice(0, 8)) {
    if (end !== null) found.fact(`${topic}-${partition} holds offsets ${start} to ${end} now`)
  }
}

async function tellOpen(said: Said, look: Look, found: Found): Promise<void> {
  const topic = said.name('TOPIC')
  if (topic !== undefined) await isHeldBack(topic, await look.ranges(topic), look, found)
}

export const READING: readonly BeginnerError[] = [
  {
    id: 'from-beginning-ignored',
    title: '--from-beginning has no effect',
    texts: ['--from-beginning ignored', "group 'g' goes on where it was: --from-beginning counts for a new group only"],
    when: [
      /--from-beginning (is |was )?(ignored|does nothing|has no effect|not working)/i,
      /group '(?<GROUP>[^']+)' goes on where it was: --from-beginning/,
    ],
    why: 'A group goes on at its committed offsets. --from-beginning (auto.offset.reset=earliest) only says where one begins that has none.',
    next: [
      { run: 'kt console-consumer --topic TOPIC --from-beginning', does: 'without a group' },
      { run: 'kt consumer-groups --reset-offsets --group GROUP --topic TOPIC --to-earliest --execute' },
    ],
    where: 'console-consumer --group --from-beginning at a terminal',
    observe: tellGroupOffsets,
  },
  {
    id: 'silent-consumer',
    title: 'The consumer prints nothing',
    texts: ['consumer prints nothing', 'Processed a total of 0 messages', 'my consumer receives no messages'],
    when: [
      /consumer (prints|shows|receives|gets|reads) (nothing|no (records|messages))/i,
      /no (records|messages) (are )?(printed|received|consumed)/i,
    ],
    otherwise: /Processed a total of 0 messages/,
    why: 'Mostly it began at the end of the topic, where nothing has come since: that is the default without --from-beginning. Or the topic is empty, the group has read everything, or another member has the partitions.',
    next: [
      { run: 'kt topics --describe --topic TOPIC --offsets', does: 'whether there is anything' },
      { run: 'kt console-consumer --topic TOPIC --from-beginning' },
    ],
    where: 'console-consumer at a terminal: after five silent seconds, and when its --timeout-ms is over',
    shown: 'at a terminal',
    observe: tellSilence,
  },
  {
    id: 'offset-out-of-range',
    title: 'The offset is not in the log',
    texts: [
      'OFFSET_OUT_OF_RANGE',
      'Fetch position FetchPosition{offset=5, offsetEpoch=Optional.empty} is out of range for partition orders-0, resetting offset',
      'The requested offset is not within the range of offsets maintained by the server.',
    ],
    when: [
      /[Ff]etch(ing)? position .*offset=(?<OFFSET>\d+).* out of range for partition (?<TOPIC>[\w.-]+)-(?<PARTITION>\d+)/,
      /[Ff]etch (position|offset) (?<OFFSET>\d+) is out of range for partition (?<TOPIC>[\w.-]+)-(?<PARTITION>\d+)/,
      /offset (?<OFFSET>\d+) of (?<TOPIC>[\w.-]+)-(?<PARTITION>\d+) is not there/i,
    ],
    codes: ['OFFSET_OUT_OF_RANGE'],
    why: 'Retention or a deletion has moved the beginning of the log past it, or it was never written. auto.offset.reset decides where a reader goes on: latest skips to the end, earliest reads what is left, none fails.',
    next: [
      { run: 'kt get-offsets --topic TOPIC --time earliest', does: 'where it begins; --time latest for its end' },
      { run: 'kt console-consumer --topic TOPIC --partition PARTITION --offset earliest' },
    ],
    where: 'console-consumer --offset, programs with consumers',
    observe: tellRange,
  },
  {
    id: 'out-of-order',
    title: 'Records come in another order than they were written',
    texts: [
      'records out of order',
      'messages are not in order',
      "records of 3 partitions of 'orders' came in another order than they were written",
    ],
    when: [
      /(records|messages) (are |come |came )?"?(out of order|not in order|in (the )?wrong order)/i,
      /records of \d+ partitions of '(?<TOPIC>[^']+)' came in another order/,
    ],
    why: 'Order holds within a partition, never between two. A reader of several takes whatever arrives first. Records whose order matters need the same key: they are then in the same partition.',
    next: [
      {
        run: 'kt console-consumer --topic TOPIC --from-beginning --meta',
        does: 'with partition and offset of each record',
      },
      {
        run: 'kt console-producer --topic TOPIC --reader-property parse.key=true --reader-property key.separator=:',
        does: 'with keys',
      },
    ],
    where: 'console-consumer at a terminal, when its end comes',
    shown: 'at a terminal',
    observe: tellOrder,
  },
  {
    id: 'old-data-stays',
    title: 'Old records are still there after retention.ms',
    texts: [
      'old data still there after retention.ms',
      'retention.ms has no effect',
      'records are not deleted after retention.ms',
    ],
    when: [
      /\b(old|expired)\b.*\bretention/i,
      /\bretention(\.ms)?\b.*\b(no effect|not working|ignored|not deleted)/i,
      /not (been )?deleted.*retention/i,
    ],
    why: 'Whole segments are deleted, never single records, and three clocks run until then: the newest record of the segment must be older than retention.ms, a broker looks every log.retention.check.interval.ms, and the files go file.delete.delay.ms later.',
    next: [
      { run: 'kt topics --describe --topic TOPIC --offsets', does: 'the first offset grows when a segment goes' },
      { run: 'kt configs --alter --topic TOPIC --add-config segment.ms=60000', does: 'smaller segments go one by one' },
    ],
    where: 'configs --alter of retention.ms at a terminal',
    shown: 'at a terminal',
    observe: tellClocks,
  },
  {
    id: 'open-transaction',
    title: 'read_committed waits for an open transaction',
    texts: ['read_committed consumer stuck', 'read_committed consumer does not see new records'],
    when: [
      /read_committed\b.*\b(stuck|hangs|blocked|does not|waits|nothing)/i,
      /last stable offset.*(stuck|does not move)/i,
    ],
    why: 'The last stable offset is where the first open transaction begins: read_committed shows nothing from there on until that one is committed or aborted, records of others as well.',
    next: [
      { run: 'kt transactions list', does: 'which are Ongoing' },
      { run: 'kt transactions find-hanging --topic TOPIC', does: 'those whose producer is gone' },
    ],
    where: 'console-consumer --isolation-level read_committed at a terminal',
    observe: tellOpen,
  },
]
