import { flag, integer, text } from '../../cli/options.ts'
import { KEY_PARTITIONERS } from '../key-partition.ts'

/** Our options that say which records are read. */
export const RANGE_OPTIONS = {
  'exit-at-end': flag(
    'End when everything that was there at the start has been read: from the beginning unless told otherwise.',
  ),
  tail: integer('count', 'The last records, of all partitions together; then end.'),
  follow: flag('With --tail: go on with what is written from now on.'),
  since: text('time', 'Begin with records of this time: -1h, 2026-01-31T12:00:00Z (UTC without a zone), milliseconds.'),
  until: text('time', 'End before the first record of this time.'),
  'start-offset': text('offset', 'Begin at this offset in each partition; -10 is ten before its end.'),
  'end-offset': text('offset', 'End before this offset in each partition; -10 is ten before its end.'),
  key: text('key', 'Records with this key; only the partition that it belongs in is read.'),
  partitioner: text('name', 'With --key: how the producer chose partitions. Default: murmur2, as Java does.', {
    choices: KEY_PARTITIONERS,
  }),
}
