import { z } from 'zod'
import type { Source } from '../../core/source.ts'
import { apiAlbum, apiImage, apiPost } from './api.ts'
import { CLIENT_ID } from './client.ts'
import { evidence } from './evidence.ts'
import * as listings from './listing-targets.ts'
import { apiListing, folder, htmlSearch, htmlSubreddit, ownPosts, tagPosts, webSubreddit } from './listings.ts'
import * as targets from './targets.ts'
import { webAlbum, webImage, webPost } from './web.ts'

export const source: Source = {
  name: 'imgur',
  about: 'images, albums, subreddits, tags, searches, users and the front page of imgur.com',
  hosts: ['imgur.com', '*.imgur.com', 'imgur.io', '*.imgur.io'],
  options: z.object({
    clientId: z.string().default(CLIENT_ID).describe('the client id sent to api.imgur.com'),
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
  evidence,
  routes: [
    {
      name: 'image',
      example: 'https://i.imgur.com/wWwA1k6.jpg',
      also: [
        'imgur:wWwA1k6',
        'https://imgur.com/wWwA1k6',
        'https://imgur.com/some-words-wWwA1k6',
        'https://m.imgur.com/wWwA1k6',
        'https://imgur.com/download/wWwA1k6/',
        'https://i.imgur.com/wWwA1k6h.jpg',
        'https://i.imgur.com/wWwA1k6_d.webp?maxwidth=520',
        'https://i.imgur.com/wWwA1k6.gifv',
        'https://i.imgur.io/wWwA1k6.mp4',
      ],
      about: 'one image or video; thumbnails lead to the original',
      match: targets.matchImage,
      key: targets.imageKey,
      strategies: [apiImage, webImage],
    },
    {
      name: 'album',
      example: 'imgur:a/88wOh',
      also: [
        'https://imgur.com/a/88wOh',
        'https://imgur.com/a/some-words-88wOh',
        'https://imgur.com/a/88wOh#3',
        'https://imgur.com/a/88wOh/zip',
        'https://ghost.imgur.com/a/88wOh',
      ],
      about: 'all images of an album',
      match: targets.matchAlbum,
      strategies: [apiAlbum, webAlbum],
    },
    {
      name: 'post',
      example: 'https://imgur.com/gallery/88wOh',
      also: [
        'https://imgur.com/gallery/some-words-88wOh#/t/cats',
        'https://imgur.com/t/cats/88wOh',
        'https://imgur.com/r/funny/88wOh',
        'https://imgur.com/topic/Aww/88wOh',
      ],
      about: 'a post of the gallery, album or image',
      match: targets.matchPost,
      strategies: [apiPost, webPost],
    },
    {
      name: 'subreddit',
      example: 'imgur:r/funny',
      also: ['https://imgur.com/r/funny', 'https://imgur.com/r/funny/new'],
      about: 'a subreddit, newest first',
      order: 'newest-first',
      match: listings.matchSubreddit,
      strategies: [
        apiListing('subreddit', ({ subreddit }, page) => `/3/gallery/r/${subreddit}/time/${page}`),
        webSubreddit,
        htmlSubreddit,
      ],
    },
    {
      name: 'subreddit-top',
      example: 'imgur:r/funny/top/week',
      also: ['https://imgur.com/r/funny/top', 'https://imgur.com/r/funny/top/all'],
      about: 'the best of a subreddit',
      match: listings.matchSubredditTop,
      strategies: [
        apiListing('subreddit-top', ({ subreddit, window }, page) => `/3/gallery/r/${subreddit}/top/${window}/${page}`),
      ],
    },
    {
      name: 'tag',
      example: 'imgur:t/cats',
      also: ['https://imgur.com/t/cats', 'https://imgur.com/t/cats/time'],
      about: 'a tag, newest first',
      order: 'newest-first',
      match: listings.matchTag,
      strategies: [apiListing('tag', ({ tag }, page) => `/3/gallery/t/${tag}/time/all/${page}`), tagPosts('tag')],
    },
    {
      name: 'tag-top',
      example: 'imgur:t/cats/top/week',
      also: ['https://imgur.com/t/cats/viral', 'https://imgur.com/t/cats/top/year'],
      about: 'the best of a tag',
      match: listings.matchTagTop,
      strategies: [
        apiListing('tag-top', ({ tag, sort, window }, page) => `/3/gallery/t/${tag}/${sort}/${window}/${page}`),
        tagPosts('tag-top'),
      ],
    },
    {
      name: 'search',
      example: 'imgur:search/red panda',
      also: [
        'https://imgur.com/search?q=red+panda',
        'https://imgur.com/search/time?q=red+panda',
        'https://imgur.com/search?q_all=red+panda&q_type=png&q_size_px=big',
      ],
      about: 'a search, newest first',
      order: 'newest-first',
      match: listings.matchSearch,
      strategies: [apiListing('search', (_params, page) => `/3/gallery/search/time/all/${page}`), htmlSearch],
    },
    {
      name: 'search-top',
      example: 'https://imgur.com/search/score/week?q=cats',
      also: ['https://imgur.com/search/relevance?q=cats', 'https://imgur.com/search/top/all?q_exactly=red+panda'],
      about: 'the best of a search',
      match: listings.matchSearchTop,
      strategies: [apiListing('search-top', ({ sort, window }, page) => `/3/gallery/search/${sort}/${window}/${page}`)],
    },
    {
      name: 'user',
      example: 'imgur:user/ghost',
      also: [
        'https://imgur.com/user/ghost',
        'https://imgur.com/user/ghost/posts',
        'https://imgur.com/user/ghost/submitted',
        'https://ghost.imgur.com/',
      ],
      about: "a user's posts, newest first",
      order: 'newest-first',
      match: listings.matchUser,
      strategies: [apiListing('user', ({ user }, page) => `/3/account/${user}/submissions/${page}/newest`)],
    },
    {
      name: 'favorites',
      example: 'imgur:user/ghost/favorites',
      also: ['https://imgur.com/user/ghost/favorites'],
      about: "a user's favorites, newest first",
      order: 'newest-first',
      match: listings.matchFavorites,
      strategies: [apiListing('favorites', ({ user }, page) => `/3/account/${user}/gallery_favorites/${page}/newest`)],
    },
    {
      name: 'folder',
      example: 'imgur:user/ghost/favorites/folder/12345',
      also: ['https://imgur.com/user/ghost/favorites/folder/12345/its-title'],
      about: "a folder of a user's favorites, newest first",
      order: 'newest-first',
      match: listings.matchFolder,
      strategies: [folder],
    },
    {
      name: 'own',
      example: 'imgur:user/me',
      also: ['https://imgur.com/user/me', 'https://imgur.com/user/me/posts'],
      about: 'your own posts and uploads, newest first; needs your cookies',
      order: 'newest-first',
      match: listings.matchOwn,
      strategies: [ownPosts('own', 'all_posts')],
    },
    {
      name: 'hidden',
      example: 'imgur:user/me/hidden',
      also: ['https://imgur.com/user/me/hidden'],
      about: 'your own hidden albums, newest first; needs your cookies',
      order: 'newest-first',
      match: listings.matchHidden,
      strategies: [ownPosts('hidden', 'hidden_albums')],
    },
    {
      name: 'front',
      example: 'imgur:hot',
      also: ['https://imgur.com/hot/time', 'https://imgur.com/top/week', 'imgur:new', 'https://imgur.com/new/rising'],
      about: 'the front page: what is popular, best or new',
      match: listings.matchFront,
      strategies: [
        apiListing('front', ({ section, sort, window }, page) => `/3/gallery/${section}/${sort}/${window}/${page}`),
      ],
    },
  ],
}
