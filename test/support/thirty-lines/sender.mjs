/** The textbook's sender: connect, write the bare name, wait for ok, write the content, close. */
import { createReadStream } from 'node:fs';
import { connect } from 'node:net';
import { basename } from 'node:path';

const [host, port, path] = process.argv.slice(2);
if (path === undefined) fail('usage: sender.mjs HOST PORT FILE');

const wire = connect({ host, port: Number(port) });
let answer = '';
wire.on('connect', () => wire.write(basename(path)));
wire.on('data', (bytes) => {
  answer += bytes.toString('latin1');
  if (answer === 'ok') createReadStream(path).on('error', fail).pipe(wire);
  else if (answer !== 'o') fail(`answered ${JSON.stringify(answer)}`);
});
wire.on('end', () => {
  if (answer !== 'ok') fail('closed before ok');
});
wire.on('error', fail);

function fail(why) {
  console.error(String(why));
  process.exit(1);
}
