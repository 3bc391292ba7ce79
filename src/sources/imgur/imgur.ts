import { z } from 'zod'
import type { Source } from '../../core/source.ts'
import { apiAlbum, apiImage, apiPost } from './api.ts'
import { apiListing, webSubreddit } from './listings.ts'
import * as targets from './targets.ts'
import { webAlbum, webImage, webPost } from './web.ts'

export const source: Source = {
  name: 'imgur',
  about: 'images, albums, subreddits, tags, searches and users of imgur.com',
  hosts: ['imgur.com', '*.imgur.com', 'imgur.io', '*.imgur.io'],
  options: z.object({
    /** The web site's own public id, as in use in 2026; imgur has registered no new ones since 2025. */
    clientId: z.string().default('546c25a59c58ad7').describe('the client id sent to api.imgur.com'),
    gif: z
      .enum(['mp4', 'gif', 'both'])
      .default('mp4')
      .describe('moving GIFs: the video (a twentieth of the size), the GIF, or both'),
    window: z
      .enum(['day', 'week', 'month', 'year', 'all'])
      .default('week')
      .describe('the time that listings of the best look back on'),
  }),
  limits: [
    // Documented are 500 requests an hour and address; with the web site's id more is let through, until an
    // over-capacity answer asks for a long pause. Two a second list a subreddit of 10,000 images in under two minutes.
    { scope: 'api.imgur.com', hosts: ['api.imgur.com'], slots: 4, perSecond: 2 },
    // The web site was seen to refuse user agents that do not begin like a browser's (2017).
    {
      scope: 'imgur.com',
      hosts: ['imgur.com', 'www.imgur.com', 'm.imgur.com', 'imgur.io'],
      slots: 2,
      perSecond: 1,
      userAgent: 'Mozilla/5.0 (compatible; bowerbird)',
    },
    { scope: 'i.imgur.com', hosts: ['i.imgur.com', 'i.imgur.io'], slots: 8 },
  ],
  fields: {
    section: 'the subreddit or section it was posted to',
    nsfw: 'whether it is marked as not safe for work',
    album: 'the id of its album',
    albumTitle: 'the title of its album',
  },
  folder: '{source}/{author}/{albumTitle|max:80}',
  filename: '{id} {title|max:80}',
  routes: [
    {
      name: 'image',
      example: 'https://i.imgur.com/wWwA1k6.jpg',
      about: 'one image or video',
      match: targets.matchImage,
      strategies: [apiImage, webImage],
    },
    {
      name: 'album',
      example: 'imgur:a/88wOh',
      about: 'all images of an album',
      match: targets.matchAlbum,
      strategies: [apiAlbum, webAlbum],
    },
    {
      name: 'post',
      example: 'https://imgur.com/gallery/88wOh',
      about: 'a post of the gallery, album or image',
      match: targets.matchPost,
      strategies: [apiPost, webPost],
    },
    {
      name: 'subreddit',
      example: 'imgur:r/funny',
      about: 'a subreddit, newest first',
      order: 'newest-first',
      match: targets.matchSubreddit,
      strategies: [
        apiListing('subreddit', ({ subreddit }, page) => `/3/gallery/r/${subreddit}/time/${page}`),
        webSubreddit,
      ],
    },
    {
      name: 'subreddit-top',
      example: 'imgur:r/funny/top/week',
      about: 'the best of a subreddit',
      match: targets.matchSubredditTop,
      strategies: [
        apiListing('subreddit-top', ({ subreddit, window }, page) => `/3/gallery/r/${subreddit}/top/${window}/${page}`),
      ],
    },
    {
      name: 'tag',
      example: 'imgur:t/cats',
      about: 'a tag, newest first',
      order: 'newest-first',
      match: targets.matchTag,
      strategies: [apiListing('tag', ({ tag }, page) => `/3/gallery/t/${tag}/time/all/${page}`)],
    },
    {
      name: 'tag-top',
      example: 'imgur:t/cats/top/week',
      about: 'the best of a tag',
      match: targets.matchTagTop,
      strategies: [
        apiListing('tag-top', ({ tag, sort, window }, page) => `/3/gallery/t/${tag}/${sort}/${window}/${page}`),
      ],
    },
    {
      name: 'search',
      example: 'imgur:search/red panda',
      about: 'a search, newest first',
      order: 'newest-first',
      match: targets.matchSearch,
      strategies: [apiListing('search', (_params, page) => `/3/gallery/search/time/all/${page}`)],
    },
    {
      name: 'search-top',
      example: 'https://imgur.com/search/score/week?q=cats',
      about: 'the best of a search',
      match: targets.matchSearchTop,
      strategies: [apiListing('search-top', ({ sort, window }, page) => `/3/gallery/search/${sort}/${window}/${page}`)],
    },
    {
      name: 'user',
      example: 'imgur:user/ghost',
      about: "a user's posts, newest first",
      order: 'newest-first',
      match: targets.matchUser,
      strategies: [apiListing('user', ({ user }, page) => `/3/account/${user}/submissions/${page}/newest`)],
    },
    {
      name: 'favorites',
      example: 'imgur:user/ghost/favorites',
      about: "a user's favorites, newest first",
      order: 'newest-first',
      match: targets.matchFavorites,
      strategies: [apiListing('favorites', ({ user }, page) => `/3/account/${user}/gallery_favorites/${page}/newest`)],
    },
  ],
}
