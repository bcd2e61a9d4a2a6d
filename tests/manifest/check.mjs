// Holds the app package against Microsoft's own manifest schema, which the npm package
// @microsoft/app-manifest carries, and looks at the pixels of the icons. No network.
//   node check.mjs [package.zip | manifest.json ...]      ends 0 when everything holds, else 1
// Without arguments: the template in ../../manifest, and the package that the program named by
// TENANTRY_BIN makes of it.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import zlib from 'node:zlib';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);
const Ajv = require('ajv-draft-04').default;
const addFormats = require('ajv-formats').default;
const here = path.dirname(fileURLToPath(import.meta.url));
const schemas = path.join(path.dirname(require.resolve('@microsoft/app-manifest/package.json')), 'build', 'json-schemas', 'teams');

/** Name -> content of each file in a zip, read from its central directory. */
function unzip(bytes) {
  const files = new Map();
  const end = bytes.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
  if (end < 0) throw new Error('no zip');
  let at = bytes.readUInt32LE(end + 16);
  for (let left = bytes.readUInt16LE(end + 10); left > 0; left -= 1) {
    const [method, size, nameLength, extra, comment, start] = [
      bytes.readUInt16LE(at + 10), bytes.readUInt32LE(at + 20), bytes.readUInt16LE(at + 28),
      bytes.readUInt16LE(at + 30), bytes.readUInt16LE(at + 32), bytes.readUInt32LE(at + 42),
    ];
    const data = start + 30 + bytes.readUInt16LE(start + 26) + bytes.readUInt16LE(start + 28);
    const packed = bytes.subarray(data, data + size);
    files.set(bytes.toString('utf8', at + 46, at + 46 + nameLength), method === 0 ? packed : zlib.inflateRawSync(packed));
    at += 46 + nameLength + extra + comment;
  }
  return files;
}

function load(file) {
  const bytes = fs.readFileSync(file);
  if (bytes.subarray(0, 2).toString() === 'PK') return unzip(bytes);
  const beside = (name) => [name, fs.readFileSync(path.join(path.dirname(file), name))];
  return new Map([['manifest.json', bytes], beside('color.png'), beside('outline.png')]);
}

function schemaFindings(document, version, name) {
  const file = path.join(schemas, `v${version}`, name);
  if (!fs.existsSync(file)) return [`no ${name} for manifestVersion ${version}`];
  // Some of Microsoft's own patterns are none in Unicode mode.
  const ajv = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false });
  addFormats(ajv);
  const holds = ajv.compile(JSON.parse(fs.readFileSync(file, 'utf8')));
  return holds(document) ? [] : holds.errors.map((e) => `${e.instancePath || '/'} ${e.message} ${JSON.stringify(e.params)}`);
}

/** The pixels of an 8-bit RGBA picture, row filters undone. */
function pixels(png) {
  const parts = [];
  for (let at = 8; at < png.length; at += 12 + png.readUInt32BE(at)) {
    if (png.toString('latin1', at + 4, at + 8) === 'IDAT') parts.push(png.subarray(at + 8, at + 8 + png.readUInt32BE(at)));
  }
  const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)];
  const raw = zlib.inflateSync(Buffer.concat(parts));
  const row = width * 4;
  const out = Buffer.alloc(row * height);
  const paeth = (a, b, c) => [a, b, c].map((v) => [Math.abs(a + b - c - v), v]).reduce((m, v) => (v[0] < m[0] ? v : m))[1];
  for (let i = 0; i < out.length; i += 1) {
    const [y, x] = [Math.floor(i / row), i % row];
    const left = x >= 4 ? out[i - 4] : 0;
    const above = y > 0 ? out[i - row] : 0;
    const corner = x >= 4 && y > 0 ? out[i - row - 4] : 0;
    const guess = [0, left, above, (left + above) >> 1, paeth(left, above, corner)][raw[y * (row + 1)]];
    out[i] = (raw[y * (row + 1) + 1 + x] + guess) & 255;
  }
  return out;
}

function iconFindings(name, side, png) {
  if (png?.toString('hex', 0, 8) !== '89504e470d0a1a0a') return [`${name} is no PNG`];
  const size = `${png.readUInt32BE(16)}x${png.readUInt32BE(20)}`;
  if (size !== `${side}x${side}`) return [`${name} is ${size}, not ${side}x${side}`];
  if (png[24] !== 8 || png[25] !== 6 || png[28] !== 0) return [`${name} is no plain 8-bit RGBA picture`];
  if (name !== 'outline.png') return [];
  const found = { white: 0, clear: 0, other: 0 };
  const px = pixels(png);
  for (let at = 0; at < px.length; at += 4) {
    const kind = px[at + 3] === 0 ? 'clear' : px.subarray(at, at + 3).every((v) => v === 255) ? 'white' : 'other';
    found[kind] += 1;
  }
  return found.white > 0 && found.clear > 0 && found.other === 0 ? [] : [`outline.png is not white on transparent: ${JSON.stringify(found)}`];
}

function findings(file) {
  const files = load(file);
  const manifest = JSON.parse(files.get('manifest.json'));
  const languages = (manifest.localizationInfo?.additionalLanguages ?? []).map((language) => language.file);
  const expected = ['color.png', 'manifest.json', 'outline.png', ...languages].sort().join(' ');
  const names = [...files.keys()].sort().join(' ');
  if (names !== expected) return [`holds ${names}, not ${expected}`];
  const version = manifest.manifestVersion;
  const localised = (name) => schemaFindings(JSON.parse(files.get(name)), version, 'MicrosoftTeams.Localization.schema.json');
  return [
    ...schemaFindings(manifest, version, 'MicrosoftTeams.schema.json'),
    ...languages.flatMap((name) => localised(name).map((finding) => `${name}: ${finding}`)),
    ...iconFindings('color.png', 192, files.get('color.png')),
    ...iconFindings('outline.png', 32, files.get('outline.png')),
  ];
}

/** The template, and a package made from it where there is a program to make one. */
function ours(folder) {
  const template = path.join(here, '..', '..', 'manifest', 'manifest.json');
  if (!process.env.TENANTRY_BIN) return [template];
  const made = path.join(folder, 'tenantry.zip');
  const bot = ['--client-id', '7e2a1c5e-0000-4000-8000-0000000000b0', '--developer', 'Northwind', '--domain', 'tenantry.northwind.com', '--link-host', 'tenantry.northwind.com'];
  execFileSync(path.resolve(process.env.TENANTRY_BIN), ['manifest', ...bot, '--out', made]);
  return [template, made];
}

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tenantry-package-'));
process.on('exit', () => fs.rmSync(folder, { recursive: true, force: true }));
const given = process.argv.slice(2);
const asked = given.length > 0 ? given : ours(folder);
let failed = 0;
for (const file of asked) {
  let found;
  try { found = findings(file); } catch (e) { found = [e.message]; }
  failed += found.length > 0 ? 1 : 0;
  console.log(`${found.length > 0 ? 'FAIL' : 'ok  '} ${path.basename(file)}`);
  for (const finding of found) console.log(`     ${finding}`);
}
console.log(`${asked.length - failed} passed, ${failed} failed`);
process.exit(failed > 0 ? 1 : 0);
