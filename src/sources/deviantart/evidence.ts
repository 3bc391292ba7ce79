import type { SourceEvidence } from '../../core/source.ts'

/** What the source rests on. */
export const evidence: SourceEvidence = {
  recorded: [
    'The state of pages of works (2020 to 2024) with its media entries, tokens and download links; the works beside them, which have the shape of the lists of `_puppy`',
    'Works, lists, folders and errors of the official API (2016, 2019, 2024), and answers of oEmbed (2020 to 2024)',
  ],
  unverified: [
    'No answer of `_puppy` is recorded: its paths, paging and errors are known from programs that used it in August 2026',
    'Pages of galleries, the stash, journals and daily deviations, and pages behind a wall (mature, premium, watchers) are known from such programs alone',
    'Feeds are recorded as one item of 2015; that `gallery:`, `favby:` and `boost:popular` still answer was seen by others in 2026',
    'Rankings: that a search without words can be ordered by popularity, and that the API still has `/browse/popular`, is inferred',
    'Texts of the newer editors are searched for works that stand in their JSON; none with pictures is recorded',
    'That a rendering is given at full quality (`q_100`) by the same token is known from a program that asks so by default; the usual one stands behind it',
    'That the API says `is_multi_media`, and that a page names further pictures as `additionalMedia`, is known from programs of 2026',
    'That the API ends a gallery after about 10,000 works is known from an issue of its own; a note tells it there',
    'The copies below `/intermediary/` and renderings in the box of 2018 are offered last, and may be gone',
  ],
}
