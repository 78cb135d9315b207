/** The textbook's receiver: listen, take the name, answer ok, write what follows until the end. */
import { createWriteStream } from 'node:fs';
import { createServer } from 'node:net';
import { basename, join } from 'node:path';

const [host, port, directory, many] = process.argv.slice(2);
if (directory === undefined) {
  console.error('usage: receiver.mjs HOST PORT DIR [--many]');
  process.exit(1);
}

const server = createServer((wire) => {
  if (many !== '--many') server.close();
  wire.on('error', (error) => console.error(error.message));
  wire.once('data', (bytes) => {
    const name = bytes.toString();
    const content = createWriteStream(join(directory, basename(name)));
    content.on('finish', () => console.log('received', name));
    wire.pipe(content);
    wire.write('ok');
  });
});
server.listen(Number(port), host, () => console.log('listening', server.address().port));
