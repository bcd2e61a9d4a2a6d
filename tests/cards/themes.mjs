// Two host themes in the manner of Teams: sizes and contrast are close to it, the values are ours.
const light = {
  page: '#ffffff', raised: '#f4f4f5', line: '#dedee2', text: '#222226', subtle: '#5f5f66',
  accent: '#5357bd', good: '#1f7044', attention: '#b82a44', warning: '#7d5600',
  tint: { good: '#e6f3ea', attention: '#fdeef1', warning: '#fbf3da', accent: '#eaebfa' },
};
const dark = {
  page: '#28282b', raised: '#1d1d20', line: '#45454a', text: '#fafafa', subtle: '#b0b0b6',
  accent: '#8d92f2', good: '#8fc65a', attention: '#f8667b', warning: '#f4cf3c',
  tint: { good: '#1b2d1f', attention: '#3a1d23', warning: '#37300f', accent: '#2a2c4a' },
};

const tone = (strong, subtle = strong) => ({ default: strong, subtle });

function style(c, backgroundColor) {
  const foregroundColors = {
    default: tone(c.text, c.subtle), dark: tone(c.text, c.subtle), light: tone('#ffffff', '#d0d0d0'),
    accent: tone(c.accent), good: tone(c.good), attention: tone(c.attention), warning: tone(c.warning),
  };
  return { backgroundColor, foregroundColors };
}

function host(c) {
  return {
    supportsInteractivity: true,
    fontFamily: '"Segoe UI", system-ui, sans-serif',
    fontSizes: { small: 12, default: 14, medium: 16, large: 18, extraLarge: 24 },
    fontWeights: { lighter: 300, default: 400, bolder: 600 },
    lineHeights: { small: 16, default: 20, medium: 22, large: 24, extraLarge: 32 },
    spacing: { small: 8, default: 12, medium: 16, large: 20, extraLarge: 24, padding: 16 },
    separator: { lineThickness: 1, lineColor: c.line },
    containerStyles: {
      default: style(c, c.page), emphasis: style(c, c.raised), accent: style(c, c.tint.accent),
      good: style(c, c.tint.good), attention: style(c, c.tint.attention), warning: style(c, c.tint.warning),
    },
    actions: { maxActions: 6, buttonSpacing: 8, actionsOrientation: 'horizontal', actionAlignment: 'left', spacing: 'default' },
    inputs: { label: { inputSpacing: 'small', requiredInputs: { suffix: ' *' } } },
  };
}

function css(c, scheme) {
  return `
    :root { color-scheme: ${scheme}; }
    body { margin: 20px; background: ${c.raised}; color: ${c.text}; font-family: "Segoe UI", system-ui, sans-serif; }
    #frame { border: 1px solid ${c.line}; border-radius: 6px; overflow: hidden; }
    #frame .ac-pushButton, #frame .ac-input { font: 14px "Segoe UI", system-ui, sans-serif; padding: 6px 12px; border: 1px solid ${c.line};
      border-radius: 4px; background: ${c.page}; color: ${c.text}; box-sizing: border-box; }
    #frame .ac-pushButton { font-weight: 600; }
    #frame .ac-pushButton.style-positive { background: ${c.accent}; border-color: ${c.accent}; color: ${c.page}; }
    #frame .ac-pushButton.style-destructive { color: ${c.attention}; border-color: ${c.attention}; }
    #frame :is(.ac-toggleInput, .ac-choiceSetInput-expanded, .ac-choiceSetInput-multiSelect, .ac-choiceSetInput-filtered-container) {
      border: 0; padding: 0; }
    #frame :is(.ac-textInput, .ac-multichoiceInput, .ac-dateInput) { width: 100%; }`;
}

export const themes = { light: { host: host(light), css: css(light, 'light') }, dark: { host: host(dark), css: css(dark, 'dark') } };
