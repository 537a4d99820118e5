import { KtError } from '../base/errors.ts'

/** A question for the person at the terminal. */
export interface Question {
  readonly message: string
  /** A `secret` is not shown while it is typed. */
  readonly kind: 'text' | 'confirm' | 'secret'
  readonly default?: string
}

/**
 * Asks with inquirer, loaded here because it is needed seldom. Ctrl-C at the prompt is an interruption. `input` is the
 * terminal when that is not the process's standard input.
 */
export async function askAtTerminal(
  question: Question,
  signal: AbortSignal,
  input: NodeJS.ReadableStream = process.stdin,
): Promise<string> {
  const { default: inquirer } = await import('inquirer')
  // The prompt is talk: it goes to stderr so that stdout stays data.
  const prompt = inquirer.createPromptModule({ input, output: process.stderr, signal })
  try {
    const answer = await prompt<{ value: string | boolean }>([
      question.kind === 'confirm'
        ? { type: 'confirm', name: 'value', message: question.message, default: question.default === 'yes' }
        : {
            type: question.kind === 'secret' ? 'password' : 'input',
            name: 'value',
            message: question.message,
            default: question.default,
          },
    ])
    if (typeof answer.value === 'boolean') return answer.value ? 'yes' : 'no'
    return answer.value
  } catch (error) {
    if (error instanceof Error && /^(ExitPromptError|AbortPromptError|AbortError)$/.test(error.name)) {
      throw new KtError('interrupted', 'interrupted', { cause: error })
    }
    throw error
  }
}
