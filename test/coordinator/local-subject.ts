/** Our coordinator as the subject of a transcript: every request and response goes through its wire form. */
import { Reader, Writer } from '../../src/base/bytes.ts'
import type { GroupCoordinatorConfig } from '../../src/coordinator/group/config.ts'
import type { GroupRequestContext } from '../../src/coordinator/group/services.ts'
import { decode, encode } from '../../src/protocol/codec.ts'
import type { Api, RequestInput, ResponseOf, Schema, SchemaInput, SchemaValue } from '../../src/protocol/schema.ts'
import { Harness } from './harness.ts'
import type { Subject } from './transcript.ts'

const METHODS: Readonly<Record<string, string>> = {
  OffsetCommit: 'commitOffsets',
  OffsetFetch: 'fetchOffsets',
  JoinGroup: 'joinGroup',
  Heartbeat: 'heartbeat',
  LeaveGroup: 'leaveGroup',
  SyncGroup: 'syncGroup',
  DescribeGroups: 'describeGroups',
  ListGroups: 'listGroups',
  DeleteGroups: 'deleteGroups',
  OffsetDelete: 'deleteOffsets',
}

type Method = (request: unknown, context: GroupRequestContext) => Promise<unknown>

function throughWire<S extends Schema>(schema: S, version: number, value: unknown): SchemaValue<S> {
  const writer = new Writer()
  encode(schema, version, value as SchemaInput<S>, writer)
  return decode(schema, version, new Reader(writer.toBuffer()))
}

/** `group.max.size` -> `groupMaxSize`. */
function camelCase(name: string): string {
  return name.replace(/\.(\w)/g, (_, letter: string) => letter.toUpperCase())
}

export async function localSubject(properties: Readonly<Record<string, number>>): Promise<Subject> {
  const config: Partial<GroupCoordinatorConfig> = {
    groupInitialRebalanceDelayMs: 0,
    ...Object.fromEntries(Object.entries(properties).map(([name, value]) => [camelCase(name), value])),
  }
  const harness = await Harness.started(config)
  return {
    groupId: 'orders',
    async call<A extends Api>(client: string, api: A, version: number, request: RequestInput<A>) {
      const methods = harness.coordinator as unknown as Record<string, Method>
      const decoded = throughWire(api.request, version, request)
      const context = { apiVersion: version, clientId: client, clientHost: '127.0.0.1' }
      const response = await methods[METHODS[api.name]!]!.call(harness.coordinator, decoded, context)
      return throughWire(api.response, version, response) as ResponseOf<A>
    },
    wait: (ms) => harness.clock.advance(ms),
    quiet: () => harness.clock.advance(0),
  }
}
