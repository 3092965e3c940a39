// Checks the "Law:" comments of the files named. It knows where the words stand, not
// whether the code does what they say. Called by law.sh from the root of the tree.
'use strict';
const fs = require('fs');

const flat = (text) => text.replace(/[‘’]/g, "'").replace(/\s+/g, ' ').trim();
let bad = 0;
const complain = (where, what) => {
  console.log(`${where}: ${what}`);
  bad = 1;
};

let law = '';
for (const name of fs.existsSync('tests/law') ? fs.readdirSync('tests/law').sort() : []) {
  const text = fs.readFileSync(`tests/law/${name}`, 'utf8');
  if (!/^Source: /m.test(text)) complain(`tests/law/${name}`, 'has no line "Source: ..."');
  if (!flat(text).includes('Open Government Licence v3.0'))
    complain(`tests/law/${name}`, 'does not name the Open Government Licence v3.0');
  law += ` ${flat(text)}`;
}

// A comment without its stars, each run of // lines as one.
const COMMENT = /\/\*([\s\S]*?)\*\/|((?:[ \t]*\/\/[^\n]*\n?)+)/g;
const words = (match) =>
  flat(match[1] !== undefined
    ? match[1].replace(/^[ \t]*\*/gm, '')
    : match[2].replace(/^[ \t]*\/\//gm, ''));

for (const file of process.argv.slice(2)) {
  const text = fs.readFileSync(file, 'utf8');
  for (const match of text.matchAll(COMMENT)) {
    const line = text.slice(0, match.index).split('\n').length;
    for (const claim of words(match).split(/\bLaw: /).slice(1)) {
      const quotes = [...claim.matchAll(/"([^"]*)"/g)].map((q) => q[1]);
      if (quotes.length === 0) complain(`${file}:${line}`, 'a Law: without a quote');
      for (const quote of quotes)
        if (quote.length < 10 || !law.includes(quote))
          complain(`${file}:${line}`, `not in tests/law: "${quote}"`);
    }
  }
}
process.exit(bad);
