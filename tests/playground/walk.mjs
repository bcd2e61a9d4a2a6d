// A partner user's journeys in Microsoft's Agents Playground, with the real program and signed tokens both ways.
//   node walk.mjs              all of them; ends 0 when every check holds; pictures in out/
//   node walk.mjs forecast     those steps in whose title the word stands
// TENANTRY_BIN names the program (else the newest build), DATABASE_URL a database (else a private one), and with
// TIMES=1 each step says how long it took.
import { edits } from './edits.mjs';
import { extension } from './extension.mjs';
import { gaps } from './gaps.mjs';
import { notes } from './notes.mjs';
import { portfolio } from './portfolio.mjs';
import { check, play } from './stage.mjs';

const farewell = {
  title: 'removed, then nothing more',
  run: async ({ pg }) => {
    await pg.mock('Uninstall application');
    check('nothing is sent after that', pg.answers.length === 0, pg.answers);
  },
};

process.exit(await play([...notes, ...edits, ...gaps, ...extension, ...portfolio, farewell], process.argv.slice(2)));
