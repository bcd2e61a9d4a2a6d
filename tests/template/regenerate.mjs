// Writes expected.json of every case with the public expander (adaptivecards-templating):
//   npm ci && node regenerate.mjs            all cases
//   node regenerate.mjs --check              changes nothing, ends 1 when a case differs
// The Rust test compares our expander with these files and needs no Node.
import fs from 'node:fs';
import path from 'node:path';
import { createRequire } from 'node:module';
import { isDeepStrictEqual } from 'node:util';

const { Template } = createRequire(import.meta.url)('adaptivecards-templating');
const here = import.meta.dirname;
const check = process.argv.includes('--check');
const read = (file) => JSON.parse(fs.readFileSync(file, 'utf8'));

let wrong = 0;
for (const name of fs.readdirSync(here).sort()) {
  const folder = path.join(here, name);
  if (!fs.existsSync(path.join(folder, 'template.json'))) continue;
  const template = new Template(read(path.join(folder, 'template.json')));
  const result = JSON.parse(JSON.stringify(template.expand({ $root: read(path.join(folder, 'data.json')) })));
  const file = path.join(folder, 'expected.json');
  if (!check) {
    fs.writeFileSync(file, `${JSON.stringify(result, null, 2)}\n`);
  } else if (!fs.existsSync(file) || !isDeepStrictEqual(result, read(file))) {
    console.error(`differs: ${name}`);
    wrong += 1;
  }
}
process.exit(wrong ? 1 : 0);
