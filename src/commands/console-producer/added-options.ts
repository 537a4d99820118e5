/** Our options of the producer: their declarations. */
import { double, flag, integer, optionalText, text } from '../../cli/options.ts'
import { KEY_PARTITIONERS } from '../key-partition.ts'
import { PLACEHOLDERS } from './generator.ts'

/** What `--partitioner` takes beside the hashes of other clients. */
export const PARTITIONER_NAMES = [...KEY_PARTITIONERS, 'round-robin', 'sticky'] as const

export const ADDED_OPTIONS = {
  format: text('json', 'Lines are records as console-consumer --format json writes them, nothing is lost.', {
    choices: ['json'],
  }),
  repartition: flag('With --format json: choose partitions anew instead of keeping those of the lines.'),
  partition: integer('partition', 'Send everything to this partition.'),
  timestamp: text('time', 'Timestamp of every record: -1h, 2026-01-31T12:00:00Z, milliseconds. Left out: now.'),
  header: text('name=value', 'A header of every record; a name alone has a null value. May be repeated.'),
  tombstone: flag('Lines are keys, values are null: records that delete in a compacted topic.'),
  partitioner: text(
    'name',
    'murmur2 as Java, crc32 as librdkafka, fnv1a as Sarama, round-robin, or sticky: without keys.',
    {
      choices: PARTITIONER_NAMES,
    },
  ),
  report: optionalText(
    'text|json',
    'Tell of each record where it is: partition and offset. Exit with 1 if one failed.',
  ),
  'transactional-id': text(
    'id',
    'Send everything in one transaction, committed at the end: all of it is seen, or nothing.',
  ),
  abort: flag('With --transactional-id: abort at the end instead, to see what readers make of it.'),
  template: text('text', `Made-up records instead of standard input: ${PLACEHOLDERS}.`),
  'key-template': text('text', 'Keys of the records, in the same way.'),
  count: integer('count', 'With --template: so many records. Left out: until interrupted.'),
  rate: double('records/s', 'No more than this many records a second.'),
  seed: integer('number', 'With --template: the same made-up data each time.'),
}
