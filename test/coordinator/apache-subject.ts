/** A running Apache Kafka as the subject of a transcript: one connection per client, real time. */
import { randomUUID } from 'node:crypto'
import * as net from 'node:net'
import { decodeResponse, encodeRequest } from '../../src/protocol/header.ts'
import { findCoordinator } from '../../src/protocol/messages/10-find-coordinator.ts'
import { describeGroups } from '../../src/protocol/messages/15-describe-groups.ts'
import { createTopics } from '../../src/protocol/messages/19-create-topics.ts'
import type { Api, RequestInput, ResponseOf } from '../../src/protocol/schema.ts'
import type { Subject } from './transcript.ts'

/** So long nothing has come: then nothing more is about to. Parked requests stay parked. */
const QUIET_MS = 200

interface Waiting {
  readonly api: Api
  readonly version: number
  readonly resolve: (body: never) => void
}

/** Answers come in the order of the requests. */
class RawConnection {
  readonly waiting: Waiting[] = []
  private readonly socket: net.Socket
  private readonly onAnswer: () => void
  private received = Buffer.alloc(0)

  constructor(address: string, onAnswer: () => void) {
    const [host = '', port] = address.split(':')
    this.onAnswer = onAnswer
    this.socket = net.connect(Number(port), host)
    this.socket.on('data', (chunk: Buffer) => this.receive(chunk))
  }

  private receive(chunk: Buffer): void {
    this.received = Buffer.concat([this.received, chunk])
    while (this.received.length >= 4 && this.received.length >= 4 + this.received.readInt32BE(0)) {
      const end = 4 + this.received.readInt32BE(0)
      const { api, version, resolve } = this.waiting.shift()!
      resolve(decodeResponse(api, version, Buffer.from(this.received.subarray(4, end))).body as never)
      this.received = this.received.subarray(end)
      this.onAnswer()
    }
  }

  send<A extends Api>(clientId: string, api: A, version: number, request: RequestInput<A>): Promise<ResponseOf<A>> {
    return new Promise((resolve) => {
      this.waiting.push({ api, version, resolve })
      this.socket.write(Buffer.concat(encodeRequest(api, version, 0, clientId, request)))
    })
  }

  close(): void {
    this.socket.destroy()
  }
}

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

export interface ApacheSubject extends Subject {
  close(): void
}

export async function apacheSubject(address: string): Promise<ApacheSubject> {
  let lastAnswerMs = 0
  const connections: RawConnection[] = []
  const current = new Map<string, RawConnection>()
  const connect = (client: string): RawConnection => {
    const connection = new RawConnection(address, () => {
      lastAnswerMs = performance.now()
    })
    connections.push(connection)
    current.set(client, connection)
    return connection
  }
  const subject: ApacheSubject = {
    groupId: `transcript-${randomUUID()}`,
    call(client, api, version, request) {
      const open = current.get(client)
      // A client that retries while its request is parked does so on another connection.
      const connection = open === undefined || open.waiting.length > 0 ? connect(client) : open
      return connection.send(client, api, version, request)
    },
    wait: sleep,
    async quiet() {
      const startMs = performance.now()
      while (performance.now() - Math.max(lastAnswerMs, startMs) < QUIET_MS) await sleep(20)
    },
    close() {
      for (const connection of connections) connection.close()
    },
  }
  const topics = ['transcript-t', 'transcript-u'].map((name) => ({ name, numPartitions: 2, replicationFactor: 1 }))
  await subject.call('admin', createTopics, 7, { topics, timeoutMs: 10_000 })
  await coordinatorReady(subject)
  return subject
}

/** On a new node the first question creates `__consumer_offsets`; then its partitions load. */
async function coordinatorReady(subject: Subject): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt++) {
    await subject.call('admin', findCoordinator, 4, { keyType: 0, coordinatorKeys: [subject.groupId] })
    const { groups } = await subject.call('admin', describeGroups, 5, { groups: [subject.groupId] })
    if (groups[0]!.errorCode === 0) return
    await sleep(200)
  }
  throw new Error('no group coordinator after 20 s')
}
