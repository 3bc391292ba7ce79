import { describe, expect, it, test } from 'vitest'
import { hasPasswordField, leadsToLogin } from './login-page.ts'

describe('a redirect to a login', () => {
  const from = 'https://h.example/files/1.jpg'

  it.each([
    'https://h.example/login',
    'https://h.example/login?next=/files/1.jpg',
    'https://h.example/users/sign_in',
    'https://h.example/wp-login.php?redirect_to=x',
    'https://h.example/account/SignIn.aspx',
    'https://accounts.example/v3',
    'https://login.h.example/',
  ])('%s', (to) => expect(leadsToLogin(from, to)).toBe(true))

  it.each([
    'https://h.example/files/1-large.jpg',
    'https://h.example/blog/my-login-story',
    'https://h.example/?login=1',
    'https://cdn.h.example/1.jpg',
    'no url',
  ])('and none: %s', (to) => expect(leadsToLogin(from, to)).toBe(false))

  it('is none from one such place to another', () => {
    expect(leadsToLogin('https://h.example/login/1.jpg', 'https://h.example/login')).toBe(false)
  })
})

test('a field for a password, however it is written', () => {
  expect(hasPasswordField('<form><INPUT name=p\n type="password">')).toBe(true)
  expect(hasPasswordField('<input type=password>')).toBe(true)
  expect(hasPasswordField('<p>type="password"</p><input type="text">')).toBe(false)
})
