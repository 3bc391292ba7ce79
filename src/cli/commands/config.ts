import { writeFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { makeFolder } from '../../app/make-folder.ts'
import { sourceSchemas } from '../../app/schemas.ts'
import { defaultConfigPath } from '../../config/file.ts'
import { configTemplate } from '../../config/init.ts'
import { jsonSchema } from '../../config/schema.ts'
import { expandHome } from '../../config/values.ts'
import { Fault } from '../../core/errors.ts'
import { didYouMean } from '../../core/suggest.ts'
import { answerWith } from '../answer.ts'
import type { Call } from '../call.ts'
import { settingsOf } from '../settings.ts'

export const ACTIONS = ['init', 'check', 'schema'] as const

/** `config init|check|schema` */
export async function config(call: Call): Promise<number> {
  const written = call.args[0] ?? ''
  const action = ACTIONS.find((each) => each === written)
  switch (action) {
    case 'init':
      return init(call)
    case 'check':
      return check(call)
    case 'schema':
      return answerWith(JSON.stringify(jsonSchema(sourceSchemas()), undefined, 2))
    case undefined:
      throw new Fault('Usage', `config does not know "${written}"`, { advice: didYouMean(written, ACTIONS) })
  }
}

/** Writes a commented file, and never over one that is there. */
async function init(call: Call): Promise<number> {
  const file = placeOf(call)
  makeFolder(dirname(resolve(file)))
  try {
    await writeFile(file, configTemplate(sourceSchemas()), { flag: 'wx' })
  } catch (thrown) {
    const code = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined
    if (code === 'EEXIST')
      throw new Fault('Usage', `${file} is there already, and stays as it is`, {
        advice: 'edit it, or name another file with --config FILE',
        cause: thrown,
      })
    throw new Fault('DiskRefused', `${file} cannot be written (${String(code ?? thrown)})`, {
      advice: 'name another file with --config FILE',
      cause: thrown,
    })
  }
  return answerWith(`wrote ${file}: everything in it is commented out, and says what it does`)
}

/** Reads file and environment as every command would; what is wrong is thrown. */
async function check(call: Call): Promise<number> {
  const { configFile, notes } = await settingsOf(call)
  const verdict =
    configFile === undefined
      ? `there is no configuration file at ${placeOf(call)}; the defaults hold`
      : `${configFile} is sound`
  return answerWith(...notes, verdict)
}

function placeOf({ flags }: Call): string {
  const named = typeof flags.config === 'string' ? flags.config : process.env['BOWERBIRD_CONFIG']
  return named === undefined || named === '' ? defaultConfigPath(process.env) : expandHome(named)
}
