// Elements from data. Text is only ever text: nothing here parses markup, so that no name or log can become any.
const SVG = 'http://www.w3.org/2000/svg';

const fill = (node, props, children) => {
  for (const [name, value] of Object.entries(props ?? {})) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith('on')) node.addEventListener(name.slice(2), value);
    else if (name === 'style') for (const [key, one] of Object.entries(value)) node.style.setProperty(key, one);
    else if (name === 'data') Object.assign(node.dataset, value);
    else if (name in node && typeof value === 'boolean') node[name] = value;
    else node.setAttribute(name, value === true ? '' : value);
  }
  for (const child of children.flat(9)) if (child !== undefined && child !== null && child !== false && child !== '') node.append(child instanceof Node ? child : String(child));
  return node;
};
const h = (tag, props, ...children) => fill(document.createElement(tag), props, children);
const svg = (tag, props, ...children) => fill(document.createElementNS(SVG, tag), props, children);
const show = (node, ...children) => { node.replaceChildren(...children.flat(9).filter(child => child !== undefined && child !== null && child !== false)); return node; };

// A name that others gave: its direction stays its own, and what does not fit is told on hover.
const name = (text, tag = 'span', more = {}) => h(tag, { dir: 'auto', ...more, class: `name ${more.class ?? ''}`, title: text }, text);

// One stop for Tab in a list; arrows go on inside.
function roving(list, selector, across) {
  const items = () => [...list.querySelectorAll(selector)].filter(item => item.offsetParent !== null || item.getClientRects().length);
  const settle = at => items().forEach((item, index) => { item.tabIndex = index === at ? 0 : -1; });
  settle(0);
  list.addEventListener('focusin', event => {
    const at = items().indexOf(event.target.closest(selector));
    if (at >= 0) settle(at);
  });
  list.addEventListener('keydown', event => {
    const all = items(), at = all.indexOf(event.target.closest(selector));
    if (at < 0 || event.target !== all[at] || event.altKey || event.ctrlKey || event.metaKey) return;
    const to = { [across ? 'ArrowRight' : 'ArrowDown']: at + 1, [across ? 'ArrowLeft' : 'ArrowUp']: at - 1, Home: 0, End: all.length - 1, PageDown: Math.min(at + 10, all.length - 1), PageUp: Math.max(at - 10, 0) }[event.key];
    if (to === undefined || !all[to]) return;
    event.preventDefault();
    all[to].focus();
  });
}

const say = text => { document.getElementById('said').textContent = text; };
