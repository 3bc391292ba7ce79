import type { SourceEvidence } from '../../core/source.ts'

export const evidence: SourceEvidence = {
  recorded: [
    'images, albums and lists of `api.imgur.com/3` (2014 to 2022): the gallery, a search, a tag, favorites, submissions',
    'an album of `post/v1` (2022)',
    'the heads of `hit.json` of a subreddit and of `ajaxalbums` (2017), cut off in the middle, and objects of old pages (2013 to 2019)',
    'over capacity, too many requests, a refused client, a server fault, a body that is no JSON',
    'that a GIF and its MP4 are there under one id (2017), and that links of GIFs above 20 MB are thumbnails',
  ],
  unverified: [
    '`post/v1` of single images, of posts, of tags, and of your own account; folders of favorites',
    'the pages of today (`window.postDataJSON`) and of the old layout as a whole, and the lists in HTML',
    'where the pages of today name their client id, which is looked for when the one of this program is refused',
    'whether `hit.json` of a subreddit still answers: nobody is known to have asked since 2019',
    'how the page behind the last one looks: an empty list ends a listing, and so does one that begins as the page before',
    'the picture that British addresses get; that of removed images is known by its address (2016 to 2026), its bytes are not recorded',
    'that a second address helps where files with the old ids of five letters are refused at random',
  ],
}
