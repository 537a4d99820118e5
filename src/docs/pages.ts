import { beginnerErrorsPage } from './beginner-errors-page.ts'
import { differentialPage } from './differential-page.ts'
import { featuresPage } from './features-page.ts'
import { learningPage } from './learning-page.ts'
import { scriptRows } from './script-table.ts'
import { scriptsPage } from './scripts-page.ts'

/** The generated pages: file name -> text. */
export async function pages(): Promise<Map<string, string>> {
  return new Map([
    ['scripts.md', scriptsPage(await scriptRows())],
    ['features.md', featuresPage()],
    ['differential.md', differentialPage()],
    ['learning.md', learningPage()],
    ['beginner-errors.md', beginnerErrorsPage()],
  ])
}
