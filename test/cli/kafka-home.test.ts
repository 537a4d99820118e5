import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { findKafkaHome } from '../../src/cli/kafka-home.ts'

function kafka(...files: string[]): string {
  const home = fs.mkdtempSync(path.join(os.tmpdir(), 'kt-kafka-home-'))
  onTestFinished(() => fs.rmSync(home, { recursive: true }))
  for (const file of files) {
    fs.mkdirSync(path.join(home, path.dirname(file)), { recursive: true })
    fs.writeFileSync(path.join(home, file), '')
  }
  return home
}

describe('an Apache Kafka on this machine', () => {
  it('is what KAFKA_HOME names, when it has jars', () => {
    const KAFKA_HOME = kafka('libs/kafka_2.13-4.3.1.jar')
    expect(findKafkaHome({ KAFKA_HOME })?.directory).toBe(KAFKA_HOME)
    expect(findKafkaHome({})).toBeNull()
    expect(findKafkaHome({ KAFKA_HOME: '' })).toBeNull()
    expect(findKafkaHome({ KAFKA_HOME: '/nowhere/at/all' })).toBeNull()
    expect(findKafkaHome({ KAFKA_HOME: kafka('bin/connect-standalone.sh') })).toBeNull()
  })

  it('tells where its scripts are', () => {
    const home = findKafkaHome({ KAFKA_HOME: kafka('libs/a.jar', 'bin/connect-standalone.sh') })!
    expect(home.script('connect-standalone.sh')).toBe(path.join(home.directory, 'bin/connect-standalone.sh'))
    expect(home.script('connect-mirror-maker.sh')).toBeNull()
  })

  it('finds a jar by its name alone, whatever the version, and none that merely begins so', () => {
    const home = findKafkaHome({ KAFKA_HOME: kafka('libs/connect-file-tools-1.jar', 'libs/connect-file-4.3.1.jar') })!
    expect(home.jar('connect-file')).toBe(path.join(home.directory, 'libs/connect-file-4.3.1.jar'))
    expect(home.jar('connect-mirror')).toBeNull()
  })
})
