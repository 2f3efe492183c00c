/**
 * What a sign costs after another, in quarters of a bit, one base-36 digit each: rows and columns are a boundary between
 * words, a digit, then the letters a to z. Counted over the names, paths and words of an agent runtime's code, manual and
 * logs; a sequence that never occurred costs most.
 */
export const letterPairs = [
  'jofkeijkmmitqkgmifwfdhnomzzz',
  '64pooponvsvwtutvuuxwvsvtvvvw',
  'lxzlfizthzjzwdhezizdhbjtlrlz',
  'eoctuzdyzsfrzbvzbwzhivfzzziz',
  'gueznzczzcmzhezz9szhrelzzznz',
  '5vhszq7zqzezsoqzkzzqlzpyzztz',
  '9zivifpnrzzzzilcwnscdjzopkqz',
  'frbzzzdhuz7zzhzzczzholmzzzrz',
  '8zgzzz7zqnczzotlnuzgmmlyzzyz',
  '8v9yzxazzzfzzzszbzzkqlkzzzuz',
  'jznqhfkoizzzzgi8dnzlffzkzvzn',
  'kqrzwzczzwozuzxzewzz3xgzwwzx',
  '7qlvzs6stzdzzuzmruzzeopzxzzz',
  'azdvzmazzzbzxfxzexzzijglzzkz',
  'dyaovs9zzzehzvjzdgzzezqzzzzz',
  '9zhwgffkezlzrqzlitzyfasozzzz',
  'kzorkhznnzrwmfh9igzckjgjiqzz',
  'ezazzobzztjzzdwzfhzblgkzzzxz',
  'elozxzvzwuvxzduuvzvqux3xgxwu',
  'czezmm8zpzgzormocwzmiijpzzjz',
  '6zlzlvczzjgzotxuilxsgblzszqz',
  '8zexpzazzgczzvzzfvzhgnnzxznz',
  'swnjpjgtgzizzfkaxfzcdbzzzxzz',
  'hmazzz4zzz8zzzzykzzzzzzzzzzz',
  '8xazztdzzjezzozfezzigyxztzzz',
  '7qhzmvbyzwizzzzzzfzzy8zzznmz',
  '2wwwqxszzzszzmrkskzzgmyzxzuy',
  'cibzxs4xzslyxwusjsxvuyoywzpn',
].join('')
