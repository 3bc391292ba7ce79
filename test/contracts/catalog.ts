import { afterEach, beforeEach, describe, expect } from 'vitest'
import { assetsContract } from './catalog-assets.ts'
import { followsContract } from './catalog-follows.ts'
import { holdingsContract } from './catalog-holdings.ts'
import { listingsContract } from './catalog-listings.ts'
import { questionsContract } from './catalog-questions.ts'
import { refsContract } from './catalog-refs.ts'
import { runsContract } from './catalog-runs.ts'
import { secretsContract } from './catalog-secrets.ts'
import { targetsContract } from './catalog-targets.ts'
import { updatesContract } from './catalog-updates.ts'
import { Bench } from './catalog-bench.ts'
import type { CatalogPlace } from './catalog-bench.ts'

/** What every adapter of the catalog's ports promises; run against the real server, a place of its own for each test. */
export function catalogContract(name: string, makePlace: () => Promise<CatalogPlace>): void {
  describe(`the catalog over ${name}`, () => {
    const bench = new Bench(makePlace)
    beforeEach(() => bench.setUp())
    afterEach(async () => expect(await bench.tearDown()).toEqual([]))

    targetsContract(bench)
    refsContract(bench)
    listingsContract(bench)
    assetsContract(bench)
    runsContract(bench)
    secretsContract(bench)
    questionsContract(bench)
    holdingsContract(bench)
    followsContract(bench)
    updatesContract(bench)
  })
}
