/** API key 63, BrokerHeartbeat. Versions 0-2, flexible from 0 (KIP-482); served on: controller. */
import {
  array,
  boolean,
  defineApi,
  int16,
  int32,
  int64,
  type RequestInput,
  type RequestOf,
  type ResponseInput,
  type ResponseOf,
  uuid,
} from '../schema.ts'

export const brokerHeartbeat = defineApi({
  key: 63,
  name: 'BrokerHeartbeat',
  validVersions: '0-2',
  flexibleVersions: '0+',
  request: {
    brokerId: int32(),
    brokerEpoch: int64('0+', { default: -1n }),
    currentMetadataOffset: int64(),
    wantFence: boolean(),
    wantShutDown: boolean(),
    offlineLogDirs: array(uuid(), '1+', { tag: 0, taggedVersions: '1+' }),
    cordonedLogDirs: array(uuid(), '2+', { nullable: '2+', tag: 1, taggedVersions: '2+', default: null }),
  },
  response: {
    throttleTimeMs: int32(),
    errorCode: int16(),
    isCaughtUp: boolean('0+', { default: false }),
    isFenced: boolean('0+', { default: true }),
    shouldShutDown: boolean(),
  },
})

export type BrokerHeartbeatRequest = RequestOf<typeof brokerHeartbeat>
export type BrokerHeartbeatResponse = ResponseOf<typeof brokerHeartbeat>
export type BrokerHeartbeatRequestInput = RequestInput<typeof brokerHeartbeat>
export type BrokerHeartbeatResponseInput = ResponseInput<typeof brokerHeartbeat>
