import type { CommandContext } from './context.ts'

/** Undefined takes away what is optional. */
type Own = { readonly [Name in keyof CommandContext]?: CommandContext[Name] | undefined }

/** A context that is another one but for `own`. Its getters stay getters: standard input is opened when it is used. */
export function contextWith(context: CommandContext, own: Own): CommandContext {
  return Object.defineProperties({} as CommandContext, {
    ...Object.getOwnPropertyDescriptors(context),
    ...Object.getOwnPropertyDescriptors(own),
  })
}
