import { describe, expect, it } from 'vitest'
import { Reader } from '../../src/base/bytes.ts'
import { ProtocolError } from '../../src/base/errors.ts'
import { silentLogger } from '../../src/base/logger.ts'
import { defineHandler, type Handler } from '../../src/broker/handler.ts'
import { RequestDispatcher } from '../../src/broker/request-dispatcher.ts'
import type { Answer, ConnectionContext } from '../../src/network/processor.ts'
import { ErrorCode, KafkaError } from '../../src/protocol/error-codes.ts'
import { decodeResponse, encodeRequest } from '../../src/protocol/header.ts'
import { listOffsets } from '../../src/protocol/messages/02-list-offsets.ts'
import { heartbeat } from '../../src/protocol/messages/12-heartbeat.ts'
import { apiVersions } from '../../src/protocol/messages/18-api-versions.ts'
import { describeCluster } from '../../src/protocol/messages/60-describe-cluster.ts'
import type { Api, RequestInput } from '../../src/protocol/schema.ts'

const connection: ConnectionContext = {
  listenerName: 'PLAINTEXT',
  clientAddress: '127.0.0.1',
  clientSoftwareName: '',
  clientSoftwareVersion: '',
  closed: new AbortController().signal,
}

function frameOf<A extends Api>(api: A, version: number, input: RequestInput<A>, correlationId = 42): Buffer {
  return Buffer.concat(encodeRequest(api, version, correlationId, 'client', input)).subarray(4)
}

function dispatcher(...handlers: unknown[]): RequestDispatcher {
  return new RequestDispatcher(handlers as Handler[], silentLogger)
}

async function answerOf<A extends Api>(api: A, version: number, answer: Answer | Promise<Answer>) {
  const { chunks } = await answer
  const frame = Buffer.concat(chunks!)
  expect(frame.readInt32BE(0)).toBe(frame.length - 4)
  return decodeResponse(api, version, new Reader(frame.subarray(4)))
}

const beats = (handle: Handler<typeof heartbeat>['handle']) => defineHandler(heartbeat, { min: 1, max: 3 }, handle)

describe('RequestDispatcher', () => {
  it('decodes, asks the handler, encodes', async () => {
    let seen: unknown
    const processor = dispatcher(
      beats((request, context) => {
        seen = [request.groupId, context.apiVersion, context.clientId, context.correlationId, context.clientAddress]
        return { response: { errorCode: 27 } }
      }),
    )
    const answer = processor.process(frameOf(heartbeat, 3, { groupId: 'g' }), connection)
    expect(answer).not.toBeInstanceOf(Promise)
    const { correlationId, body } = await answerOf(heartbeat, 3, answer)
    expect(correlationId).toBe(42)
    expect(body.errorCode).toBe(27)
    expect(seen).toEqual(['g', 3, 'client', 42, '127.0.0.1'])
  })

  it.each([0, 4])('closes the connection on version %i of an API that serves 1 to 3', (version) => {
    const processor = dispatcher(beats(() => ({ response: {} })))
    expect(() => processor.process(frameOf(heartbeat, version, {}), connection)).toThrow(ProtocolError)
  })

  it('closes the connection on a key nobody serves', () => {
    const frame = Buffer.alloc(10)
    frame.writeInt16BE(999)
    expect(() => dispatcher().process(frame, connection)).toThrow(/999/)
  })

  it.each([0, 1, 5, 9])('closes the connection on a header cut to %i bytes', (length) => {
    const processor = dispatcher(beats(() => ({ response: {} })))
    expect(() => processor.process(frameOf(heartbeat, 3, {}).subarray(0, length), connection)).toThrow(ProtocolError)
  })

  it('closes the connection on a body that does not parse', () => {
    const processor = dispatcher(beats(() => ({ response: {} })))
    const frame = frameOf(heartbeat, 3, { groupId: 'a group with a name' })
    expect(() => processor.process(frame.subarray(0, frame.length - 6), connection)).toThrow(ProtocolError)
  })

  it('answers ApiVersions of an unknown version in version 0, whatever its body holds (KIP-511)', async () => {
    const processor = dispatcher(defineHandler(apiVersions, { min: 0, max: 4 }, () => ({ response: {} })))
    const frame = frameOf(apiVersions, 4, { clientSoftwareName: 'x', clientSoftwareVersion: 'y' })
    frame.writeInt16BE(99, 2)
    const { body } = await answerOf(apiVersions, 0, processor.process(frame, connection))
    expect(body.errorCode).toBe(ErrorCode.UNSUPPORTED_VERSION)
    expect(body.apiKeys).toEqual([{ apiKey: 18, minVersion: 0, maxVersion: 4 }])
  })

  it('puts the code of a failure into the response, thrown or rejected', async () => {
    const failures = [
      () => {
        throw new KafkaError('NOT_COORDINATOR')
      },
      () => Promise.reject(new KafkaError('NOT_COORDINATOR')),
    ]
    for (const fail of failures) {
      const answer = dispatcher(beats(fail)).process(frameOf(heartbeat, 1, {}), connection)
      expect((await answerOf(heartbeat, 1, answer)).body.errorCode).toBe(ErrorCode.NOT_COORDINATOR)
    }
  })

  it('gives the message along where the response has a place for it', async () => {
    const processor = dispatcher(
      defineHandler(describeCluster, { min: 0, max: 2 }, () => {
        throw new KafkaError('INVALID_REQUEST', 'because')
      }),
    )
    const { body } = await answerOf(describeCluster, 1, processor.process(frameOf(describeCluster, 1, {}), connection))
    expect(body).toMatchObject({ errorCode: ErrorCode.INVALID_REQUEST, errorMessage: 'because' })
  })

  it('answers a defect with UNKNOWN_SERVER_ERROR and logs it', async () => {
    const logged: string[] = []
    const logger = { ...silentLogger, error: (message: string) => void logged.push(message) }
    const handler = beats(() => {
      throw new TypeError('undefined is not a group')
    })
    const processor = new RequestDispatcher([handler as unknown as Handler], logger)
    const { body } = await answerOf(heartbeat, 1, processor.process(frameOf(heartbeat, 1, {}), connection))
    expect(body.errorCode).toBe(ErrorCode.UNKNOWN_SERVER_ERROR)
    expect(logged).toEqual(['unexpected error in Heartbeat v1'])
  })

  it('closes the connection when a failure has no place in the response', () => {
    const handler = defineHandler(listOffsets, { min: 1, max: 11 }, () => {
      throw new KafkaError('INVALID_REQUEST')
    })
    const frame = frameOf(listOffsets, 5, { topics: [] })
    expect(() => dispatcher(handler).process(frame, connection)).toThrow()
  })

  it('passes on silence, closing and what comes after sending', async () => {
    let sent = 0
    const processor = dispatcher(beats(() => ({ response: null, closeConnection: true, afterSend: () => void sent++ })))
    const answer = await processor.process(frameOf(heartbeat, 1, {}), connection)
    expect(answer).toMatchObject({ chunks: null, close: true })
    answer.afterSend?.()
    expect(sent).toBe(1)
  })

  it('gives buffers back when the response cannot be encoded', () => {
    let released = false
    const processor = dispatcher(
      beats(() => ({
        response: { errorCode: 'not a number' as unknown as number },
        afterSend: () => {
          released = true
        },
      })),
    )
    expect(() => processor.process(frameOf(heartbeat, 1, {}), connection)).toThrow()
    expect(released).toBe(true)
  })
})
