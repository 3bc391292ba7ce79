import type { SourceEvidence } from '../../core/source.ts'

export const evidence: SourceEvidence = {
  recorded: [
    'google: a page with the data of 2020, one with the links of 2015, the same data inside a string (2019), a captcha and a script shell (2026)',
    'bing: two result pages of 2026, the last one of a search among them',
    'duckduckgo: the page with the token, images, no images and two blocks, all of 2022',
    "openverse: no images (2024), a throttled answer (2023), one image (2022), and the documentation's example of a list",
    'commons: image information with licence and credit, and how an answer goes on (2023)',
    'google-cse: a page of images (2017), and the refusal of new projects (2026)',
  ],
  unverified: [
    'google: a whole page of 2023 or later, what scrolling brings, the consent page, the large image of an opened result, the filters of the options',
    'bing: the fragments behind the first page, the page of a search without results, captchas, and how an honest user agent is treated',
    'duckduckgo: answers of today; the filters in the URL of its page; how an honest user agent is treated',
    'openverse: the URL of its search page and its filters; how deep a search goes',
    'commons: a search itself (its answers have the form of the recorded ones), the filters of its page, the errors that ask for patience',
    'google-cse: the combinations of rights, the deepest result, and all errors but the recorded one',
    'consent pages: none of these providers has a recorded one',
  ],
}
