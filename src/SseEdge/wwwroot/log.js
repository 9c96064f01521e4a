import { el, status } from './dom.js';
import { line } from './line.js';
import { progressText } from './lists.js';

// The page stays quick however long a log is: earlier lines are counted, not kept.
const MAX_LINES = 5000;

// The events of one execution, and what they say of it as a whole.
export class Log {
  #facts = el('div', { class: 'facts' });
  #hidden = el('p', { class: 'note', id: 'hidden', hidden: true });
  #lines = el('ol', {
    id: 'log', role: 'log', 'aria-live': 'off', 'aria-label': 'Events', tabindex: '0', 'data-positions': '0', 'data-last-position': '', 'data-repeats': '0',
  });
  #waiting = [];
  #frame = 0;
  #dropped = 0;
  #count = 0;
  #last = 0;
  #repeats = 0;
  #status = '';
  #progress = null;
  #error = null;

  get elements() {
    return [this.#facts, this.#hidden, this.#lines];
  }

  get isEmpty() {
    return this.#count === 0;
  }

  event(event) {
    // Positions only rise; one that doesn't would be a fault worth seeing.
    if (event.position <= this.#last) {
      this.#repeats += 1;
    } else {
      this.#last = event.position;
      this.#count += 1;
      this.#learn(event);
      this.#add(event);
    }
    Object.assign(this.#lines.dataset, { positions: this.#count, lastPosition: this.#last, repeats: this.#repeats });
  }

  gap(gap) {
    this.#add({ gap });
  }

  conflated(conflated) {
    this.#add({ conflated });
  }

  close() {
    cancelAnimationFrame(this.#frame);
  }

  #learn(event) {
    this.#status = event.status;
    if (event.executionQueued || event.executionStarted) {
      this.#progress = null;
    }
    this.#progress = event.progressReported ?? this.#progress;
    this.#error = event.executionFailed?.error ?? event.errorRaised ?? this.#error;
  }

  #add(item) {
    this.#waiting.push(item);
    if (this.#waiting.length > MAX_LINES) {
      // A page in the background draws nothing, and its events must not pile up until it does.
      this.#dropped += this.#waiting.splice(0, this.#waiting.length - MAX_LINES).length;
    }
    this.#frame ||= requestAnimationFrame(() => this.#draw());
  }

  #draw() {
    this.#frame = 0;
    const lines = this.#lines;
    const atEnd = lines.scrollHeight - lines.scrollTop - lines.clientHeight < 40;
    lines.append(...this.#waiting.map(line));
    this.#waiting = [];
    while (lines.childElementCount > MAX_LINES) {
      lines.firstElementChild.remove();
      this.#dropped += 1;
    }
    this.#hidden.hidden = this.#dropped === 0;
    this.#hidden.textContent = `${this.#dropped} earlier lines are not shown.`;
    this.#drawFacts();
    if (atEnd) {
      lines.scrollTop = lines.scrollHeight;
    }
  }

  #drawFacts() {
    const facts = [el('span', {}, 'Status: ', status(this.#status)), el('span', {}, `Events: ${this.#count}`)];
    if (this.#progress) {
      const { done, total } = this.#progress;
      const bar = el('progress', { max: total || 1, value: total ? done : null, 'aria-label': 'Progress' });
      facts.push(el('span', {}, 'Progress: ', bar, ` ${progressText(this.#progress)}`));
    }
    if (this.#error) {
      facts.push(el('span', { 'data-level': 'ERROR' }, `Last error: ${this.#error.code} ${this.#error.message}`));
    }
    this.#facts.replaceChildren(...facts);
  }
}
