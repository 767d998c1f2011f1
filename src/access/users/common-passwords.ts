/**
 * Words that passwords are made of most often, with digits or signs around them or repeated. Passwords have at least
 * twelve characters, so most entries of the public lists of leaked passwords never apply as they stand.
 */
export const COMMON_PASSWORDS: ReadonlySet<string> = new Set(
  `password passwords passwort motdepasse contrasena wachtwoord senha passw passphrase mypassword newpassword
   thepassword yourpassword passwordone defaultpassword temppassword temporary changeme changemenow changeit
   changethis letmein letmeinnow opensesame iloveyou iloveyousomuch iloveyouforever ilovemyself ilovemyfamily
   ilovejesus iloveme welcome welcomehome welcomeback admin administrator adminadmin superadmin superuser sysadmin
   root rootroot toor guest user username login loginlogin signin secret topsecret supersecret secretsecret mysecret
   qwerty qwertyuiop qwertyqwerty qwertyasdf qwertz qwertzuiop azerty azertyuiop asdf asdfghjkl zxcvbnm qazwsx
   qazwsxedc qazwsxedcrfv monkey dragon master mastermaster sunshine princess football baseball basketball superman
   batman spiderman starwars pokemon naruto minecraft fortnite trustno trustnoone shadow michael jennifer jessica
   charlie jordan ashley daniel whatever whateverman computer internet samsung facebook google linkedin microsoft
   apple iphone hello helloworld hellohello helloworldhello abcd abcdef abcdabcd test testing testtest testuser
   testpassword demo demodemo example sample account company business office server database postgres sluice lead
   leads leadconduit summer winter spring autumn january february march april june july august september october
   november december monday friday sunday money mustang access freedom blessed jesuschrist godisgood jesusislord
   correcthorsebatterystaple thequickbrownfox pleaseletmein idontknow nopassword nothing fuckyou fuckyoufuckyou
   bigdick asshole lovely flower chocolate cheese cookie pepper ginger hunter killer ninja soccer liverpool chelsea
   arsenal barcelona realmadrid manchester london newyork california texas america`.split(/\s+/),
);
