import { integer, long, text } from '../../cli/options.ts'
import type { Given } from '../../cli/script-command.ts'
import { checkServers } from '../bootstrap-check.ts'

export const VERIFICATION_OPTIONS = {
  'broker-list': text('host:port,...', 'Brokers to connect to. Left out: KT_BOOTSTRAP_SERVER, else the local cluster.'),
  'fetch-size': integer('bytes', 'Most bytes of a partition in one answer.', { default: String(1024 * 1024) }),
  'max-wait-ms': integer('ms', 'How long a broker may wait for records.', { default: '1000' }),
  'topics-include': text('regex', 'Topics whose whole names match.', { default: '.*' }),
  time: long('ms', 'Where to begin: -1 the end, -2 the beginning, or the first record at or after this time.', {
    default: '-1',
  }),
  'report-interval-ms': long('ms', 'How often the largest lag is told.', { default: '30000' }),
}
export type VerificationGiven = Given<typeof VERIFICATION_OPTIONS>

/** Numbers are read before anything connects; the script finds some of them out late. */
export function checkVerification(given: VerificationGiven): void {
  const servers = given.value('broker-list')
  if (servers !== undefined) checkServers(servers)
  given.value('fetch-size')
  given.value('max-wait-ms')
  given.value('time')
  given.value('report-interval-ms')
}
