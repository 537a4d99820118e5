/** The transcripts of our coordinator, asked of Apache Kafka: it must answer the same, word for word. */
import * as fs from 'node:fs'
import * as path from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { apacheSubject } from '../coordinator/apache-subject.ts'
import { Transcript, transcriptConfig } from '../coordinator/transcript.ts'
import { type ApacheKafka, apacheKafkaHome, startApacheKafka } from '../support/apache-kafka.ts'

const DIRECTORY = path.join(import.meta.dirname, '../coordinator/group/transcripts')
const home = await apacheKafkaHome()

describe.skipIf(home === null)('Apache Kafka agrees with the transcripts', () => {
  const running = new Map<string, ApacheKafka>()

  afterAll(async () => {
    for (const kafka of running.values()) await kafka.stop()
  })

  /** One node per set of properties. */
  async function kafkaWith(properties: Readonly<Record<string, number>>): Promise<ApacheKafka> {
    const key = JSON.stringify(properties)
    const entries = Object.entries(properties).map(([name, value]) => [name, String(value)])
    const kafka = running.get(key) ?? (await startApacheKafka(home!, Object.fromEntries(entries)))
    running.set(key, kafka)
    return kafka
  }

  for (const name of fs.readdirSync(DIRECTORY)) {
    it(name, async () => {
      const expected = fs.readFileSync(path.join(DIRECTORY, name), 'utf8')
      const kafka = await kafkaWith(transcriptConfig(expected))
      const subject = await apacheSubject(kafka.bootstrapServers)
      try {
        expect(await new Transcript(subject).run(expected)).toBe(expected)
      } finally {
        subject.close()
      }
    })
  }
})
