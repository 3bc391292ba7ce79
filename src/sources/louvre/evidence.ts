import type { SourceEvidence } from '../../core/source.ts'

export const evidence: SourceEvidence = {
  recorded: [
    'the list of images of seven records (2023 and May 2024), for objects (`large`) and drawings (`original`): address, credit, view, position',
    'the names of all properties of a record, `"modified "` with its space among them, and years of creation (May 2024)',
    'that the records which tables of May 2024 print (some dozens of 506,207) lie in the two spans that are counted up',
  ],
  unverified: [
    'the rest of a record: types come from the documentation of the museum, and all that is not needed may have any value',
    'the sitemaps (described in August 2026) and the search pages (2024 to 2026; challenged since autumn 2026)',
    'archives by number: known from scripts of 2021, with 404 for gaps; what is sent for a record without images is not known',
    'headers, error pages, and whether records will be challenged, too',
  ],
}
