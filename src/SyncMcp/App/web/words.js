// How times, sizes and states are said. A state is told by word and shape; colour only helps.
const states = {
  S: { word: 'succeeded', tone: 'good' }, F: { word: 'failed', tone: 'bad' }, R: { word: 'running', tone: 'live' },
  C: { word: 'cancelled', tone: 'dim' }, K: { word: 'skipped', tone: 'dim' }, O: { word: 'other', tone: 'dim' }, N: { word: 'never ran', tone: 'dim' },
};
const stateOf = status => /fail|error/i.test(status) ? 'F' : /success|succeed|warning/i.test(status) ? 'S' : /run|start|pending|queue/i.test(status) ? 'R' : /cancel/i.test(status) ? 'C' : /skip/i.test(status) ? 'K' : 'O';

// The same shapes as in the timeline.
const shapes = {
  S: () => svg('rect', { x: 4, y: 3, width: 4, height: 6, rx: 1 }),
  F: () => svg('path', { d: 'M1 1h10L8 5v6H4V5z' }),
  R: () => svg('path', { d: 'M2 2l6 4-6 4z' }),
  C: () => svg('path', { d: 'M2.5 3.5h7v5h-7zM1.5 10.5l9-9', class: 'line' }),
  K: () => svg('circle', { cx: 6, cy: 6, r: 3.5, class: 'line' }),
  O: () => svg('path', { d: 'M6 2l4 4-4 4-4-4z', class: 'line' }),
  N: () => svg('path', { d: 'M3 6h6', class: 'line' }),
};
const mark = state => svg('svg', { class: `mark ${states[state].tone}`, viewBox: '0 0 12 12', width: 12, height: 12, 'aria-hidden': 'true' }, shapes[state]());
const badge = state => h('span', { class: `badge ${states[state].tone}` }, mark(state), states[state].word);

const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });
const exact = new Intl.NumberFormat('en', { maximumFractionDigits: 2 });
const count = value => value === null || value === undefined ? '–' : value < 10000 ? exact.format(value) : compact.format(value);
const many = (value, one, more = `${one}s`) => `${exact.format(value)} ${value === 1 ? one : more}`;
const percent = value => value === null || Number.isNaN(value) ? '–' : `${value > 0 && value < 1 ? Math.min(99.9, Math.max(.1, value * 100)).toFixed(1) : value * 100} %`;

function lasting(seconds) {
  if (seconds === null || seconds === undefined || Number.isNaN(seconds)) return '–';
  if (seconds < 1) return seconds < .01 ? '<10 ms' : `${Math.round(seconds * 1000)} ms`;
  if (seconds < 60) return `${seconds < 10 ? Math.round(seconds * 10) / 10 : Math.round(seconds)} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} m ${String(Math.round(seconds) % 60).padStart(2, '0')} s`;
  return seconds < 86400 ? `${Math.floor(seconds / 3600)} h ${String(Math.floor(seconds / 60) % 60).padStart(2, '0')} m` : `${Math.floor(seconds / 86400)} d ${Math.floor(seconds / 3600) % 24} h`;
}
const speed = run => run.rows > 0 && run.seconds > 0 ? run.rows / run.seconds : null;
const rate = value => value === null ? '–' : `${value < 10 ? Math.round(value * 10) / 10 : count(Math.round(value))}/s`;

let zone; // the host's, where it says one
const stamp = time => new Date(time).toLocaleString('en-GB', { year: 'numeric', month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit', second: '2-digit', timeZoneName: 'short', timeZone: zone });
const short = time => new Date(time).toLocaleString('en-GB', { weekday: 'short', hour: '2-digit', minute: '2-digit', timeZone: zone });

function ago(time, now) {
  const seconds = Math.round((now - time) / 1000), size = Math.abs(seconds);
  const text = size < 45 ? 'now' : size < 3570 ? `${Math.round(size / 60)} min` : size < 84600 ? `${Math.round(size / 3600)} h` : `${Math.round(size / 86400)} d`;
  return text === 'now' ? 'just now' : seconds < 0 ? `in ${text}` : `${text} ago`;
}
const when = (time, now) => time === null || Number.isNaN(time) ? '–' : h('time', { datetime: new Date(time).toISOString(), title: stamp(time) }, ago(time, now));
const sentence = text => text.replaceAll('_', ' ').replace(/^./, letter => letter.toUpperCase());
const median = values => { const all = values.filter(value => value !== null).sort((a, b) => a - b); return all.length < 3 ? null : all[Math.floor(all.length / 2)]; };
