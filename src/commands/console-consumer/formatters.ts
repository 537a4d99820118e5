/** Formatters by the class name that `--formatter` takes. */

import { lineLogger } from '../../base/logger.ts'
import type { CommandContext } from '../../cli/context.ts'
import type { StructuredFormat } from '../../cli/format.ts'
import { UsageError } from '../../cli/options.ts'
import { DefaultFormatter, type DeserializerOptions } from './default-formatter.ts'
import { type MessageFormatter, noOpFormatter } from './formatter.ts'

const PACKAGE = 'org.apache.kafka.tools.consumer.'
export const DEFAULT_FORMATTER_CLASS = `${PACKAGE}DefaultMessageFormatter`

/** `--key-as` and `--value-as`: they win over the deserializers of the properties. */
export type Decoders = Pick<DeserializerOptions, 'decodeKey' | 'decodeValue'>
type Properties = ReadonlyMap<string, string>
type Factory = (properties: Properties, context: CommandContext, decoders: Decoders) => Promise<MessageFormatter>

const FACTORIES: Readonly<Record<string, Factory>> = {
  DefaultMessageFormatter: async (properties, context, decoders) => defaultFormatter(properties, context, decoders),
  LoggingMessageFormatter: async (properties, context, decoders) => {
    const { LoggingFormatter } = await import('./logging-formatter.ts')
    return new LoggingFormatter(defaultFormatter(properties, context, decoders), context)
  },
  NoOpMessageFormatter: async () => noOpFormatter,
  OffsetsMessageFormatter: async () => (await import('./coordinator-formatters.ts')).offsetsFormatter,
  GroupMetadataMessageFormatter: async () => (await import('./coordinator-formatters.ts')).groupMetadataFormatter,
  ShareGroupMessageFormatter: async () => (await import('./coordinator-formatters.ts')).shareGroupFormatter,
  TransactionLogMessageFormatter: async () => (await import('./coordinator-formatters.ts')).transactionLogFormatter,
  'group.share.ShareGroupStateMessageFormatter': async () =>
    (await import('./coordinator-formatters.ts')).shareGroupStateFormatter,
}

function defaultFormatter(properties: Properties, context: CommandContext, decoders: Decoders): DefaultFormatter {
  return new DefaultFormatter(properties, { ...deserializerOptions(context), ...decoders })
}

function deserializerOptions(context: CommandContext): DeserializerOptions {
  return {
    onUnknownDeserializer: (className) =>
      lineLogger((line) => context.stderr.write(line)).error(`Unable to instantiate a deserializer from ${className}`),
  }
}

/** Records as documents, for `--format json|yaml`. */
export async function createStructuredFormatter(
  format: StructuredFormat,
  properties: Properties,
  context: CommandContext,
  decoders: Decoders = {},
): Promise<MessageFormatter> {
  const { StructuredFormatter } = await import('./structured-formatter.ts')
  return new StructuredFormatter(format, properties, { ...deserializerOptions(context), ...decoders })
}

/** Throws `UsageError` for a class that is not one of Kafka's own. */
export function createFormatter(
  className: string,
  properties: Properties,
  context: CommandContext,
  decoders: Decoders = {},
): Promise<MessageFormatter> {
  const name = className.startsWith(PACKAGE) ? className.slice(PACKAGE.length) : className
  if (Object.hasOwn(FACTORIES, name)) return FACTORIES[name]!(properties, context, decoders)
  throw new UsageError(className, {
    facts: [`--formatter names a Java class that kt does not have; it has ${Object.keys(FACTORIES).join(', ')}`],
  })
}
