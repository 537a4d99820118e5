/** Standard input as one text, for commands that read a little of it. */
import { KtError } from '../base/errors.ts'
import type { CommandContext } from '../cli/context.ts'

/**
 * Everything up to the end of the input. Throws a usage `KtError` beyond `maxBytes`: whoever pipes that much means
 * another command.
 */
export async function readStdin(stdin: CommandContext['stdin'], maxBytes: number): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of stdin as AsyncIterable<Buffer | string>) {
    // Bytes are put together before they are read as text: a character may lie in two chunks.
    const more = Buffer.from(chunk as Buffer)
    bytes += more.length
    if (bytes > maxBytes) throw new KtError('usage', `standard input is longer than ${maxBytes} bytes`)
    chunks.push(more)
  }
  return Buffer.concat(chunks).toString('utf8')
}
