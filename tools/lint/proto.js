// Checks the image of all contracts that `buf build` made of proto/ (as JSON). Called by
// proto.sh.
'use strict';
const fs = require('fs');

// Without calls of their own: spoken by several services, (the gateway) over HTTP, or
// (backup) by nobody.
const SHARED = ['backup', 'common', 'envelope', 'gateway', 'journal', 'place'];
const image = JSON.parse(fs.readFileSync(process.argv[2], 'utf8'));
let bad = 0;
const complain = (where, what) => {
  console.log(`${where}: ${what}`);
  bad = 1;
};

const uses = new Map(); // message -> messages in its fields
const shouted = (name) => name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toUpperCase();

const checkEnum = (scope, e) => {
  const zero = e.value[0];
  if (zero.name !== `${shouted(e.name)}_UNSPECIFIED` || (zero.number || 0) !== 0)
    complain(`${scope}.${e.name}`, `opens with ${zero.name}, not ${shouted(e.name)}_UNSPECIFIED = 0`);
};

const checkMessage = (scope, m) => {
  const name = `${scope}.${m.name}`;
  const fields = m.field || [];
  if (m.options && m.options.mapEntry) return complain(name, 'is a map; use repeated');
  if (m.extensionRange || m.extension) complain(name, 'has extensions');
  for (const f of fields) {
    if (f.label === 'LABEL_REQUIRED') complain(`${name}.${f.name}`, 'is required; nothing is');
    if (f.type === 'TYPE_GROUP') complain(`${name}.${f.name}`, 'is a group');
    if (f.defaultValue !== undefined) complain(`${name}.${f.name}`, 'has a default; not said is zero');
  }
  uses.set(name, fields.filter((f) => f.type === 'TYPE_MESSAGE').map((f) => f.typeName));
  for (const e of m.enumType || []) checkEnum(name, e);
  for (const inner of m.nestedType || []) checkMessage(name, inner);
};

// What each call is answered with stands under the call's own number and name.
const checkConversation = (file, noun) => {
  const last = (file.messageType || []).slice(-3);
  const wanted = ['Call', 'Answer', 'Event'].map((word) => noun + word);
  if (last.map((m) => m.name).join() !== wanted.join())
    return complain(`proto/${file.name}`, `does not end with ${wanted.join(', ')}`);
  for (const m of last)
    if ((m.oneofDecl || []).length !== 1 || (m.field || []).some((f) => f.oneofIndex === undefined))
      complain(`proto/${file.name}`, `${m.name} is not one oneof`);
  const numbered = (m) => (m.field || []).map((f) => `${f.name} = ${f.number}`).sort();
  const [calls, answers] = [numbered(last[0]), numbered(last[1])];
  for (const c of calls) if (!answers.includes(c)) complain(`proto/${file.name}`, `${c} has no answer`);
  for (const a of answers) if (!calls.includes(a)) complain(`proto/${file.name}`, `${a} answers nothing`);
};

for (const file of image.file) {
  const noun = file.name.replace(/\.proto$/, '');
  if ((file.syntax || 'proto2') !== 'proto2') complain(`proto/${file.name}`, `is ${file.syntax}`);
  if (file.package !== noun) complain(`proto/${file.name}`, `its package is ${file.package}`);
  if (file.extension || file.service) complain(`proto/${file.name}`, 'has extensions or rpc services');
  for (const e of file.enumType || []) checkEnum(`.${file.package}`, e);
  for (const m of file.messageType || []) checkMessage(`.${file.package}`, m);
  if (!SHARED.includes(noun))
    checkConversation(file, noun.charAt(0).toUpperCase() + noun.slice(1));
}

// A type that contains itself, however deep, lets 58 kB of input overflow the stack of the
// decoder: protobuf-c has no limit of depth.
const done = new Set();
const walk = (name, path) => {
  if (path.includes(name)) return complain(name, `contains itself by way of ${path.join(' ')}`);
  if (done.has(name)) return;
  for (const next of uses.get(name) || []) walk(next, [...path, name]);
  done.add(name);
};
for (const name of uses.keys()) walk(name, []);
process.exit(bad);
