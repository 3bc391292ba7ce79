import type { SourceEvidence } from '../../core/source.ts'

export const evidence: SourceEvidence = {
  recorded: [
    'post pages for computers of eight themes (2020): the links with `bigimgsrc`, their sizes and watermarks, titles, tags, the number of the blog',
    '`photoLinks` of a post of 2025: `raw` and `orign` are two files there, and both watermark queries are dropped by leaving the query out',
    "the names of the fields in the answers of the app's interface to a blog, a post and a tag (July 2026; their values were replaced by whoever published them)",
  ],
  unverified: [
    'that `raw` is the upload and may be had at `imglfN.lf127.net` where it is given at `nos.netease.com` (others do both)',
    'that the object which is shown of an image stays the same one when a blogger changes the watermark: keys are made of it, as it alone is known to every strategy',
    'that images want a referer of the blog (told of one host, 2024 to 2025; it is always sent)',
    'the pages for phones, `window.__initialize_data__`, and how they count pages; known from programs that read the first one in 2024 to 2026',
    'blog and tag pages for computers: their links are known from pages of 2016, the page behind the last one is not; a login is asked for since 2024',
    'the numbers of refusals in answers (4200 no blog, 4202 no post, 403 refused), and what a post for paying readers lists',
    'whether a user agent that only says Android and Mobile passes for a phone',
    'reblogs and pinned posts in the answers of the app: what is listed is collected',
    'videos and answers to questions, which no recorded answer holds; the pages for computers give no videos',
  ],
}
