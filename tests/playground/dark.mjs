// The playground knows the light theme only. In dark, the newest card is drawn on its own, by the
// official renderer with colours close to those of Teams.
import { createRequire } from 'node:module';

const RENDERER = createRequire(import.meta.url).resolve('adaptivecards/dist/adaptivecards.min.js');
const shades = (light, subtle = light) => ({ default: light, subtle });
const TEXT = {
  default: shades('#ffffff', '#adadad'),
  dark: shades('#ffffff', '#adadad'),
  light: shades('#adadad', '#8a8a8a'),
  accent: shades('#9ea2ff', '#7f85f5'),
  good: shades('#92c353', '#6fa03a'),
  warning: shades('#f8d22a', '#c9a91f'),
  attention: shades('#f9526b', '#d13a52'),
};
const style = (backgroundColor) => ({ backgroundColor, foregroundColors: TEXT });
const HOST = {
  fontFamily: '"Segoe UI", "Noto Sans", system-ui, sans-serif',
  fontSizes: { small: 12, default: 14, medium: 16, large: 18, extraLarge: 24 },
  spacing: { small: 8, default: 12, medium: 16, large: 20, extraLarge: 24, padding: 16 },
  separator: { lineThickness: 1, lineColor: '#4d4d4d' },
  supportsInteractivity: true,
  containerStyles: {
    default: style('#292929'), emphasis: style('#1f1f1f'), accent: style('#2f2f4a'),
    good: style('#1c3a12'), warning: style('#463100'), attention: style('#4a1420'),
  },
  inputs: { label: { inputSpacing: 4, requiredInputs: { suffix: ' *', suffixColor: 'attention' }, optionalInputs: {} } },
  actions: { maxActions: 6, spacing: 'default', buttonSpacing: 8, actionsOrientation: 'horizontal', actionAlignment: 'left' },
};
const SHEET = `
  body { margin: 24px; width: 480px; background: #141414 }
  #card { border: 1px solid #4d4d4d; border-radius: 8px; overflow: hidden }
  .ac-input, .ac-pushButton { font: inherit; font-size: 14px; color: #fff; background: #1f1f1f; border: 1px solid #707070; border-radius: 4px; padding: 6px 10px; box-sizing: border-box; color-scheme: dark }
  .ac-input:has(> input[type=checkbox]) { background: none; border: 0; padding: 0 }
  .ac-pushButton { background: #333; font-weight: 600 }
`;

export async function drawDark(browser, card, file) {
  const page = await browser.newPage({ viewport: { width: 530, height: 400 }, colorScheme: 'dark' });
  try {
    await page.setContent(`<style>${SHEET}</style><div id="card"></div>`);
    await page.addScriptTag({ path: RENDERER });
    await page.evaluate(({ card: content, host }) => {
      const { AdaptiveCard, HostConfig } = window.AdaptiveCards;
      const drawn = new AdaptiveCard();
      drawn.hostConfig = new HostConfig(host);
      drawn.parse(content);
      document.getElementById('card').append(drawn.render());
    }, { card, host: HOST });
    await page.screenshot({ path: file, fullPage: true });
  } finally {
    await page.close();
  }
}
