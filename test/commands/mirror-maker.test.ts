import { describe, expect, it } from 'vitest'
import { runCommand } from '../support/run-command.ts'

const run = (line: string) => runCommand(['kafka-mirror-maker.sh', ...line.split(' ')])

describe('kt mirror-maker', () => {
  it('says what took its place and shows the same copy with the files that were given', async () => {
    const { code, stdout, stderr } = await run(
      '--consumer.config a.properties --producer.config b.properties --whitelist orders',
    )
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toMatch(/^kafka-mirror-maker.sh: MirrorMaker 1 was removed in Kafka 4.0\n/)
    expect(stderr).toContain(
      'next: kt console-consumer --command-config a.properties --topic orders --from-beginning --format json | ' +
        'kt console-producer --command-config b.properties --topic orders --format json\n',
    )
  })
  it('keeps an expression as one', async () => {
    expect((await run('--include orders-.* --new.consumer')).stderr).toContain("--include 'orders-.*'")
  })
  it('shows something for a line that cannot be read', async () => {
    expect((await run('--nonsense')).stderr).toContain('kt console-consumer --command-config source.properties')
  })
})
