/** `kt groups` and Apache's script over the same groups. */
import { beforeAll, describe, it } from 'vitest'
import { type ApacheKafka, apacheKafkaHome, startApacheKafka } from '../../support/apache-kafka.ts'
import { compareWithScript, type ScriptCase } from '../../support/compare-with-script.ts'
import { runCommand } from '../../support/run-command.ts'

/** Other tests' groups come and go: the header and the lines of this file's groups are compared, whatever their width. */
const ownLines = (text: string): string =>
  text
    .split('\n')
    .filter((line) => /^(GROUP|Hgs-|Error)/.test(line))
    .map((line) => line.replace(/ +/g, ' '))
    .join('\n')

const seen = { normalise: ownLines, busy: true }
const CASES: ScriptCase[] = [
  { args: '--list', ...seen },
  { args: '--list --consumer', ...seen },
  { args: '--list --share', ...seen },
  { args: '--list --streams', ...seen },
  { args: '--list --group-type classic', ...seen },
  { args: '--list --group-type CLASSIC', ...seen },
  { args: '--list --group-type consumer', ...seen },
  { args: '--list --group-type classic --protocol consumer', ...seen },
  { args: '--list --group-type classic --protocol nothing', ...seen },
  { args: '--list --protocol consumer', ...seen },
  { args: '--list --protocol nothing' },
  { args: '--list --command-config /dev/null', ...seen },
  { args: '--list --group-type bogus', stderr: true },
  { args: '--list --group-type unknown', stderr: true },
  { args: '--list --group-type', stderr: true },
  { args: '--list --consumer --share', stderr: true },
  { args: '--list --consumer --group-type classic', stderr: true },
  { args: '--list --consumer --protocol consumer', stderr: true },
  { args: '--list --share --streams', stderr: true },
  { args: '--list --share --protocol share', stderr: true },
  { args: '--list --streams --consumer', stderr: true },
  { args: '--list --streams --group-type streams', stderr: true },
  { args: '--consumer', stderr: true },
  { args: '', stderr: true },
  { args: '--describe', stderr: true },
  { args: '--command-config /no/such/file --list', ownWords: true },
  { args: '--version' },
  { args: '--help', ownWords: true },
]

const home = await apacheKafkaHome()

describe.skipIf(home === null)('kt groups beside kafka-groups.sh', () => {
  let kafka: ApacheKafka
  beforeAll(async () => {
    kafka = await startApacheKafka(home!)
    const server = ['--bootstrap-server', kafka.bootstrapServers]
    const kt = (line: string, input = '') => {
      const [command, ...rest] = line.split(' ')
      return runCommand([command!, ...server, ...rest], { input })
    }
    await kt('topics --create --if-not-exists --topic Hgs-topic')
    await kt('console-producer --topic Hgs-topic', 'one\n')
    await kt('consumer-groups --reset-offsets --group Hgs-offsets --topic Hgs-topic --to-latest --execute')
    await kt('console-consumer --topic Hgs-topic --group Hgs-consumer --from-beginning --max-messages 1')
    return () => kafka.stop()
  })

  it.concurrent.each(CASES)('$args', async (given) => {
    const { bootstrapServers } = kafka
    await compareWithScript({ home: home!, script: 'kafka-groups', command: 'groups', bootstrapServers }, given)
  })
})
