/**
 * API key 18, ApiVersions, versions 0-4.
 *
 * Behaviour:
 * - Lists exactly what the handler table serves, Produce from 0 (KAFKA-18659).
 * - A version we do not know is answered in version 0 with UNSUPPORTED_VERSION: the dispatcher does that, it cannot read
 *   the body (KIP-511). The response header is always version 0.
 * - A client name or version that is not `[a-zA-Z0-9](…)` is INVALID_REQUEST.
 *
 * Version notes:
 * - v3: client software, features (KIP-584). v4: features whose minimum is 0 may be told (KIP-1022); v3 leaves them out.
 */
import { ErrorCode } from '../../protocol/error-codes.ts'
import { type ApiVersionsResponseInput, apiVersions } from '../../protocol/messages/18-api-versions.ts'
import { defineHandler, type Handler } from '../handler.ts'

const SOFTWARE = /^[a-zA-Z0-9](?:[a-zA-Z0-9\-.]*[a-zA-Z0-9])?$/
const FIRST_SOFTWARE_VERSION = 3
const FIRST_ZERO_MINIMUM_VERSION = 4

function withoutZeroMinimum(response: ApiVersionsResponseInput): ApiVersionsResponseInput {
  return { ...response, supportedFeatures: response.supportedFeatures?.filter(({ minVersion }) => minVersion !== 0) }
}

/** `answer` is asked each time: finalized features change while the node runs. */
export function apiVersionsHandler(answer: () => ApiVersionsResponseInput): Handler<typeof apiVersions> {
  return defineHandler(apiVersions, { min: 0, max: 4 }, (request, context) => {
    if (context.apiVersion >= FIRST_SOFTWARE_VERSION) {
      const { clientSoftwareName, clientSoftwareVersion } = request
      if (!SOFTWARE.test(clientSoftwareName) || !SOFTWARE.test(clientSoftwareVersion)) {
        return { response: { errorCode: ErrorCode.INVALID_REQUEST } }
      }
      context.rememberSoftware(clientSoftwareName, clientSoftwareVersion)
    }
    const response = answer()
    return { response: context.apiVersion < FIRST_ZERO_MINIMUM_VERSION ? withoutZeroMinimum(response) : response }
  })
}
