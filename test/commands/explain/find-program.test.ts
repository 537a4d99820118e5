import { describe, expect, it } from 'vitest'
import { COMMANDS } from '../../../src/cli/program.ts'
import { findProgram } from '../../../src/commands/explain/find-program.ts'

const find = (line: string) => findProgram(line.split(' '), COMMANDS)

describe('the program of a line', () => {
  it.each([
    ['kafka-topics.sh --list', 'topics', '--list'],
    ['./bin/kafka-topics.sh --list', 'topics', '--list'],
    ['/opt/kafka_2.13-3.0.0/bin/kafka-topics --list', 'topics', '--list'],
    ['bin\\windows\\kafka-topics.bat --list', 'topics', '--list'],
    ['kt topics --list', 'topics', '--list'],
    ['kt kafka-topics.sh --list', 'topics', '--list'],
    ['kafka-cluster.sh cluster-id', 'cluster', 'cluster-id'],
    ['sudo -u kafka bin/kafka-topics.sh --list', 'topics', '--list'],
    ['docker exec -it broker kafka-topics --list', 'topics', '--list'],
    ['kubectl -n kafka exec -ti pod-0 -- bin/kafka-topics.sh --list', 'topics', '--list'],
    ['nohup bin/kafka-server-start.sh config/server.properties', 'server-start', 'config/server.properties'],
    ['bin/kafka-run-class.sh kafka.tools.GetOffsetShell --topic t', 'get-offsets', '--topic t'],
    ['java -Xmx1g -cp libs/* kafka.admin.TopicCommand --list', 'topics', '--list'],
    ['org.apache.kafka.tools.TopicCommand --list', 'topics', '--list'],
    ['zookeeper-shell.sh localhost:2181', 'zookeeper-shell', 'localhost:2181'],
  ])('%s is kt %s', (line, command, args) => {
    const found = find(line)
    expect([found?.command, found?.args.join(' ')]).toEqual([command, args])
  })

  it.each([
    'echo kafka-topics.sh',
    'grep x',
    'cp config/server.properties x',
    'tar -xzf kafka_2.13.tgz',
    'kt',
    'ps aux',
  ])('%s is none of Kafka’s', (line) => {
    expect(find(line)).toBeNull()
  })

  it('tells a script that is not Apache’s from a program that is not Kafka’s', () => {
    expect(find('kafka-avro-console-producer --topic t')).toMatchObject({ command: undefined })
    expect(find('kafka-run-class.sh kafka.tools.Unheard --x')).toMatchObject({
      command: undefined,
      className: 'kafka.tools.Unheard',
    })
  })
})
