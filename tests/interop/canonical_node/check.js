// check.js FILE: every line of FILE is read with JSON.parse and written again as RFC 8785 says, from
// whose Appendix this follows: members sorted by UTF-16 code units, strings and numbers as
// JSON.stringify writes them. Lines that differ are named. Lines "nfc TEXT-AS-JSON yes|no" are
// compared with what String.prototype.normalize says. It shares no code with quietus.
'use strict';
const fs = require('fs');

function canonical(value) {
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) return '[' + value.map(canonical).join(',') + ']';
  const members = Object.keys(value).sort(); // by UTF-16 code units
  return '{' + members.map((name) => JSON.stringify(name) + ':' + canonical(value[name])).join(',') + '}';
}

function check(line) {
  const nfc = /^nfc (.*) (yes|no)$/.exec(line);
  if (!nfc) return canonical(JSON.parse(line)) === line;
  const text = JSON.parse(nfc[1]);
  return (text.normalize('NFC') === text) === (nfc[2] === 'yes');
}

const lines = fs.readFileSync(process.argv[2], 'utf8').split('\n').filter((line) => line !== '');
const wrong = lines.filter((line) => !check(line));
for (const line of wrong.slice(0, 10)) console.error('differs: ' + line);
console.log(`${lines.length} lines, ${wrong.length} that differ`);
process.exit(wrong.length === 0 && lines.length > 1000 ? 0 : 1);
