// The playground knows the light theme and one width. The newest card is also drawn on its own, by the
// official renderer: in dark, and as wide as a phone.
import { createRequire } from 'node:module';
import { themes } from '../cards/themes.mjs';

const file = (name) => createRequire(import.meta.url).resolve(`adaptivecards/dist/${name}`);
const PHONE = 320;
const CHAT = 480;

/** Runs in the page: draws the card, and says where it does not fit. */
function draw({ card, host, css, width }) {
  const { AdaptiveCard, HostConfig } = window.AdaptiveCards;
  document.querySelector('#theme').textContent = css;
  const plain = (text) => text.replace(/[&<>]/g, (sign) => `&#${sign.charCodeAt(0)};`);
  AdaptiveCard.onProcessMarkdown = (text, done) => {
    done.outputHtml = `<span>${plain(text).replace(/\[([^\]]+)\]\((https:[^)\s]+)\)/g, '<a href="$2">$1</a>')}</span>`;
    done.didProcess = true;
  };
  const drawn = new AdaptiveCard();
  drawn.hostConfig = new HostConfig(host);
  drawn.parse(card);
  const frame = document.querySelector('#frame');
  frame.style.width = `${width}px`;
  frame.replaceChildren(drawn.render());
  return frame.scrollWidth > width ? [`${frame.scrollWidth} px wide in a frame of ${width} px`] : [];
}

export class Sketch {
  #page = null;

  async open(browser) {
    this.#page = await browser.newPage({ viewport: { width: 560, height: 600 } });
    await this.#page.setContent('<!doctype html><meta charset="utf-8"><div id="frame"></div>');
    await this.#page.addScriptTag({ path: file('adaptivecards.min.js') });
    await this.#page.addStyleTag({ path: file('adaptivecards.css') });
    await this.#page.evaluate(() => {
      document.head.append(Object.assign(document.createElement('style'), { id: 'theme' }));
    });
    return this;
  }

  /** Draws the card as `<path>.dark.png` and `<path>.phone.png`, and gives back what does not fit. */
  async draw(card, path) {
    const flaws = [];
    for (const [name, { host, css }, width] of [['dark', themes.dark, CHAT], ['phone', themes.light, PHONE]]) {
      flaws.push(...await this.#page.evaluate(draw, { card, host, css, width }));
      await this.#page.locator('#frame').screenshot({ path: `${path}.${name}.png` });
    }
    return flaws;
  }
}
