// Made by scripts/generate-registry.ts from the files in this folder; do not edit.
import type { Source } from '../core/source.ts'
import { source as deviantartSource } from './deviantart/deviantart.ts'
import { source as imgurSource } from './imgur/imgur.ts'
import { source as lofterSource } from './lofter/lofter.ts'
import { source as louvreSource } from './louvre/louvre.ts'
import { source as searchSource } from './search/search.ts'
import { source as templateSource } from './template/template.ts'
import { source as directSource } from './direct.ts'
import { source as pageSource } from './page/page.ts'

/** All sources; those that take any host come last. */
export const sources: readonly Source[] = [
  deviantartSource,
  imgurSource,
  lofterSource,
  louvreSource,
  searchSource,
  templateSource,
  directSource,
  pageSource,
]
