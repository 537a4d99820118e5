import { UsageError } from '../cli/options.ts'

/** Some scripts look at the addresses themselves, for a port each. Throws `UsageError` in their words. */
export function checkServers(servers: string): void {
  if (servers.trim() === '') throw new UsageError('Error while validating the bootstrap address\n')
  if (!servers.split(',').every((server) => /^.*?\[?([0-9a-zA-Z\-%._:]*)\]?:[0-9]+$/.test(server))) {
    throw new UsageError('Please provide valid host:port like host1:9091,host2:9092\n')
  }
}
